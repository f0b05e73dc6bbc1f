"""The side Photos: a page of cards, narrowed and sorted, judged again with each slider."""

from __future__ import annotations

import logging
import threading
from typing import Any

from lib_t2p.actions import photos
from lib_t2p.errors import InputError, T2PError
from lib_t2p.ranges import whole_number
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import act_channel, choice_field, number_field, panel, tools
from lib_t2p.ui.dataset.gallery_view import (
    ALL,
    CHANNEL,
    SORTS,
    chosen_photos,
    filters_of,
    gallery,
    summary,
)
from lib_t2p.ui.dataset.photo_states import Sides
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part

LOG = logging.getLogger(__name__)
LARGE_SURVEY = 1_000_000
"""Bytes of a survey from which photos are judged ahead: about 700 of them."""
DONE = {
    "leave_out": "Left out: {}. It stays in the gallery and can be put back.",
    "put_in": "Put back: {}.",
    "forget": "{} is judged by its quality again.",
}


def gallery_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _GalleryTab(sides)
    counts = panel("t2p_photos_summary")
    with tools():
        narrowed = choice_field("Show photos", "t2p_photos_filter", [ALL], value=ALL)
        sort = choice_field("Sort photos by", "t2p_photos_sort", SORTS, value="Name")
        page = number_field("Page of photos", "t2p_photos_page", 1, min_width=80)
    said = panel("t2p_photos_said")
    cards = panel("t2p_photos_gallery")
    picker = sides.context.picker
    inputs = [picker, narrowed, sort, page, *sides.options.inputs]
    part = live_part("photos", tab.refresh, inputs, [counts, narrowed, cards])
    part.also_on(
        picker.change,
        narrowed.change,
        sort.change,
        page.change,
        *(component.change for component in sides.options.inputs),
    )
    acted = act_channel(CHANNEL, tab.act, [picker], [said, page])
    g.bind(acted.then, part.handler, part.inputs, part.outputs, quiet=True)
    warm(sides)
    return part


def warm(sides: Sides) -> threading.Thread | None:
    """Judge thousands of photos before somebody opens the page, since that takes a second or more.

    Gives the thread that does it; None where there are few.
    """
    found = sides.context.person(sides.context.picker.value)
    if found is None:
        return None
    person, _ = found
    if not person.survey.exists() or person.survey.stat().st_size < LARGE_SURVEY:
        return None

    def judge() -> None:
        try:
            options = sides.options.read([one.value for one in sides.options.inputs])
            mark = sides.states.mark(person, options)
            state = sides.states.state(person, options)
        except T2PError as error:
            LOG.info("photos of %s: %s", person.slug, error)  # The page will say it.
            return
        sides.states.told("filters", mark, lambda: filters_of(state))
        sides.states.told("summary", mark, lambda: summary(state))

    thread = threading.Thread(target=judge, name="photos", daemon=True)
    thread.start()
    return thread


class _GalleryTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(
        self,
        sender: Sender,
        name: str | None,
        narrowed: str | None,
        sort: str | None,
        page: Any,
        *values: Any,
    ) -> list[Any]:
        """Updates for the summary, the list of filters and the cards."""
        found = self.sides.context.person(name)
        if found is None:
            return [sender.html("summary", ""), g.unchanged(), sender.html("cards", "")]
        person, _ = found
        states, options = self.sides.states, self.sides.options.read(values)
        mark, state = states.mark(person, options), states.state(person, options)
        if state.survey is None:
            return self._unseen(sender, state)
        filters = states.told("filters", mark, lambda: filters_of(state))
        narrowed = narrowed if narrowed in filters else _same_reason(narrowed, filters)
        listed = sender.send("filters", filters, choices=filters, value=narrowed)
        number = int(page) if isinstance(page, (int, float)) else 1
        cards = g.unchanged()
        # Building the cards reads the disk: only when they may differ.
        if sender.panel_differs("cards_mark", (mark, narrowed, sort, number)):
            shown = chosen_photos(state, narrowed, sort or "")
            cards = g.changed(value=gallery(person, shown, number))
        told = states.told("summary", mark, lambda: summary(state))
        return [sender.html("summary", told), listed, cards]

    def act(self, act: str, name: str | None) -> tuple[Any, ...]:
        """A press on a card: a decision, or another page."""
        verb, _, what = (act or "").partition(" ")
        page = whole_number(what)
        if verb == "page" and page is not None:
            return g.changed(value=""), g.changed(value=page)
        person, _ = self.sides.context.open_person(name)
        if verb not in DONE:
            raise InputError(f"{act!r} is no decision about a photo: reload the page.")
        photos.decide(self.sides.context.host.workspace, person.slug, verb, [what])
        return message(DONE[verb].format(what), "good"), g.unchanged()

    def _unseen(self, sender: Sender, state: photos.PhotoState) -> list[Any]:
        if not state.new:
            told = empty_state(text.NO_PHOTOS_TITLE, text.NO_PHOTOS)
        else:
            count = text.counted(len(state.new), "photo")
            told = empty_state(f"{count} imported", text.NOT_LOOKED)
        return [sender.html("summary", told), g.unchanged(), sender.html("cards", "")]


def _same_reason(narrowed: str | None, filters: list[str]) -> str:
    """The filter of the same reason, whose count has changed; else all photos."""
    wanted = (narrowed or ALL).rsplit(" (", 1)[0]
    return next((one for one in filters if one.rsplit(" (", 1)[0] == wanted), ALL)
