"""The real photos that pictures are compared with: held-out and training ones of a dataset.

Photos of another person among them are told."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib_t2p.errors import InputError
from lib_t2p.files import read_record
from lib_t2p.jobs.events import Reporter
from lib_t2p.scores.measuring import Measured, measure
from lib_t2p.scores.verdict.scores import RealPhotos
from lib_t2p.vision.likeness import Shape, nearest_likeness
from lib_t2p.workspace import DatasetFolder

if TYPE_CHECKING:
    from lib_t2p.vision.faces import VisionTools


LEAST = 3
"""Photos with a face from which one can be told from the others."""
MOST_NAMED = 5


def stranger_notes(
    names: Sequence[str], embeddings: NDArray[np.float32], same_person: float
) -> tuple[str, ...]:
    """Say which photos seem to show another person; no file is named.

    A photo does when its median distance to all others is above `same_person`.

    Args:
        names: of the photos, such as "held-out photo 2"; as many as there are rows.
        embeddings: shape (photos, size of an embedding).
        same_person: the embedder's distance below which two faces usually are one person's.

    Returns:
        One sentence, or none.
    """
    if len(names) < LEAST:
        return ()
    rows = embeddings.astype(np.float64)
    apart = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    medians = [float(np.median(np.delete(row, n))) for n, row in enumerate(apart)]
    odd = [name for name, median in zip(names, medians, strict=True) if median > same_person]
    if not odd:
        return ()
    if 2 * len(odd) > len(names):
        return (
            f"The faces of {len(odd)} of {len(names)} photos are far from most others (above "
            f"{same_person:.3g}), as if they showed several people: look at them on the dataset's "
            "sheet, and build the dataset again without those of others.",
        )
    return (
        f"{_listed(odd)} may show another person (median distance to the others above "
        f"{same_person:.3g}), and pictures are compared with "
        f"{'it' if len(odd) == 1 else 'them'} as well: look on the dataset's sheet, and build the "
        "dataset again without what does not belong.",
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} more"]
    text = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return text[0].upper() + text[1:]


MANIFEST_SCHEMA = 1
VARIANTS_KEY = "heldout_variants_of_training"
"""False in a manifest means that memorisation can be judged."""
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})

Embeddings = NDArray[np.float32]
"""Shape (photos, size of an embedding)."""


@dataclass(frozen=True)
class References:
    """Embeddings of the real photos.

    Attributes:
        held_out: never trained on; at least one row.
        training: trained on; may have no row.
        shapes: of the whole training photos, with and without a face.
        spread: how they compare with each other.
        notes: sentences about photos that may not be the person's.
    """

    held_out: Embeddings
    training: Embeddings
    shapes: tuple[Shape, ...]
    spread: RealPhotos
    notes: tuple[str, ...] = ()


def reference_print(dataset: DatasetFolder, tools: VisionTools) -> str:
    """SHA-256 of all photos to compare with and of who looks at them; the manifest included.

    Raises:
        InputError: the dataset has lost its manifest.
    """
    if not dataset.manifest.is_file():
        raise InputError(
            f"Dataset {dataset.number} has lost its manifest {dataset.manifest}, so pictures "
            "cannot be compared with it: build the dataset again, or choose another one."
        )
    digest = hashlib.sha256(f"{tools.detector.name}\n{tools.embedder.name}".encode())
    for path in [dataset.manifest, *held_out_photos(dataset), *_training(dataset)]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def load_references(dataset: DatasetFolder, tools: VisionTools, reporter: Reporter) -> References:
    """Embed all photos of a dataset.

    Raises:
        InputError: no held-out photo shows a face.
        StopRequested: the person asked to stop.
    """
    held_out, training = held_out_photos(dataset), _training(dataset)
    reporter.phase("photos")
    measured = []
    for done, path in enumerate([*held_out, *training]):
        reporter.check_stop()
        reporter.progress(done, len(held_out) + len(training), "photo")
        measured.append(measure(path, tools))
    first, second = measured[: len(held_out)], measured[len(held_out) :]
    if all(photo.embedding is None for photo in first):
        raise InputError(
            f"Dataset {dataset.number} has no held-out photo with a face, so likeness cannot be "
            "measured: build a dataset with held-out photos."
        )
    return _references(first, second, tools.embedder.same_person, _are_variants(dataset))


def distances(embedding: Embeddings, others: Embeddings) -> NDArray[np.float64]:
    """Euclidean distance of one embedding, shape (size,), to each row of `others`."""
    apart = others.astype(np.float64) - embedding.astype(np.float64)
    return np.asarray(np.sqrt((apart**2).sum(axis=1)), np.float64)


def _references(
    first: Sequence[Measured], second: Sequence[Measured], same_person: float, variants: bool
) -> References:
    held_out, training = _rows(first), _rows(second)
    shapes = tuple(photo.shape for photo in second)
    names = [*_names("held-out photo", first), *_names("training photo", second)]
    spread = RealPhotos(
        held_out=len(held_out),
        training=len(training),
        without_face=sum(photo.embedding is None for photo in [*first, *second]),
        distances=tuple(_left_out_means(held_out, training)),
        nearest=tuple(_left_out_nearest(held_out, training)),
        heldout_are_variants=variants,
        alike=tuple(_left_out_likeness(shapes)),
        burnt=tuple(round(photo.burnt, 5) for photo in [*first, *second]),
    )
    notes = stranger_notes(names, _rows([*first, *second]), same_person)
    return References(held_out, training, shapes, spread, notes)


def _names(kind: str, photos: Sequence[Measured]) -> list[str]:
    """One for each photo with a face: its place in file order, from 1."""
    return [f"{kind} {n}" for n, photo in enumerate(photos, 1) if photo.embedding is not None]


def _left_out_means(held_out: Embeddings, training: Embeddings) -> list[float]:
    if len(held_out) == 1:
        own: list[float] = []
    else:
        own = [float(np.delete(distances(e, held_out), n).mean()) for n, e in enumerate(held_out)]
    return own + [float(distances(e, held_out).mean()) for e in training]


def _left_out_nearest(held_out: Embeddings, training: Embeddings) -> list[float]:
    if len(training) < 2:
        return []
    own = [float(np.delete(distances(e, training), n).min()) for n, e in enumerate(training)]
    return own + [float(distances(e, training).min()) for e in held_out]


def _left_out_likeness(shapes: Sequence[Shape]) -> list[float]:
    others = [(shape, [*shapes[:n], *shapes[n + 1 :]]) for n, shape in enumerate(shapes)]
    return [value for shape, rest in others for value in nearest_likeness([shape], rest)]


def _rows(photos: Sequence[Measured]) -> Embeddings:
    found = [photo.embedding for photo in photos if photo.embedding is not None]
    return np.stack(found) if found else np.zeros((0, 1), np.float32)


def _are_variants(dataset: DatasetFolder) -> bool:
    # What a manifest does not say is taken as unknown, and unknown is not judged.
    return read_record(dataset.manifest, MANIFEST_SCHEMA).get(VARIANTS_KEY) is not False


def held_out_photos(dataset: DatasetFolder) -> list[Path]:
    """Photos for scoring, never trained on, in file order."""
    return _pictures(dataset.heldout)


def _training(dataset: DatasetFolder) -> list[Path]:
    if not dataset.img.is_dir():
        return []
    folders = sorted(d for d in dataset.img.iterdir() if d.is_dir())
    return [path for folder in folders for path in _pictures(folder)]


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
