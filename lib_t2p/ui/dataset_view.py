"""How photos and datasets are shown."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.dataset.manifest import PhotoDecision, State, read_manifest
from lib_t2p.errors import T2PError
from lib_t2p.ui import text
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.markup import empty_state, message, picture_card, picture_grid, section
from lib_t2p.ui.thumbs import thumbnail
from lib_t2p.workspace import DatasetFolder, PersonFolder, Workspace

MOST_CARDS = 120
"""Pictures shown per section; the contact sheet has them all."""

PARTS: tuple[tuple[State, str, str], ...] = (
    ("kept", "Kept for training", "kept"),
    ("held_out", "Held out for scoring, never trained on", "heldout"),
    ("left_out", "Left out", "leftout"),
)

REPAIRS = {
    "rotated": "turned upright",
    "converted": "converted",
    "padded": "edge filled in",
}


def photos_panel(workspace: Workspace, person: PersonFolder) -> str:
    """The imported originals, before a dataset exists."""
    photos = _files(person.photos)
    if not photos:
        return empty_state(text.NO_PHOTOS_TITLE, text.NO_PHOTOS)
    cards = [_original_card(workspace, photo, photo.name, "") for photo in photos[:MOST_CARDS]]
    return section(
        "Imported photos",
        picture_grid(cards, "t2p_photos_imported"),
        text.counted(len(photos), "photo"),
    )


def dataset_panel(workspace: Workspace, person: PersonFolder, dataset: DatasetFolder) -> str:
    """Every photo of a dataset version with its decision and reason, and the contact sheet."""
    try:
        manifest = read_manifest(dataset)
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
    return "".join(parts) + _sheet(dataset)


def _decision_card(
    workspace: Workspace, person: PersonFolder, dataset: DatasetFolder, photo: PhotoDecision
) -> str:
    repairs = ", ".join(REPAIRS.get(name, name) for name in photo.repaired)
    note = " ".join(part for part in (photo.reason, repairs) if part)
    crop = dataset.root / photo.file
    if photo.file and crop.exists():
        small = thumbnail(workspace, crop)
        return picture_card(
            file_url(small or crop), photo.photo, full_url=file_url(crop), note=note
        )
    return _original_card(workspace, person.photos / photo.photo, photo.photo, note)


def _original_card(workspace: Workspace, photo: Path, caption: str, note: str) -> str:
    small = thumbnail(workspace, photo)
    return picture_card(file_url(small) if small else "", caption, note=note)


def _sheet(dataset: DatasetFolder) -> str:
    if not dataset.sheet.exists():
        return ""
    url = file_url(dataset.sheet)
    card = picture_card(url, "Contact sheet, a click opens it in full size")
    return (
        '<details class="t2p-details"><summary>Contact sheet</summary>'
        f'<div class="t2p-wide" id="t2p_dataset_sheet">{card}</div></details>'
    )


def _files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.iterdir() if f.is_file()) if folder.is_dir() else []
