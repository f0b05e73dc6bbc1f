"""The report on imported logs: one HTML file that needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.curves import Compared
from lib_t2p.curves.logs import ImportedLogs, ImportedRun, Repeats, compare, repeats_of, told_once
from lib_t2p.files import write_text
from lib_t2p.reports.pages.rendering import render, whole_page
from lib_t2p.reports.plots import PlotPage, PlottedRun, draw_page
from lib_t2p.reports.plots.style import short
from lib_t2p.reports.sweep.sweep_page import STYLE as SWEEP_STYLE

_HERE = Path(__file__).parent

Tell = Callable[[int, int, str], None]
"""Told pages done, of how many, and the name of the next."""


@dataclass(frozen=True)
class _Page:
    title: str
    anchor: str
    rows: list[_Row]
    repeats: list[str]
    compared: Sequence[Compared]
    apart: tuple[str, ...]
    notes: tuple[str, ...]
    images: list[str]


@dataclass(frozen=True)
class _Row:
    run: str
    name: str
    loss: str
    least: str
    dlr: str
    steps: int
    epochs: int
    pace: str
    minutes: str
    findings: list[str]
    notes: list[str]
    faults: list[str]
    config: str
    anchor: str = ""


def draw_pages(logs: ImportedLogs, folder: Path, tell: Tell | None = None) -> dict[str, PlotPage]:
    """Draw the plots of every page into folders of their own; raises `WorkspaceError`."""
    pages = logs.pages()
    tracks = _tracks(logs)
    drawn = {}
    for index, (page, runs) in enumerate(pages.items()):
        if tell:
            tell(index, len(pages), page)
        plotted = [
            PlottedRun(run.name, run.curves, tracks.get(run.run, ""), run.config.values)
            for run in runs
        ]
        title = page.replace("/", " · ") or logs.folder.name
        drawn[page] = draw_page(
            plotted,
            folder.joinpath(*page.split("/")),
            title=title,
            notes=_unknown_notes(runs),
        )
    return drawn


def write_report(logs: ImportedLogs, plots: dict[str, PlotPage], path: Path) -> Path:
    """Write the report; raises `WorkspaceError` when it cannot be written."""
    repeats = repeats_of(logs.runs)
    pages = [
        _page(index, page, runs, plots[page], repeats, logs.folder.name)
        for index, (page, runs) in enumerate(logs.pages().items())
    ]
    body = render(
        _HERE / "report.html",
        name=logs.folder.name,
        verdict=verdict_sentence(logs),
        good=not any(run.findings for run in logs.runs),
        bad=[row for page in pages for row in page.rows if row.findings],
        repeats=list(dict.fromkeys(s for r in told_once(repeats) for s in r.sentences)),
        configs=configs_sentence(logs),
        pages=pages,
    )
    styles = [SWEEP_STYLE, _HERE / "report.css"]
    write_text(path, whole_page(f"Training logs: {logs.folder.name}", body, styles))
    return path


def verdict_sentence(logs: ImportedLogs) -> str:
    """How many runs there are, and how many have findings."""
    count, bad = len(logs.runs), sum(1 for run in logs.runs if run.findings)
    runs = f"{count} run{'s' if count != 1 else ''}"
    return f"{runs}, {bad or 'none'} with findings."


def configs_sentence(logs: ImportedLogs) -> str:
    """For how many runs a config was found, and for how many it is a guess."""
    found = [run.config for run in logs.runs if run.config.path]
    guessed = sum(1 for config in found if config.doubt)
    told = f"Configs were found for {len(found)} of {len(logs.runs)} runs"
    return f"{told}, {guessed} of them in doubt." if guessed else f"{told}."


def _page(
    index: int,
    page: str,
    runs: Sequence[ImportedRun],
    plots: PlotPage,
    repeats: Sequence[Repeats],
    top: str,
) -> _Page:
    anchor = f"page{index}"
    own = [repeat for repeat in repeats if repeat.page == page]
    compared = compare(runs, own)
    return _Page(
        title=page.replace("/", " · ") or top,
        anchor=anchor,
        rows=[_row(run, anchor) for run in runs],
        repeats=[sentence for repeat in own for sentence in repeat.said],
        compared=compared.rows,
        # The notes of the plots say the same of losses that measure other things.
        apart=() if plots.notes else compared.notes,
        notes=plots.notes,
        images=[_inlined(image) for image in plots.images],
    )


def _row(run: ImportedRun, anchor: str) -> _Row:
    numbers = run.numbers
    return _Row(
        run=run.run,
        name=run.name,
        loss=short(numbers.final_average_loss),
        least=short(numbers.least_average_loss),
        dlr=short(numbers.peak_dlr),
        steps=numbers.steps,
        epochs=numbers.epochs,
        pace="–" if numbers.seconds_per_step is None else f"{numbers.seconds_per_step:.2f}",
        minutes="–" if numbers.minutes is None else f"{numbers.minutes:.1f}",
        findings=[finding.message for finding in run.findings],
        notes=list(run.notes),
        faults=[*run.faults, *filter(None, (run.config.fault, run.config.doubt))],
        config=run.config.path.name if run.config.path else "",
        anchor=anchor,
    )


def _tracks(logs: ImportedLogs) -> dict[str, str]:
    """The track of each run that was repeated on it: only there a band shows how far equals go."""
    return {
        run.run: f"{index} {number}"
        for index, repeat in enumerate(repeats_of(logs.runs))
        for number, track in enumerate(repeat.tracks)
        for run in track
        if len(track) > 1
    }


def _unknown_notes(runs: Sequence[ImportedRun]) -> tuple[str, ...]:
    missing = sum(1 for run in runs if not run.config.values)
    if not missing or len(runs) < 2:
        return ()
    whose = "No run has" if missing == len(runs) else f"{missing} of {len(runs)} runs have no"
    config = "a config" if missing == len(runs) else "config"
    return (f"{whose} {config}: whether losses can be compared is not known.",)


def _inlined(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
