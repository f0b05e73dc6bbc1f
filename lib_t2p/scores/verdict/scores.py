"""The numbers of a grid's cells, and `scores.json`."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_text
from lib_t2p.json_io import json_text
from lib_t2p.workspace import GridFolder

SCHEMA = 1


@dataclass(frozen=True)
class CellScore:
    """Numbers of one picture; those of the face are None when no face was found.

    Attributes:
        id: of the cell.
        model: stem of the saved model; empty for the no-LoRA column.
        weight: LoRA weight; 0 for the no-LoRA column.
        prompt: index into the plan's prompts.
        seed: of the picture.
        faces: faces found; the largest one is scored.
        distances: to each held-out photo, in the embedder's unit; lower is closer.
        distance: mean of `distances`: the likeness.
        nearest_training: distance to the nearest training photo.
        sharpness: of the face, in the unit of `vision.sharpness`.
        picture: SHA-256 of the scored file.
        point: as the cell's: pictures are compared at the same point only.
        copied: highest likeness with a training photo or its mirror image, -1 to 1, as of
            `vision.same_picture`; higher is more of a copy; None without training photos.
        repeated: share, 0 to 1, of the other seeds' pictures of the same model, weight and point
            that show the same picture; higher is less varied; None when there is only one seed.
        burnt: share of the pixels whose colour is clipped, 0 to 1, as of `vision.burnt`; lower is
            better; None in grids that were scored before it was measured.
        obedience: cosine between picture and prompt by CLIP, -1 to 1, as of
            `diffusion.clip_score`; higher follows the prompt more; None without a CLIP folder.
    """

    id: str
    model: str
    weight: float
    prompt: int
    seed: int
    faces: int
    distances: tuple[float, ...] | None
    distance: float | None
    nearest_training: float | None
    sharpness: float | None
    picture: str
    point: str = ""
    copied: float | None = None
    repeated: float | None = None
    burnt: float | None = None
    obedience: float | None = None


@dataclass(frozen=True)
class RealPhotos:
    """How real photos of the person compare with each other: the yardstick for generated ones.

    Attributes:
        held_out: held-out photos with a face.
        training: training photos with a face.
        without_face: photos of the dataset in which no face was found.
        distances: what a cell's `distance` would be for each real photo: its mean distance to the
            held-out photos, itself left out.
        nearest: what a cell's `nearest_training` would be for each real photo: its distance to
            the nearest training photo, itself left out.
        heldout_are_variants: held-out photos are variants of the training photos, or it is not
            known; what the identity of faces says of memorisation is then not judged.
        alike: for each training photo the highest likeness with another one, -1 to 1, as a cell's
            `copied` would be.
        burnt: of each photo, held-out ones first, as a cell's.
    """

    held_out: int
    training: int
    without_face: int
    distances: tuple[float, ...]
    nearest: tuple[float, ...]
    heldout_are_variants: bool
    alike: tuple[float, ...] = ()
    burnt: tuple[float, ...] = ()


@dataclass(frozen=True)
class Scores:
    """All numbers of a grid.

    Attributes:
        painter: who painted all cells.
        detector: who found the faces.
        embedder: who measured the distances.
        same_person: distances below this usually are the same person.
        reference: SHA-256 of the photos compared with.
        real: how real photos compare with each other.
        cells: in painting order.
        obedience_by: name of the CLIP model that `obedience` comes from; empty when obedience was
            not judged.
        notes: sentences about the photos compared with, such as pictures of another person.
    """

    painter: str
    detector: str
    embedder: str
    same_person: float
    reference: str
    real: RealPhotos
    cells: tuple[CellScore, ...]
    obedience_by: str = ""
    notes: tuple[str, ...] = ()


def write_scores(grid: GridFolder, scores: Scores) -> None:
    """Write `scores.json` whole, a line per cell: thousands of cells are written often."""
    head = {"schema": SCHEMA, **vars(scores), "real": vars(scores.real)}
    del head["cells"]
    cells = ",\n".join(json_text(vars(cell), ensure_ascii=False) for cell in scores.cells)
    before = json_text(head, ensure_ascii=False).removesuffix("}")
    write_text(grid.scores, f'{before}, "cells": [\n{cells}\n]}}\n')


def read_scores(grid: GridFolder) -> Scores:
    """Read `scores.json`.

    Raises:
        WorkspaceError: missing or damaged.
        NewerSchemaError: written by a newer Text to Person.
    """
    record = read_record(grid.scores, SCHEMA)
    del record["schema"]
    try:
        real = _build(RealPhotos, record.pop("real"))
        cells = tuple(_build(CellScore, entry) for entry in record.pop("cells"))
        notes = tuple(record.pop("notes", ()))
        return Scores(**record, real=real, cells=cells, notes=notes)
    except (KeyError, TypeError) as error:
        raise WorkspaceError(f"{grid.scores} is damaged: delete it and score again.") from error


def _build(kind: type[Any], entry: dict[str, Any]) -> Any:
    names = {field.name for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    if not needed <= set(entry) <= names:
        raise KeyError(f"{kind.__name__} needs {sorted(needed)}")
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
