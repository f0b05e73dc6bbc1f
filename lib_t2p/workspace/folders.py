"""Folders of a workspace that stand for themselves; `workspace` tells where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DatasetFolder:
    """One immutable numbered version of a person's training set."""

    root: Path

    @property
    def number(self) -> int:
        """The version, counted from 1."""
        return int(self.root.name)

    @property
    def manifest(self) -> Path:
        """Every photo with its decision, number and reason; written last."""
        return self.root / "manifest.json"

    @property
    def img(self) -> Path:
        """kohya's `train_data_dir`: holds `<repeats>_<token> <class>/`."""
        return self.root / "img"

    @property
    def reg(self) -> Path:
        """kohya's `reg_data_dir`: holds `<n>_<class>/`."""
        return self.root / "reg"

    @property
    def heldout(self) -> Path:
        """Photos for scoring, never trained on."""
        return self.root / "heldout"

    @property
    def sheet(self) -> Path:
        """Contact sheet of what the trainer will see."""
        return self.root / "sheet.jpg"


@dataclass(frozen=True)
class GridFolder:
    """One grid: its plan, cells, scores and report."""

    root: Path

    @property
    def id(self) -> str:
        """Name of the grid, unique within its person."""
        return self.root.name

    @property
    def plan(self) -> Path:
        """Axes, prompts, seeds and the saved models."""
        return self.root / "grid.toml"

    @property
    def requests(self) -> Path:
        """The planned cells with expanded prompts."""
        return self.root / "cells.json"

    @property
    def cells(self) -> Path:
        """One PNG per cell with its infotext."""
        return self.root / "cells"

    @property
    def inputs(self) -> Path:
        """Files that were given to the grid: a start picture, uploaded LoRAs."""
        return self.root / "inputs"

    @property
    def scores(self) -> Path:
        """Numbers of each cell."""
        return self.root / "scores.json"

    @property
    def picture(self) -> Path:
        """The drawn grid with legend."""
        return self.root / "grid.webp"

    @property
    def lossless(self) -> Path:
        """The same picture for programs that read no WebP."""
        return self.root / "grid.png"

    @property
    def report(self) -> Path:
        """Self-contained page."""
        return self.root / "report.html"

    @property
    def cells_page(self) -> Path:
        """All pictures as a self-contained page."""
        return self.root / "cells.html"

    @property
    def votes(self) -> Path:
        """Blind votes on its pictures."""
        return self.root / "votes.json"


@dataclass(frozen=True)
class NightFolder:
    """One night from photos to a report."""

    root: Path

    @property
    def id(self) -> str:
        """Name of the night, unique within its person."""
        return self.root.name

    @property
    def record(self) -> Path:
        """What was asked for."""
        return self.root / "night.json"

    @property
    def state(self) -> Path:
        """How far it got."""
        return self.root / "state.json"

    @property
    def report(self) -> Path:
        """Self-contained page."""
        return self.root / "report.html"


@dataclass(frozen=True)
class JobFolder:
    """Files of one job."""

    root: Path

    @property
    def record(self) -> Path:
        """Kind, parameters and state; the queue is rebuilt from it."""
        return self.root / "job.json"

    @property
    def events(self) -> Path:
        """What happened, one JSON object a line."""
        return self.root / "events.jsonl"

    @property
    def log(self) -> Path:
        """Log lines of the worker for this job."""
        return self.root / "log.txt"
