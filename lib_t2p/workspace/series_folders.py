"""Where series of portraits and wildcards lie; told apart from `workspace` for its length."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib_t2p.files import slug
from lib_t2p.workspace.person import PersonFolder, Workspace

OUR_WILDCARDS = Path(__file__).resolve().parents[2] / "wildcards"
"""Scenes and styles that come with the extension."""


@dataclass(frozen=True)
class PortraitsFolder:
    """One series of portraits: plan, rounds, pictures."""

    root: Path

    @property
    def id(self) -> str:
        """Name of the series, unique within its person."""
        return self.root.name

    @property
    def plan(self) -> Path:
        """Prompts, settings, how many, and which are kept."""
        return self.root / "portraits.json"

    @property
    def choices(self) -> Path:
        """What setting tags may name."""
        return self.root / "choices.json"

    @property
    def state(self) -> Path:
        """Since when it runs, why it ended."""
        return self.root / "state.json"

    @property
    def stop(self) -> Path:
        """There when the series is to end."""
        return self.root / "stop.json"

    @property
    def hand(self) -> Path:
        """What a person kept or threw away by hand."""
        return self.root / "by_hand.json"

    @property
    def pictures(self) -> Path:
        """Painted and not judged yet."""
        return self.root / "pictures"

    @property
    def kept(self) -> Path:
        """What the rule or a person keeps."""
        return self.root / "kept"

    @property
    def bin(self) -> Path:
        """The rest, until a person empties it."""
        return self.root / "bin"

    @property
    def inputs(self) -> Path:
        """Copies of the pictures that a person gave: poses, codes, a start."""
        return self.root / "inputs"

    def round(self, number: int) -> Path:
        """The pictures of a round, counted from 1."""
        return self.root / "rounds" / f"{number:04d}.json"

    def round_scores(self, number: int) -> Path:
        """The numbers of a round."""
        return self.root / "rounds" / f"{number:04d}_scores.json"

    def rounds(self) -> list[int]:
        """Rounds that are planned, in order."""
        folder = self.root / "rounds"
        found = folder.glob("*.json") if folder.is_dir() else ()
        return sorted(int(path.stem) for path in found if path.stem.isdecimal())


def portraits_folder(person: PersonFolder, series: str) -> PortraitsFolder:
    """The folder of a series; `series` is made a slug, so it stays with its person."""
    return PortraitsFolder(person.root / "portraits" / slug(series))


def all_portraits(person: PersonFolder) -> list[PortraitsFolder]:
    """Series that have a plan, by name."""
    root = person.root / "portraits"
    found = (PortraitsFolder(d) for d in sorted(root.iterdir())) if root.is_dir() else ()
    return [one for one in found if one.plan.exists()]


def wildcard_roots(workspace: Workspace) -> list[Path]:
    """Folders of wildcard files: the person's own in the workspace, then ours."""
    return [own_wildcards(workspace), OUR_WILDCARDS]


def own_wildcards(workspace: Workspace) -> Path:
    """The folder for a person's own wildcard files."""
    return workspace.root / "wildcards"
