"""Cards of photos: grade, reason, state, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lib_t2p import dataset
from lib_t2p.actions import photos as photo_actions
from lib_t2p.ui.components import act_button
from lib_t2p.ui.markup import Tone, badge, message, section, table
from lib_t2p.ui.text import counted
from lib_t2p.ui.thumbs import preview_url
from lib_t2p.workspace import PersonFolder

CHANNEL = "photos_act"
PAGE = 48
"""Cards of a page."""
GRADE_TONES: dict[str, Tone] = {"A": "good", "B": "good", "C": "warn", "D": "bad"}
SORTS = {
    "Name": "photo",
    "Quality, best first": "quality",
    "Quality, worst first": "-quality",
    "Face size": "face",
    "Sharpness": "sharpness",
    "Light": "light",
    "Contrast": "contrast",
    "Turned to the side": "yaw",
    "Unlike the others": "distance",
    "Noise": "noise",
}
ALL, USED, HELD_OUT, LEFT_OUT = "All", "Used", "Held out", "Left out"
CHANGED = "Decided by you"
OUTCOMES: dict[str, dataset.Outcome] = {USED: "used", HELD_OUT: "held_out", LEFT_OUT: "left_out"}
OUTCOME_LOOKS: dict[dataset.Outcome, str] = {
    "used": "t2p-used",
    "held_out": "t2p-held",
    "left_out": "t2p-left",
}
OUTCOME_TONES: dict[dataset.Outcome, Tone] = {"used": "good", "held_out": "info", "left_out": "bad"}


def filters_of(state: photo_actions.PhotoState) -> list[str]:
    """What the list can be narrowed to, with counts."""
    counts = dataset.counts_of(state.photos)
    reasons = [
        f"{dataset.SHORT[code]} ({n})" for code, n in counts.items() if code in dataset.SHORT
    ]
    return [ALL, USED, HELD_OUT, LEFT_OUT, CHANGED, *reasons]


def chosen_photos(
    state: photo_actions.PhotoState, narrowed: str, sort: str
) -> list[dataset.PhotoOutlook]:
    """The photos to show, in order."""
    wanted = narrowed.rsplit(" (", 1)[0]
    shown = [one for one in state.photos if _fits(one, wanted, state)]
    key = SORTS.get(sort, "photo")
    name, sign = key.lstrip("-"), 1 if key.startswith("-") else -1
    if name == "photo":
        return shown
    return sorted(
        shown, key=lambda o: (sign * abs(float(o.photo.shown.get(name, 0.0))), o.photo.photo)
    )


def summary(state: photo_actions.PhotoState) -> str:
    """How many are used, why others are not, and what the set lacks."""
    counts = dataset.counts_of(state.photos)
    why = ", ".join(
        f"{n} {dataset.SHORT[code]}" for code, n in counts.items() if code in dataset.SHORT
    )
    words = f"{counted(counts['used'], 'photo')} would be trained on"
    words += f", {counts['held_out']} held out for scoring" if counts["held_out"] else ""
    words += f"; left out: {why}" if why else ""
    told = f'<p class="t2p-facts" id="t2p_photos_counts">{escape(words)}</p>'
    if state.new:
        told += message(
            f"{counted(len(state.new), 'photo')} came in since: press Look at photos.", "info"
        )
    if state.survey and state.survey.doubt:
        told += message(state.survey.doubt, "warn")
    return told + _variety(state)


def gallery(person: PersonFolder, photos: Sequence[dataset.PhotoOutlook], page: int) -> str:
    """One page of cards with its turning buttons."""
    pages = max(1, -(-len(photos) // PAGE))
    page = min(max(page, 1), pages)
    cards = "".join(_card(person, one) for one in photos[(page - 1) * PAGE : page * PAGE])
    turning = ""
    if pages > 1:
        back = act_button(CHANNEL, f"page {page - 1}", "Back") if page > 1 else ""
        on = act_button(CHANNEL, f"page {page + 1}", "Next") if page < pages else ""
        turning = f'<p class="t2p-facts">Page {page} of {pages} {back}{on}</p>'
    return f'{turning}<div class="t2p-pictures" id="t2p_photos_cards">{cards}</div>{turning}'


def _fits(one: dataset.PhotoOutlook, wanted: str, state: photo_actions.PhotoState) -> bool:
    if wanted in ("", ALL):
        return True
    if wanted in OUTCOMES:
        return one.outcome == OUTCOMES[wanted]
    if wanted == CHANGED:
        return one.by_choice or one.photo.photo in state.choices.crops
    return dataset.SHORT.get(one.code, one.code) == wanted


def _card(person: PersonFolder, one: dataset.PhotoOutlook) -> str:
    name = one.photo.photo
    url = preview_url(person, name)
    image = (
        f'<img src="{escape(url)}" alt="{escape(name)}" loading="lazy">'
        if url
        else '<span class="t2p-no-picture">no preview</span>'
    )
    return (
        f'<figure class="{OUTCOME_LOOKS[one.outcome]}" data-photo="{escape(name)}">{image}'
        f'<figcaption>{_head(one)}<span title="{escape(name)}">{escape(name)}</span>'
        f"<small>{escape(_note(one))}</small>{_acts(one)}"
        "</figcaption></figure>"
    )


def _head(one: dataset.PhotoOutlook) -> str:
    state = badge(one.outcome.replace("_", " "), OUTCOME_TONES[one.outcome])
    if one.photo.face is None:
        return state
    grade = dataset.grade_of(one.quality)
    return badge(f"{grade} {one.quality:.0f}", GRADE_TONES[grade]) + state


def _note(one: dataset.PhotoOutlook) -> str:
    shown = one.photo.shown
    parts = []
    if one.crops:
        width, height = one.crops[0].size
        parts.append(f"{width}x{height}")
    if one.photo.face is not None:
        parts.append(f"face {shown.get('face', 0):.0f} px, sharp {shown.get('sharpness', 0):.0f}")
    parts += [dataset.NOTES[note] for note in dataset.NOTES if note in one.photo.notes]
    if one.by_choice and one.outcome != "left_out":
        parts.append("put back by you")
    numbers = ", ".join(parts)
    return f"{one.reason} {numbers[:1].upper()}{numbers[1:]}".strip()


def _acts(one: dataset.PhotoOutlook) -> str:
    name = one.photo.photo
    if one.photo.fault or one.photo.face is None:
        return ""
    if one.by_choice:
        first = act_button(CHANNEL, f"forget {name}", "Undo", title=f"Undo your choice: {name}")
    elif one.outcome != "left_out":
        first = act_button(CHANNEL, f"leave_out {name}", "Leave out", title=f"Leave out {name}")
    else:
        first = act_button(CHANNEL, f"put_in {name}", "Put back", title=f"Put back {name}")
    if one.outcome == "left_out":
        return first
    return first + act_button("crop_act", f"open {name}", "Crop", title=f"Crop {name}")


def _variety(state: photo_actions.PhotoState) -> str:
    used = [one for one in state.photos if one.outcome == "used"]
    if not used:
        return ""
    rows = [[escape(row.kind), *map(escape, row.words)] for row in dataset.coverage_of(used)]
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in dataset.missing_of(used))
    body = table(["What", "How many photos"], [[r[0], ", ".join(r[1:])] for r in rows])
    lacks = f'<ul class="t2p-files">{said}</ul>' if said else ""
    return (
        '<details class="t2p-details" id="t2p_photos_variety"><summary>Variety</summary>'
        f"{section('What is there, and what is missing', body + lacks)}</details>"
    )
