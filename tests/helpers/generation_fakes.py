"""A painter and vision tools with known answers."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from lib_t2p.errors import StopRequested
from lib_t2p.files import write_record
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.plan_files import GridPlan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.vision.results import Box, Embedding, Face, Picture
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import DatasetFolder, PersonFolder, Workspace

NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)
FACE_COLUMN = 40
"""Red value of a picture's corner pixel that says: a face is here."""


def make_person(workspace: Workspace, name: str = "NASA portrait") -> PersonFolder:
    person = Person(name, "nasax", "woman", "public domain", NOW.isoformat())
    return create_person(workspace, person)


def make_plan(person: PersonFolder, **changes: object) -> GridPlan:
    models = tuple(
        GridModel(Path(f"models/{stem}.safetensors"), stem, stem[-3:], "first", n)
        for n, stem in enumerate(("t2p_nasa_first_e05", "t2p_nasa_first_e06"), 5)
    )
    fields: dict[str, object] = {
        "person": person.slug,
        "dataset": 1,
        "checkpoint": "tiny_base",
        "models": models,
        "x": Axis("saved_model", tuple(m.stem for m in models)),
        "y": Axis("lora_weight", (0.6, 1.0)),
        "prompts": ("photo of {trigger} {class_word}", "painting of {trigger}, {red|blue}"),
        "seeds": (1, 2, 3, 4),
        "width": 64,
        "height": 64,
    }
    return GridPlan(**{**fields, **changes})  # type: ignore[arg-type]


def face_picture(
    identity: float, *, face: bool = True, size: int = 64, scene: int = 0
) -> Image.Image:
    """A picture that `FakeDetector` and `FakeEmbedder` read: identity 0 to 1 in 1/255 steps.

    What stands around the face differs from scene to scene.
    """
    picture = Image.new("RGB", (size, size), (round(identity * 255), 90, 140))
    draw = ImageDraw.Draw(picture)
    chance = random.Random(scene)
    for _ in range(6 if scene else 0):
        x, y = chance.randrange(size), chance.randrange(size // 8, size)
        shade = chance.choice((20, 235))
        draw.rectangle((x, y, x + size // 4, y + size // 4), fill=(shade, shade, shade))
    left, top = (size // 4 + chance.randrange(-size // 5, size // 5) * bool(scene) for _ in "xy")
    draw.ellipse((left, top, left + size // 2, top + size // 2), fill=(230, 190, 160))
    draw.line((size // 3, size // 2, 2 * size // 3, size // 2), fill=(20, 20, 20), width=2)
    picture.putpixel((0, 0), (FACE_COLUMN if face else 0, 0, 0))
    return picture


def png_of(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@dataclass
class FakePainter:
    """Paints `identities[stem]` (no LoRA: key ""), shifted a little by the seed."""

    identities: dict[str, float] = field(default_factory=dict)
    name: str = "fake painter"
    missing: tuple[str, ...] = ()
    faceless_seeds: tuple[int, ...] = ()
    painted: list[CellRequest] = field(default_factory=list)

    def faults(self, requests: list[CellRequest]) -> list[str]:
        return [
            f"LoRA {m} is missing" for m in self.missing if any(m in r.prompt for r in requests)
        ]

    def paint(self, request: CellRequest) -> PaintedCell:
        self.painted.append(request)
        stem = next((s for s in self.identities if s and f"<lora:{s}:" in request.prompt), "")
        jitter = ((request.seed * 37) % 11 - 5) / 255
        identity = self.identities.get(stem, 0.8) + jitter
        face = request.seed not in self.faceless_seeds
        return PaintedCell(
            png_of(face_picture(identity, face=face, scene=request.seed)), request.prompt, 0.1
        )


class FakeDetector:
    name = "fake detector"

    def detect(self, picture: Picture) -> list[Face]:
        if int(picture[0, 0, 0]) != FACE_COLUMN:
            return []
        height, width = picture.shape[:2]
        points = tuple((width * x, height * 0.45) for x in (0.4, 0.6, 0.5, 0.5, 0.3, 0.7))
        box = Box(width * 0.25, height * 0.25, width * 0.75, height * 0.75)
        return [Face(box, 0.9, points)]


class FakeEmbedder:
    """The identity is the red value beside the corner; distance 1 between 0 and 255."""

    name = "fake embedder"
    same_person = 0.6

    def embed(self, picture: Picture, face: Face) -> Embedding:
        embedding = np.zeros(128, np.float32)
        embedding[0] = float(picture[0, 1, 0]) / 255
        return embedding


@dataclass
class FakeTools:
    detector: FakeDetector = field(default_factory=FakeDetector)
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)


class StopAfter(SilentReporter):
    """Asks to stop at the n-th check; keeps progress and images."""

    def __init__(self, checks: int = 10**9) -> None:
        super().__init__()
        self.checks = checks
        self.progressed: list[tuple[int, int, str]] = []
        self.images: list[str] = []

    def progress(
        self,
        done: int,
        total: int,
        unit: str,
        *,
        seconds_left: float | None = None,
        epoch: int | None = None,
    ) -> None:
        self.progressed.append((done, total, unit))

    def image(self, path: str, caption: str) -> None:
        self.images.append(f"{path} {caption}")

    def check_stop(self) -> None:
        self.checks -= 1
        if self.checks < 0:
            raise StopRequested("stopped by the test")


def make_dataset(
    person: PersonFolder,
    *,
    held_out: tuple[float, ...] = (0.10, 0.14),
    training: tuple[float, ...] = (0.08, 0.12, 0.16, 0.18),
    variants: bool = False,
) -> DatasetFolder:
    dataset = person.dataset(1)
    dataset.heldout.mkdir(parents=True)
    images = dataset.img / "10_nasax woman"
    images.mkdir(parents=True)
    for folder, identities in ((dataset.heldout, held_out), (images, training)):
        for n, identity in enumerate(identities, 1):
            face_picture(identity).save(folder / f"{n:03d}.png")
    write_record(dataset.manifest, 1, {"heldout_variants_of_training": variants})
    return dataset
