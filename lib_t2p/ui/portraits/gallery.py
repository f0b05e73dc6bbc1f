"""The pictures of a series: numbers, reasons, and a button that keeps or throws away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lib_t2p import portraits
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import act_button
from lib_t2p.ui.markup import picture_card, picture_grid
from lib_t2p.ui.thumbs import thumbnail
from lib_t2p.workspace import PortraitsFolder, Workspace

CHANNEL = "portraits_picture"
PER_PAGE = 24
PLACES: dict[str, portraits.Place] = {"Kept": "kept", "Bin": "bin", "Not judged yet": "new"}
"""Label -> where pictures lie."""


@dataclass(frozen=True)
class SeriesSurvey:
    """What a series holds, read once until something changes.

    Attributes:
        stamp: another one, and it must be read anew.
        planned: pictures planned.
        judged: by id.
    """

    stamp: tuple[int, ...]
    planned: int
    judged: dict[str, portraits.Judged]


def stamp_of(series: PortraitsFolder) -> tuple[int, ...]:
    """Times of all that matters; reading it costs nothing, however many pictures there are."""
    watched = (
        series.pictures,
        series.kept,
        series.bin,
        series.round(1).parent,
        series.plan,
        series.hand,
    )
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in watched)


def survey(series: PortraitsFolder, known: SeriesSurvey | None) -> SeriesSurvey:
    """Read a series unless nothing changed since."""
    stamp = stamp_of(series)
    if known is not None and known.stamp == stamp:
        return known
    judged = portraits.judged_pictures(series, portraits.read_portraits(series).rule)
    return SeriesSurvey(
        stamp, len(portraits.all_pictures(series)), {one.score.id: one for one in judged}
    )


def pictures_in(series: PortraitsFolder, place: portraits.Place) -> list[Path]:
    """Files of a place, newest number first."""
    folder = portraits.folder_of(series, place)
    return sorted(folder.glob("*.png"), reverse=True) if folder.is_dir() else []


def pages(count: int) -> int:
    """How many pages so many pictures fill; at least one."""
    return max(1, -(-count // PER_PAGE))


def gallery(
    workspace: Workspace,
    series: PortraitsFolder,
    found: Sequence[Path],
    seen: SeriesSurvey,
    place: portraits.Place,
) -> str:
    """The pictures of one page."""
    cards = [_card(workspace, series, path, seen.judged.get(path.stem), place) for path in found]
    return picture_grid(cards, "t2p_portraits_pictures")


def _card(
    workspace: Workspace,
    series: PortraitsFolder,
    path: Path,
    judged: portraits.Judged | None,
    place: portraits.Place,
) -> str:
    small = thumbnail(workspace, path)
    card = picture_card(
        g.file_url(small) if small else "",
        _numbers(judged),
        full_url=g.file_url(path),
        note=judged.reason if judged else "",
    )
    acts = [act_button(CHANNEL, f"kept {series.id}/{path.stem}", "Keep")] * (place != "kept")
    acts += [act_button(CHANNEL, f"bin {series.id}/{path.stem}", "To the bin")] * (place != "bin")
    number = escape(path.stem.split("_", maxsplit=1)[0].lstrip("0"))
    return f'<div class="t2p-portrait"><b>{number}</b>{card}{"".join(acts)}</div>'


def _numbers(judged: portraits.Judged | None) -> str:
    if judged is None:
        return "not judged yet"
    score = judged.score
    parts = []
    if score.distance is not None:
        parts.append(f"distance {score.distance:.2f}")
    if score.nearest_training is not None:
        parts.append(f"nearest training photo {score.nearest_training:.2f}")
    if score.faces != 1:
        parts.append(f"{score.faces} faces" if score.faces else "no face")
    return ", ".join(parts) or "one face"
