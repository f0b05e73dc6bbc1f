"""How well the pictures of a grid obey their prompts, judged after the faces were scored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from lib_t2p.diffusion import parse_emphasis
from lib_t2p.grids import read_plan
from lib_t2p.grids.cells import Cell, cell_path, read_cells
from lib_t2p.jobs.events import Reporter
from lib_t2p.painting import without_tags
from lib_t2p.scores.measuring import read_picture
from lib_t2p.scores.verdict.scores import CellScore, Scores, read_scores, write_scores
from lib_t2p.vision import Picture
from lib_t2p.workspace import GridFolder, PersonFolder, load_person

BATCH = 16
KEEP_EVERY = 16
"""Batches between two writes of `scores.json`."""


class ObedienceJudge(Protocol):
    """Says how well pictures obey prompts."""

    name: str
    """Another one for other weights."""

    def scores(self, pictures: Sequence[Picture], prompts: Sequence[str]) -> list[float]:
        """One number for each pair; higher obeys more."""


def judge_obedience(
    grid: GridFolder, person: PersonFolder, judge: ObedienceJudge, reporter: Reporter
) -> Scores:
    """Give all scored cells their `obedience`; what this judge scored before stays.

    Raises:
        WorkspaceError: the grid or its scores are missing or damaged.
        InputError: a picture cannot be read.
        StopRequested: the person asked to stop; what was judged is kept.
    """
    scores, trigger = read_scores(grid), read_plan(grid).trigger or load_person(person).trigger
    kept = {score.id: score for score in scores.cells}
    if scores.obedience_by != judge.name:
        kept = {name: replace(score, obedience=None) for name, score in kept.items()}
    scores = replace(scores, obedience_by=judge.name)
    known = [cell for cell in read_cells(grid) if cell.id in kept]
    todo = [cell for cell in known if kept[cell.id].obedience is None]
    reporter.phase("obedience")
    try:
        for number, start in enumerate(range(0, len(todo), BATCH), 1):
            reporter.check_stop()
            reporter.progress(len(known) - len(todo) + start, len(known), "cell")
            kept |= _judged(grid, todo[start : start + BATCH], kept, trigger, judge)
            if number % KEEP_EVERY == 0:
                _write(grid, scores, kept)
    finally:
        scores = _write(grid, scores, kept)
    reporter.progress(len(known), len(known), "cell")
    return scores


def plain_prompt(prompt: str, trigger: str) -> str:
    """What a prompt says to one who knows neither LoRA tags nor weights nor the trigger."""
    text = without_tags(prompt)
    words = " ".join(piece for piece, weight in parse_emphasis(text) if weight >= 0)
    if trigger:
        words = re.sub(rf"(?<!\w){re.escape(trigger)}(?!\w)", " ", words)
    return re.sub(r"\s+([,.;])", r"\1", " ".join(words.split())).strip(" ,")


def _judged(
    grid: GridFolder,
    cells: Sequence[Cell],
    scores: dict[str, CellScore],
    trigger: str,
    judge: ObedienceJudge,
) -> dict[str, CellScore]:
    pictures = [read_picture(cell_path(grid, cell)) for cell in cells]
    prompts = [plain_prompt(cell.request.prompt, trigger) for cell in cells]
    numbers = judge.scores(pictures, prompts)
    return {
        cell.id: replace(scores[cell.id], obedience=round(number, 5))
        for cell, number in zip(cells, numbers, strict=True)
    }


def _write(grid: GridFolder, scores: Scores, kept: dict[str, CellScore]) -> Scores:
    filled = replace(scores, cells=tuple(kept[score.id] for score in scores.cells))
    write_scores(grid, filled)
    return filled
