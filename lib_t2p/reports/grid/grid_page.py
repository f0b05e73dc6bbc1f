"""Writing `report.html`: one file that needs nothing else, on any machine, for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lib_t2p.files import write_text
from lib_t2p.grids import GridPlan, read_plan, shown_plan
from lib_t2p.grids.cells import Cell, cell_path, read_cells
from lib_t2p.plurals import counted
from lib_t2p.reports.grid.curves import ScoreCurve, by_tag, thinned, title_of
from lib_t2p.reports.grid.inlined import inlined, inlined_strip
from lib_t2p.reports.grid.repeating import repeat_facts, settings_table
from lib_t2p.reports.grid.score_rows import table_rows
from lib_t2p.reports.grid.svg_plot import Series, line_plot
from lib_t2p.reports.pages.rendering import render, whole_page
from lib_t2p.reports.picture.picture import draw_grid
from lib_t2p.scores import final_verdict, held_out_photos
from lib_t2p.scores.verdict import Candidate, Scores, Verdict, read_scores
from lib_t2p.scores.votes import votes_beside
from lib_t2p.workspace import DatasetFolder, GridFolder, PersonFolder, load_person

GRID_SIDE = 6000
"""Pixels of the grid's longer side in the page; `grid.webp` keeps its own size."""
SHEET_SIDE = 1600
_HERE = Path(__file__).parent
STYLE = _HERE / "page.css"
"""Behind the common style of all pages."""


@dataclass(frozen=True)
class Strip:
    """A row of pictures with its caption; `picture` is a `data:` address."""

    caption: str
    picture: str


def write_report(grid: GridFolder, person: PersonFolder, curves: Sequence[ScoreCurve] = ()) -> Path:
    """Judge a scored grid and write its report; draws `grid.webp` if it is not there yet.

    Args:
        grid: planned, painted and scored.
        person: whose likeness it is.
        curves: numbers of the runs over their steps.

    Returns:
        The path of `report.html`.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    plan, scores, who = read_plan(grid), read_scores(grid), load_person(person)
    pictures = _pictures(plan, scores)
    head = render(_HERE / "head.html", who=who, grid=grid.id, pictures=pictures, scores=scores)
    body = head + verdict_card(grid, person) + report_body(grid, person, curves)
    write_text(grid.report, whole_page(f"{who.name}: {grid.id}", body, [STYLE]))
    return grid.report


def verdict_card(
    grid: GridFolder, person: PersonFolder, *, more: str = "", notes: Sequence[str] = ()
) -> Markup:
    """The verdict and what a stranger compares by eye; to be styled by `STYLE`.

    Args:
        grid: as of `write_report`.
        person: as of `write_report`.
        more: a sentence that stands below the verdict.
        notes: further ones than those of the verdict.
    """
    plan, cells = shown_plan(read_plan(grid), grid), read_cells(grid)
    verdict = final_verdict(grid, person)
    return render(
        _HERE / "verdict.html",
        verdict=verdict,
        more=more,
        votes=votes_beside(grid, verdict),
        notes=(*notes, *read_scores(grid).notes, *verdict.notes),
        strips=_strips(grid, cells, person.dataset(plan.dataset), verdict, plan),
    )


def report_body(
    grid: GridFolder, person: PersonFolder, curves: Sequence[ScoreCurve] = ()
) -> Markup:
    """What stands below the verdict, alone or in another page; to be styled by `STYLE`.

    Arguments and errors are those of `write_report`.
    """
    plan = shown_plan(read_plan(grid), grid)
    scores, cells = read_scores(grid), read_cells(grid)
    who = load_person(person)
    dataset = person.dataset(plan.dataset)
    verdict = final_verdict(grid, person)
    if not grid.picture.exists():
        draw_grid(grid, person)
    return render(
        _HERE / "page.html",
        who=who,
        verdict=verdict,
        picture=inlined(grid.picture, max_side=GRID_SIDE),
        rows=table_rows(plan, verdict, scores.real),
        scores=scores,
        plots=_plots(curves),
        sheet=inlined(dataset.sheet, max_side=SHEET_SIDE) if dataset.sheet.exists() else "",
        settings=settings_table(person, plan),
        facts=repeat_facts(plan, scores, _filled_prompts(cells, plan)),
    )


def _strips(
    grid: GridFolder,
    cells: Sequence[Cell],
    dataset: DatasetFolder,
    verdict: Verdict,
    plan: GridPlan,
) -> list[Strip]:
    """What a stranger compares by eye: real photos, no LoRA, and the closest candidate."""
    strips = [
        Strip("Real photos, held out: never trained on", inlined_strip(held_out_photos(dataset))),
        Strip("Without LoRA", inlined_strip(_pictures_of(grid, cells, Candidate("", 0.0)))),
    ]
    if verdict.leader:
        name = plan.title_of(verdict.leader.model)
        strips.append(
            Strip(
                f"{name} at weight {verdict.leader.weight:g}",
                inlined_strip(_pictures_of(grid, cells, verdict.leader)),
            )
        )
    return [strip for strip in strips if strip.picture]


def _pictures_of(grid: GridFolder, cells: Sequence[Cell], candidate: Candidate) -> list[Path]:
    return [
        cell_path(grid, cell)
        for cell in cells
        if (cell.prompt, cell.point) == (0, cells[0].point)
        and (cell.model, cell.weight) == (candidate.model, candidate.weight)
    ]


def _plots(curves: Sequence[ScoreCurve]) -> list[tuple[str, Markup]]:
    plots = []
    for tag, members in by_tag(curves):
        series = [Series(curve.run, thinned(curve)) for curve in members]
        plots.append((title_of(tag), Markup(line_plot(title_of(tag), series))))
    return plots


def _filled_prompts(cells: Sequence[Cell], plan: GridPlan) -> list[str]:
    filled = {cell.prompt: cell.request.prompt for cell in cells if not cell.model}
    return [filled.get(n, prompt) for n, prompt in enumerate(plan.prompts)]


def _pictures(plan: GridPlan, scores: Scores) -> str:
    prompts = f"{len(plan.prompts)} prompt{'s' if len(plan.prompts) > 1 else ''}"
    seeds = f"{len(plan.seeds)} seed{'s' if len(plan.seeds) > 1 else ''}"
    return (
        f"{counted(len(scores.cells), 'picture')}: {prompts} \u00d7 {seeds} for each "
        "saved model and weight"
    )
