"""The side Versions: what a build made of the photos, and what differs between two of them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from lib_t2p import dataset as dataset_room
from lib_t2p.actions import photos as photo_actions
from lib_t2p.errors import T2PError
from lib_t2p.ranges import whole_number
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import button, choice_field, on_press, panel, tools
from lib_t2p.ui.dataset.photo_states import Sides
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.markup import empty_state, message, picture_card, picture_grid, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.ui.thumbs import thumbnail
from lib_t2p.workspace import DatasetFolder, PersonFolder, Workspace

MOST_CARDS = 120
"""Pictures shown per section; the contact sheet has them all."""

PARTS: tuple[tuple[dataset_room.State, str, str], ...] = (
    ("kept", "Kept for training", "kept"),
    ("held_out", "Held out for scoring, never trained on", "heldout"),
    ("left_out", "Left out", "leftout"),
)

REPAIRS = {
    "rotated": "turned upright",
    "turned": "did not stand upright: turned",
    "converted": "converted",
    "padded": "edge filled in",
    "masked": "others hidden",
}


def dataset_panel(workspace: Workspace, person: PersonFolder, dataset: DatasetFolder) -> str:
    """Every photo of a dataset version with its decision and reason, and the contact sheet."""
    try:
        manifest = dataset_room.read_manifest(dataset)
    except T2PError as error:
        return message(str(error), "bad")
    parts = []
    for state, title, elem in PARTS:
        decided = manifest.of_state(state)
        cards = [_decision_card(workspace, person, dataset, d) for d in decided[:MOST_CARDS]]
        body = picture_grid(cards, f"t2p_photos_{elem}")
        parts.append(section(title, body, text.counted(len(decided), "photo")))
    if manifest.heldout_variants_of_training:
        parts.append(message(text.HELD_OUT_ARE_VARIANTS, "info"))
    return _class_pictures(manifest) + "".join(parts) + _sheet(dataset)


def difference_panel(found: dataset_room.DatasetDifference) -> str:
    """What differs between two versions."""
    options = [[escape(n), escape(str(a)), escape(str(b))] for n, a, b in found.options]
    photos = [
        [escape(p.photo), escape(p.before), escape(p.after), escape(", ".join(p.changed))]
        for p in found.photos
    ]
    shown = section("Options", table(["Option", "Before", "After"], options)) if options else ""
    header = ["Photo", "Before", "After", "Changed"]
    listed = section("Photos", table(header, photos)) if photos else ""
    return message(f"{text.counted(found.same, 'photo')} alike in both.", "info") + shown + listed


def _decision_card(
    workspace: Workspace,
    person: PersonFolder,
    dataset: DatasetFolder,
    photo: dataset_room.PhotoDecision,
) -> str:
    repairs = ", ".join(REPAIRS.get(name, name) for name in photo.repaired)
    caption = photo.crops[0].caption if photo.crops else ""
    parts = (photo.reason, _crop_words(photo), repairs, caption)
    note = ", ".join(part for part in parts if part)
    crop = dataset.root / photo.file
    if photo.file and crop.exists():
        small = thumbnail(workspace, crop)
        return picture_card(
            file_url(small or crop), photo.photo, full_url=file_url(crop), note=note
        )
    upright = person.preview(photo.photo)
    shown = upright if photo.turn and upright.exists() else person.photos / photo.photo
    return _original_card(workspace, shown, photo.photo, note)


def _original_card(workspace: Workspace, photo: Path, caption: str, note: str) -> str:
    small = thumbnail(workspace, photo)
    return picture_card(file_url(small) if small else "", caption, note=note)


def _class_pictures(manifest: dataset_room.Manifest) -> str:
    if not manifest.options.regularisation:
        return ""
    refused = "".join(f"\n- {name}: {reason}" for name, reason in manifest.class_refused[:20])
    left = f"; {len(manifest.class_refused)} cannot be used:{refused}" if refused else "."
    count = text.counted(manifest.class_pictures, "regularisation image")
    return message(f"{count}{left}", "info")


def _crop_words(photo: dataset_room.PhotoDecision) -> str:
    return "; ".join(
        f"{c.size[0]}x{c.size[1]} x {c.repeats}" if c.repeats else f"{c.size[0]}x{c.size[1]}"
        for c in photo.crops
    )


def _sheet(dataset: DatasetFolder) -> str:
    if not dataset.sheet.exists():
        return ""
    url = file_url(dataset.sheet)
    card = picture_card(url, "Contact sheet, a click opens it in full size")
    return (
        '<details class="t2p-details"><summary>Contact sheet</summary>'
        f'<div class="t2p-wide" id="t2p_dataset_sheet">{card}</div></details>'
    )


def versions_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _VersionsTab(sides)
    with tools():
        version = _versions("Dataset shown", "t2p_dataset_version")
        other = _versions("Compare with", "t2p_dataset_other")
        compare = button("Compare versions", "t2p_dataset_compare")
        again = button("Draw again", "t2p_dataset_again")
    said = panel("t2p_dataset_difference")
    photos = panel("t2p_dataset_photos")
    picker = sides.context.picker
    part = live_part("versions", tab.refresh, [picker, version], [photos, version, other])
    part.also_on(picker.change, version.change)
    on_press(compare, tab.compare, [picker, other, version], [said])
    on_press(again, tab.again, [picker, version], [said])
    return part


def _versions(label: str, elem_id: str) -> Any:
    return choice_field(label, elem_id)


class _VersionsTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(self, sender: Sender, name: str | None, version: str | None) -> list[Any]:
        """Updates for the photos and the two lists of versions."""
        found = self.sides.context.person(name)
        if found is None:
            return [sender.html("photos", ""), g.unchanged(), g.unchanged()]
        person, _ = found
        labels = [f"Version {d.number}" for d in reversed(person.datasets())]
        is_new = sender.differs("versions", (person.slug, labels))
        shown = labels[0] if labels and (is_new or version not in labels) else version
        if not labels:
            nothing = empty_state(text.NO_DATASET_TITLE, text.NO_DATASET)
            return [sender.html("photos", nothing), g.unchanged(), g.unchanged()]
        lists = [g.unchanged(), g.unchanged()]
        if is_new:
            before = labels[1] if len(labels) > 1 else labels[0]
            lists = [g.changed(choices=labels, value=v) for v in (shown, before)]
        return [sender.html("photos", self._panel(person, str(shown))), *lists]

    def compare(self, name: str | None, first: str | None, second: str | None) -> tuple[Any, ...]:
        """Show what differs."""
        person, _ = self.sides.context.open_person(name)
        found = photo_actions.compare_versions(
            person.workspace, person.slug, _number(first), _number(second)
        )
        return (difference_panel(found),)

    def again(self, name: str | None, version: str | None) -> tuple[Any, ...]:
        """Draw the shown version once more, as its manifest records it."""
        person, _ = self.sides.context.open_person(name)
        with self.sides.context.submitting:
            photo_actions.submit_rebuild(person.workspace, person.slug, _number(version))
        return (message("Drawing the same version again, whatever was decided since.", "good"),)

    def _panel(self, person: PersonFolder, version: str) -> str:
        return dataset_panel(person.workspace, person, person.dataset(_number(version)))


def _number(label: str | None) -> int:
    words = (label or "").split()
    return (whole_number(words[-1]) if words else None) or 0
