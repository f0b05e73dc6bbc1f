"""A series with fakes for what expands, paints and looks."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from lib_t2p.painting.infotext import put_infotext, write_infotext
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.portraits.choices import Choices, write_choices
from lib_t2p.portraits.plan import PortraitPlan, write_portraits
from lib_t2p.workspace.person import PersonFolder
from lib_t2p.workspace.series_folders import PortraitsFolder, portraits_folder

BASE = "/models/base.safetensors"
CHOICES = Choices(
    checkpoints=(
        ("photo/real_v5.safetensors [879db523c3]", "/models/photo/real_v5.safetensors"),
        ("drawn.safetensors", "/models/drawn.safetensors"),
        ("base.safetensors", BASE),
    ),
    vaes=("soft.safetensors",),
    samplers=("Euler a", "DPM++ 2M Karras"),
)


class PlainExpander:
    """Leaves prompts as they are, but for a number that differs from picture to picture."""

    def __init__(self) -> None:
        self.unknown: dict[str, None] = {}

    def expand(self, template: str, seed: str) -> str:
        return template.replace("@", seed.rsplit(" ", 1)[1])


class FakePainter:
    """Paints a flat picture; knows the LoRAs that it is told of."""

    def __init__(self, name: str = "fake", faults: list[str] | None = None) -> None:
        self.name, self._faults = name, faults or []
        self.painted: list[CellRequest] = []

    def faults(self, requests: list[CellRequest]) -> list[str]:
        return self._faults

    def paint(self, request: CellRequest) -> PaintedCell:
        self.painted.append(request)
        buffer = io.BytesIO()
        Image.new("RGB", (16, 16), (request.seed % 256, 80, 120)).save(buffer, "PNG")
        infotext = write_infotext(request, model="base")
        return PaintedCell(put_infotext(buffer.getvalue(), infotext), infotext, 0.01)


def request(prompt: str = "photo of {trigger}, @", **given: object) -> CellRequest:
    return CellRequest(prompt, 100, BASE, width=64, height=64, **given)  # type: ignore[arg-type]


def make_series(person: PersonFolder, **given: object) -> PortraitsFolder:
    folder = portraits_folder(person, "first")
    plan = PortraitPlan(person.slug, 1, request(), **given)  # type: ignore[arg-type]
    write_portraits(folder, plan)
    write_choices(folder, CHOICES)
    return folder


def wildcard_file(root: Path, name: str, *lines: str) -> Path:
    path = root / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
