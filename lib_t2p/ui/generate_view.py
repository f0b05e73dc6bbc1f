"""What the right side of the Generate tab shows: stages, grid, verdict, scores, report."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from lib_t2p import actions
from lib_t2p import jobs as jobs_room
from lib_t2p.actions import grids as grid_actions
from lib_t2p.jobs import words_of
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.grid_cells import cells_view, read_choice, read_page
from lib_t2p.ui.grid_more import grids_table
from lib_t2p.ui.job_activity import job_panel, state_badge
from lib_t2p.ui.markup import empty_state, link, picture_card, picture_grid, section
from lib_t2p.ui.refresh import Sender
from lib_t2p.ui.verdict_card import pareto_plot, score_table, verdict_card
from lib_t2p.workspace import GridFolder, PersonFolder

MOST_CELLS = 16
"""Newest pictures shown while a grid is painted."""


class GenerateView:
    """Reads grids and jobs; gives updates for the panels and lists."""

    def __init__(self, context: TabContext, kinds: Sequence[str]) -> None:
        self.context = context
        self.kinds = kinds

    def refresh(
        self, sender: Sender, name: str | None, shown: str | None, *looking: Any
    ) -> list[Any]:
        """Updates for the job panel, the list of grids, Stop, the result and the form's lists."""
        found = self.context.person(name)
        if found is None:
            nobody = empty_state(text.NO_GRID_TITLE, text.NO_PERSON)
            hidden = sender.send("grids", None, choices=[], value=None, visible=False)
            stop = sender.send("stop", False, visible=False)
            return [sender.html("live", nobody), hidden, stop, sender.html("result", "")] + (
                [*self._defaults(sender, "", {}), _sweeps(sender, [])]
                + [sender.html("cells", ""), sender.html("all", "")]
            )
        person, _ = found
        models = grid_actions.known_models(person)
        jobs = self.context.watch.jobs(person.slug, self.kinds, "grid")
        grids = _by_age(person, jobs)
        is_new = sender.differs("grids", (person.slug, grids))
        chosen = grids[0] if grids and (is_new or shown not in grids) else shown
        chain = _chain(jobs, self.kinds, chosen)
        at_work = any(job.state in jobs_room.ACTIVE for job in chain)
        grid = person.grid(chosen) if grids and chosen else None
        return [
            sender.html("live", self._head(grid, chain, bool(models))),
            g.changed(choices=grids, value=chosen, visible=bool(grids)) if is_new else _same(),
            sender.send("stop", at_work, visible=at_work),
            sender.html("result", self._result(grid, chain, person) if grid else ""),
            *self._defaults(sender, person.slug, models),
            _sweeps(sender, grid_actions.sweeps_of(person)),
            self._cells(sender, grid, looking or (1, None, None, None)),
            sender.html("all", grids_table(person, grids, jobs)),
        ]

    def _head(self, grid: GridFolder | None, chain: list[jobs_room.Job], has_models: bool) -> str:
        if grid is None:
            needs = text.NO_GRID if has_models else text.GRID_NEEDS_MODELS
            return empty_state(text.NO_GRID_TITLE, needs)
        if not chain:
            return f'<p class="t2p-facts">{escape(grid.id)}</p>'
        watch = self.context.watch
        job = telling(chain)
        stages = " ".join(
            f'<span class="t2p-stage">{escape(words_of(job.kind))} {state_badge(job)}</span>'
            for job in chain
        )
        panel = job_panel(job, watch.activity(job), watch.clock(), grid.id)
        return f'{panel}<p class="t2p-stages">{stages}</p>'

    def _result(self, grid: GridFolder, chain: list[jobs_room.Job], person: PersonFolder) -> str:
        parts = [verdict_card(self.context.host, grid, person)]
        for file, words, elem_id in (
            (grid.picture, "Export WebP", "t2p_grid_webp"),
            (grid.lossless, "Export PNG", "t2p_grid_png"),
            (grid.cells_page, "Export HTML", "t2p_grid_html"),
        ):
            if file.exists():
                parts.append(" " + link(g.file_url(file), words, elem_id))
        if grid.picture.exists():
            whole = picture_card(g.file_url(grid.picture), f"{grid.id}, a click opens it")
            parts.append(f'<div class="t2p-wide" id="t2p_grid_picture">{whole}</div>')
        else:
            parts.append(self._newest_cells(grid, chain))
        parts.append(section("Scores", score_table(grid, person) + pareto_plot(grid, person)))
        return "".join(parts)

    def _cells(self, sender: Sender, grid: GridFolder | None, looking: Sequence[Any]) -> Any:
        """The table of cells; read again only when something was painted or scored."""
        if grid is None or not grid.requests.exists():
            return sender.html("cells", "")
        number, choice = read_page(looking[0]), read_choice(*looking[1:])
        places = (grid.plan, grid.requests, grid.scores, grid.cells)
        states = [place.stat().st_mtime_ns if place.exists() else 0 for place in places]
        if not sender.panel_differs("cells", (str(grid.root), number, choice, states)):
            return _same()
        table = cells_view(self.context.workspace, grid, number, choice)
        return g.changed(value=section("Cells", table))

    def _newest_cells(self, grid: GridFolder, chain: list[jobs_room.Job]) -> str:
        painting = next((job for job in chain if job.kind == "grid.cells"), None)
        if painting is None:
            return ""
        images = self.context.watch.activity(painting).images[-MOST_CELLS:]
        cards = []
        for path, caption in reversed(images):
            picture = grid.root / path
            inside = picture.resolve().is_relative_to(grid.root.resolve())
            if inside and picture.exists():
                cards.append(picture_card(g.file_url(picture), caption))
        return section("Painted so far", picture_grid(cards, "t2p_grid_cells"))

    def _defaults(
        self, sender: Sender, slug: str, models: dict[str, grid_actions.KnownModel]
    ) -> list[Any]:
        """Offer the models; when they change, the newest run's are ticked and its base is set."""
        stems = list(models)
        if not sender.differs("models", (slug, stems)):
            return [_same()] * 5
        if not models:
            return [g.changed(choices=[], value=[]), *[_same()] * 4]
        newest = next(iter(models.values()))
        ticked = [stem for stem, known in models.items() if known.folder == newest.folder]
        settings = newest.run.settings
        # A training takes any side, a painter multiples of 8.
        width, height = (side - side % 8 for side in settings.size)
        return [
            g.changed(choices=stems, value=ticked),
            g.changed(value=actions.checkpoint_title(self.context.host, newest.run.checkpoint)),
            g.changed(value=width),
            g.changed(value=height),
            g.changed(value=settings.clip_skip or 1),
        ]


def telling(chain: list[jobs_room.Job]) -> jobs_room.Job:
    """The job that tells most: at work, else the first that went wrong, else the last."""
    at_work = (jobs_room.JobState.RUNNING, jobs_room.JobState.STOPPING)
    wrong = (jobs_room.JobState.FAILED, jobs_room.JobState.LOST, jobs_room.JobState.STOPPED)
    for states in (at_work, wrong, (jobs_room.JobState.QUEUED,)):
        found = next((job for job in chain if job.state in states), None)
        if found:
            return found
    return chain[-1]


def _chain(
    jobs: list[jobs_room.Job], kinds: Sequence[str], grid: str | None
) -> list[jobs_room.Job]:
    """The newest job of each link: a grid may have been queued again."""
    newest: dict[str, jobs_room.Job] = {}
    for job in jobs:
        if grid and job.params.get("grid") == grid:
            newest.setdefault(job.kind, job)
    return [newest[kind] for kind in kinds if kind in newest]


def _by_age(person: PersonFolder, jobs: list[jobs_room.Job]) -> list[str]:
    submitted = dict.fromkeys(str(job.params.get("grid")) for job in jobs)
    known = [grid.id for grid in person.grids()]
    newest = [grid for grid in submitted if grid in known]
    return newest + [grid for grid in known if grid not in newest]


def _sweeps(sender: Sender, names: list[str]) -> Any:
    return sender.send("sweeps", names, choices=names, value=None)


def _same() -> Any:
    return g.unchanged()
