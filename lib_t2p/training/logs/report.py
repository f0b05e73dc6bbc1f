"""The report on imported logs: one HTML file that needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.files import write_text
from lib_t2p.pages import render, whole_page
from lib_t2p.training.logs.importing import ImportedLogs, ImportedRun
from lib_t2p.training.logs.repeats import Repeat, noise_sentences, repeats_of
from lib_t2p.training.plots import PlotPage, PlottedRun, draw_page
from lib_t2p.training.plots.style import short
from lib_t2p.training.sweeps.page import STYLE as SWEEP_STYLE

_HERE = Path(__file__).parent

LOSS_SETTINGS = ("min snr", "min-snr", "noise offset", "noise-offset")
"""In a page's name they tell what differs where no configs do."""

Tell = Callable[[int, int, str], None]
"""Told pages done, of how many, and the name of the next."""


@dataclass(frozen=True)
class _Page:
    title: str
    anchor: str
    rows: list[_Row]
    repeats: list[str]
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
    faults: list[str]
    anchor: str = ""


def draw_pages(logs: ImportedLogs, folder: Path, tell: Tell | None = None) -> dict[str, PlotPage]:
    """Draw the plots of every page into folders of their own; raises `WorkspaceError`."""
    pages = logs.pages()
    drawn = {}
    for index, (page, runs) in enumerate(pages.items()):
        if tell:
            tell(index, len(pages), page)
        grouped = {run.setting for run in runs if _repeated(run, runs)}
        plotted = [
            PlottedRun(
                run.name,
                run.curves,
                run.setting if run.setting in grouped else "",
                run.config.values,
            )
            for run in runs
        ]
        title = page.replace("/", " · ") or logs.folder.name
        drawn[page] = draw_page(
            plotted,
            folder.joinpath(*page.split("/")),
            title=title,
            notes=_guessed_notes(page, runs),
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
        repeats=[repeat.sentence for repeat in repeats],
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


def _page(
    index: int,
    page: str,
    runs: Sequence[ImportedRun],
    plots: PlotPage,
    repeats: Sequence[Repeat],
    top: str,
) -> _Page:
    anchor = f"page{index}"
    return _Page(
        title=page.replace("/", " · ") or top,
        anchor=anchor,
        rows=[_row(run, anchor) for run in runs],
        repeats=[
            *(repeat.sentence for repeat in repeats if repeat.page == page),
            *(() if plots.notes else noise_sentences(page, runs, repeats)),
        ],
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
        faults=[*run.faults, *([run.config.fault] if run.config.fault else [])],
        anchor=anchor,
    )


def _repeated(run: ImportedRun, runs: Sequence[ImportedRun]) -> bool:
    return len({other.origin for other in runs if other.setting == run.setting}) > 1


def _guessed_notes(page: str, runs: Sequence[ImportedRun]) -> tuple[str, ...]:
    named = any(words in page.casefold() for words in LOSS_SETTINGS)
    if not named or any(run.config.values for run in runs):
        return ()
    return ("By the page's name its runs differ in what the loss measures: do not compare losses.",)


def _inlined(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
