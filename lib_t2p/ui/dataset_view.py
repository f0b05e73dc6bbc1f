"""How photos and datasets are shown."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.dataset.manifest import Manifest, PhotoDecision, read_manifest
from lib_t2p.errors import T2PError
from lib_t2p.ui import text
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.markup import empty_state, message, picture_card, picture_grid, section
from lib_t2p.ui.thumbs import thumbnail
from lib_t2p.workspace import DatasetFolder, PersonFolder, Workspace

MOST_CARDS = 120
"""Pictures shown per section; the contact sheet has them all."""

PARTS = (
    ("kept", "Kept for training", "kept"),
    ("held_out", "Held out for scoring, never trained on", "heldout"),
    ("left_out", "Left out", "leftout"),
)


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
    parts = [
        section(title, _cards(workspace, person, dataset, manifest, state, elem), note)
        for state, title, elem in PARTS
        if (note := str(sum(p.state == state for p in manifest.photos)))
    ]
    return "".join(parts) + _sheet(dataset)


def _cards(
    workspace: Workspace,
    person: PersonFolder,
    dataset: DatasetFolder,
    manifest: Manifest,
    state: str,
    elem: str,
) -> str:
    decided = [photo for photo in manifest.photos if photo.state == state][:MOST_CARDS]
    cards = [_decision_card(workspace, person, dataset, photo) for photo in decided]
    return picture_grid(cards, f"t2p_photos_{elem}")


def _decision_card(
    workspace: Workspace, person: PersonFolder, dataset: DatasetFolder, photo: PhotoDecision
) -> str:
    repaired = ", ".join(photo.repaired)
    note = ". ".join(part for part in (photo.reason, repaired and f"repaired: {repaired}") if part)
    crop = dataset.root / photo.file if photo.file else None
    if crop is not None and crop.exists():
        return picture_card(file_url(crop), photo.photo, note=note)
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
