"""What the right side of Portraits shows: how far a series is, and its pictures."""

from __future__ import annotations

from collections import OrderedDict
from html import escape
from typing import Any

from lib_t2p import jobs as jobs_room
from lib_t2p import portraits
from lib_t2p import portraits as portraits_room
from lib_t2p.actions import grids as grid_actions
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import empty_state, message, progress_bar
from lib_t2p.ui.portraits.fields import NO_LORA
from lib_t2p.ui.portraits.gallery import (
    PER_PAGE,
    PLACES,
    SeriesSurvey,
    gallery,
    pages,
    pictures_in,
    survey,
)
from lib_t2p.ui.refresh import Sender
from lib_t2p.workspace import PersonFolder, PortraitsFolder, all_portraits, portraits_folder

PREVIEW_SECONDS = 900.0
"""So long a preview is shown."""
NO_SERIES_TITLE = "No portraits yet"
NO_SERIES = "Type a prompt on the left and press Paint portraits."
NOT_MEASURED = (
    "This person has no dataset, so pictures are sorted by faces only: build one in the Dataset "
    "tab to have likeness measured."
)


SURVEYS = 8
"""Series whose pictures are known; another one is looked at again."""


class PortraitsView:
    """Reads series and jobs; gives updates for panels and lists."""

    def __init__(self, context: TabContext) -> None:
        self.context = context
        self._seen: OrderedDict[str, SeriesSurvey] = OrderedDict()

    def refresh(
        self, sender: Sender, name: str | None, shown: str | None, place: str, page: Any
    ) -> list[Any]:
        """Updates for panel, list, Stop, tools, pictures, page, LoRAs and previewed prompts."""
        found = self.context.person(name)
        if found is None:
            nobody = empty_state(NO_SERIES_TITLE, text.NO_PERSON)
            hidden = sender.send("series", None, choices=[], value=None, visible=False)
            none = [sender.send(part, False, visible=False) for part in ("stop", "tools")]
            return [
                sender.html("live", nobody),
                hidden,
                *none,
                sender.html("pictures", ""),
                "",
                *_none(3),
            ]
        person, _ = found
        jobs = self.context.watch.jobs(person.slug, portraits.KINDS, "portraits")
        names = _by_age(person, jobs)
        is_new = sender.differs("series", (person.slug, names))
        chosen = names[0] if names and (is_new or shown not in names) else shown
        series = portraits_folder(person, chosen) if names and chosen else None
        at_work = [j for j in jobs if series and j.params.get("portraits") == series.id]
        active = any(job.state in jobs_room.ACTIVE for job in at_work)
        listed = g.changed(choices=names, value=chosen, visible=bool(names))
        return [
            sender.html("live", self._head(person, series, at_work)),
            listed if is_new else g.unchanged(),
            sender.send("stop", active, visible=active),
            sender.send("tools", series is not None, visible=series is not None),
            *self._pictures(sender, series, place, page),
            *self._loras(sender, person),
            sender.html("prompts", self._previewed(person)),
        ]

    def _head(
        self, person: PersonFolder, series: PortraitsFolder | None, jobs: list[jobs_room.Job]
    ) -> str:
        told = "" if person.datasets() else message(NOT_MEASURED, "info")
        if series is None:
            return told + empty_state(NO_SERIES_TITLE, NO_SERIES)
        seen = self._survey(series)
        counts = {place: len(pictures_in(series, place)) for place in PLACES.values()}
        painted = sum(counts.values())
        words = (
            f"{text.counted(painted, 'portrait')} painted, {counts['kept']} kept, "
            f"{counts['bin']} in the bin"
        )
        return told + _state(series, jobs, words, painted, seen.planned)

    def _pictures(
        self, sender: Sender, series: PortraitsFolder | None, place: str, page: Any
    ) -> list[Any]:
        if series is None:
            return [sender.html("pictures", ""), ""]
        where = PLACES.get(place, "kept")
        found = pictures_in(series, where)
        last = pages(len(found))
        at = min(max(int(page or 1), 1), last)
        part = found[(at - 1) * PER_PAGE : at * PER_PAGE]
        seen = self._survey(series)
        watched = (series.id, where, at, len(found), seen.stamp)
        told = f"Page {at} of {last}, {text.counted(len(found), 'picture')}" if found else ""
        facts = f'<p class="t2p-facts">{escape(told)}</p>'
        if not sender.panel_differs("pictures", watched):
            return [g.unchanged(), g.unchanged()]
        empty = "" if found else empty_state("Nothing here", "Pictures come as they are painted.")
        shown = gallery(self.context.workspace, series, part, seen, where)
        return [g.changed(value=shown or empty), facts]

    def _loras(self, sender: Sender, person: PersonFolder) -> list[Any]:
        stems = list(grid_actions.known_models(person))
        if not sender.differs("loras", (person.slug, stems)):
            return _none(2)
        one = g.changed(choices=[NO_LORA, *stems], value=stems[0] if stems else NO_LORA)
        return [one, one]

    def _previewed(self, person: PersonFolder) -> str:
        """What became of the newest preview, while it is of interest."""
        job = self.context.watch.newest(person.slug, [portraits.PREVIEW])
        if job is None or self.context.watch.clock() - job.created > PREVIEW_SECONDS:
            return ""
        if not job.is_over:
            return message("The worker expands the prompts.", "info")
        if job.state is not jobs_room.JobState.FINISHED:
            return message(job.reason, "bad")
        items = "".join(f"<li>{escape(prompt)}</li>" for prompt in job.result["prompts"])
        unknown = "".join(
            message(f"There is no wildcard __{name}__.", "warn") for name in job.result["unknown"]
        )
        told = "".join(message(sentence, "warn") for sentence in job.result.get("told", []))
        return f'{unknown}{told}<ol class="t2p-prompts">{items}</ol>'

    def _survey(self, series: PortraitsFolder) -> SeriesSurvey:
        key = str(series.root)
        self._seen[key] = seen = survey(series, self._seen.get(key))
        self._seen.move_to_end(key)
        while len(self._seen) > SURVEYS:
            self._seen.popitem(last=False)
        return seen


def _state(
    series: PortraitsFolder, jobs: list[jobs_room.Job], words: str, painted: int, planned: int
) -> str:
    name = f"<strong>{escape(series.id)}</strong>"
    wrong = next(
        (j for j in jobs if j.state in (jobs_room.JobState.FAILED, jobs_room.JobState.LOST)), None
    )
    if any(job.state in jobs_room.ACTIVE for job in jobs):
        bar = progress_bar(painted, planned, words)
        return f'<div class="t2p-job">{name}{bar}</div>'
    ended = portraits_room.read_state(series).ended
    body = f'<p class="t2p-bar-text">{escape(words)}</p>'
    if wrong is not None and ended in ("", wrong.reason):
        body += message(wrong.reason, "bad")
    elif ended:
        body += message(f"It ended: {ended}.", "info")
    folder = f'<p class="t2p-facts">{escape(str(series.kept))}</p>'
    return f'<div class="t2p-job">{name}{body}{folder}</div>'


def _by_age(person: PersonFolder, jobs: list[jobs_room.Job]) -> list[str]:
    known = [one.id for one in all_portraits(person)]
    newest = [str(job.params.get("portraits")) for job in jobs]
    return [name for name in dict.fromkeys([*newest, *known]) if name in known]


def _none(count: int) -> list[Any]:
    return [g.unchanged()] * count
