"""The side People: who is in the photos, and which one it is about."""

from __future__ import annotations

from html import escape
from typing import Any

from lib_t2p import dataset
from lib_t2p.actions import photos
from lib_t2p.errors import InputError
from lib_t2p.ranges import whole_number
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import act_button, act_channel, panel
from lib_t2p.ui.dataset.import_form import inspect_again
from lib_t2p.ui.dataset.photo_states import Sides
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.markup import badge, empty_state, message, section
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.workspace import PersonFolder

CHANNEL = "people_act"


def people_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _PeopleTab(sides)
    said = panel("t2p_people_said")
    tiles = panel("t2p_people_tiles")
    picker = sides.context.picker
    part = live_part("people", tab.refresh, [picker], [tiles])
    part.also_on(picker.change)
    acted = act_channel(CHANNEL, tab.act, [picker], [said])
    g.bind(acted.then, part.handler, part.inputs, part.outputs, quiet=True)
    return part


class _PeopleTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(self, sender: Sender, name: str | None) -> list[Any]:
        """The update of the tiles."""
        found = self.sides.context.person(name)
        if found is None:
            return [sender.html("tiles", "")]
        person, _ = found
        state = self.sides.states.state(person, dataset.DatasetOptions())
        if state.survey is None:
            nothing = (text.NO_PHOTOS_TITLE, text.NO_PHOTOS)
            told = empty_state(*(("Nobody looked yet", text.NOT_LOOKED) if state.new else nothing))
            return [sender.html("tiles", told)]
        return [sender.html("tiles", people_panel(person, state.survey, state.choices))]

    def act(self, act: str, name: str | None) -> tuple[Any, ...]:
        """A press: this is the person, or yes or no to a face."""
        person, _ = self.sides.context.open_person(name)
        verb, _, what = (act or "").partition(" ")
        workspace = self.sides.context.host.workspace
        tile = whole_number(what)
        if verb == "choose" and tile is not None:
            photos.choose_tile(workspace, person.slug, tile)
            said = "Chosen. The photos are looked at once more with this person in mind."
        elif verb in ("yes", "no"):
            face = dataset.face_from(what)
            photos.answer_face(workspace, person.slug, face, is_person=verb == "yes")
            said = "Noted: it is the person." if verb == "yes" else "Noted: it is somebody else."
        else:
            raise InputError(f"{act!r} is nothing that can be done here: reload the page.")
        inspect_again(self.sides.context, person, [])
        return (message(said, "good"),)


def people_panel(
    person: PersonFolder, survey: dataset.Survey, choices: dataset.PhotoChoices
) -> str:
    """One tile per person with counts, and the faces near the border of the chosen one."""
    if not survey.people:
        return empty_state("No face was found", "Import photos that show the person's face.")
    doubt = message(survey.doubt, "warn") if survey.doubt else ""
    tiles = "".join(
        _tile(person, number, found.anchor, found.photos, is_chosen=survey.chosen == number - 1)
        for number, found in enumerate(survey.people, 1)
    )
    body = f'<div class="t2p-pictures t2p-people">{tiles}</div>'
    shown = doubt + section("People in the photos", body, f"{len(survey.people)} found")
    if survey.chosen is None:
        return shown
    border = survey.people[survey.chosen].border[: dataset.MOST_BORDER]
    faces = "".join(_doubtful(person, face, distance, choices) for face, distance in border)
    question = f'<div class="t2p-pictures t2p-people">{faces}</div>' if faces else ""
    return shown + section("Is this the person?", question, "faces near the limit")


def _tile(
    person: PersonFolder, number: int, anchor: dataset.FaceId, photos: int, *, is_chosen: bool
) -> str:
    act = (
        badge("the person", "good")
        if is_chosen
        else act_button(CHANNEL, f"choose {number}", "This is the person")
    )
    words = f"{number}: in {text.counted(photos, 'photo')}"
    return _figure(person, anchor, words, act, "t2p-used" if is_chosen else "")


def _doubtful(
    person: PersonFolder, face: dataset.FaceId, distance: float, choices: dataset.PhotoChoices
) -> str:
    named = dataset.face_text(face)
    answered = "yes" if face in choices.same else "no" if face in choices.others else ""
    acts = act_button(CHANNEL, f"yes {named}", "Yes") + act_button(CHANNEL, f"no {named}", "No")
    said = badge(f"you said {answered}", "info") if answered else ""
    return _figure(person, face, f"{face[0]}, distance {distance:.2f}", said + acts, "")


def _figure(person: PersonFolder, face: dataset.FaceId, words: str, acts: str, look: str) -> str:
    path = person.face_tile(face)
    image = (
        f'<img src="{escape(file_url(path))}" alt="{escape(words)}" loading="lazy">'
        if path.exists()
        else '<span class="t2p-no-picture">no preview</span>'
    )
    return (
        f'<figure class="{look}">{image}<figcaption><span>{escape(words)}</span>{acts}'
        "</figcaption></figure>"
    )
