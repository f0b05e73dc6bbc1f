"""A corpus of photos with known faults, made from free pictures, with the truth beside it.

The portraits are NASA's of Eileen Collins (scikit-image) as the person and, as a stranger, the US
Navy's of Grace Hopper (matplotlib); grounds are drawn. `truth.json` maps each file to its faults
and, for a copy, to its original. Strengths of the faults depend on the seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from PIL.Image import Image as Picture

SIDE = 900
"""Side of every photo, pixels."""
EACH = 20
"""Photos of each fault."""
CLEAN = 4 * EACH
"""Photos without any fault; copies are made of three quarters of them."""


@dataclass(frozen=True)
class Sources:
    """Where faces come from.

    Attributes:
        person, stranger: portraits, the face in the middle.
        objects: pictures without faces.
    """

    person: Picture
    stranger: Picture
    objects: tuple[Picture, ...]


def load_sources() -> Sources:
    """Read the portraits out of the installed packages."""
    import matplotlib
    from skimage import data

    hopper = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    astronaut = Image.fromarray(data.astronaut())
    return Sources(
        astronaut.crop((82, 0, 362, 280)),
        Image.open(hopper).convert("RGB").crop((50, 0, 470, 420)),
        tuple(Image.fromarray(p) for p in (data.coffee(), data.rocket())),
    )


class CorpusMaker:
    """Makes photos of one seed."""

    def __init__(self, sources: Sources, seed: int) -> None:
        self.sources = sources
        self.random = np.random.default_rng(seed)
        self.turn = 0

    def uniform(self, low: float, high: float) -> float:
        """A strength."""
        return float(self.random.uniform(low, high))

    def photo(self, face: Picture | None = None, share: float = 0.0) -> Picture:
        """A portrait, turned and lit in its own way, on a drawn ground."""
        self.turn += 1
        ground = self.ground()
        side = int(SIDE * (share or self.uniform(0.6, 0.9)))
        angle = (self.turn * 7.3) % 22 - 11
        source = face or self.sources.person
        turned = source.rotate(angle, Image.Resampling.BICUBIC, expand=False)
        turned = turned.crop((30, 20, source.width - 30, source.height - 20))
        turned = self.shot_again(turned)
        turned = ImageEnhance.Brightness(turned).enhance(self.uniform(0.85, 1.15))
        turned = ImageEnhance.Color(turned).enhance(self.uniform(0.7, 1.3))
        left = int(self.uniform(0, SIDE - side))
        ground.paste(turned.resize((side, side), Image.Resampling.LANCZOS), (left, SIDE - side))
        return self.grained(ground, self.uniform(0.8, 1.8))

    def shot_again(self, portrait: Picture) -> Picture:
        """Bend a portrait and light it from a side, so that it is not the same picture again.

        Two real photos of a person differ in pose and light; free portraits are one photo each.
        The head turns by perspective (up to 7 % of the side at each corner), features move by up
        to 2 % of the side, and one side of the face is up to a quarter darker than the other.
        """
        side = portrait.width, portrait.height
        corners = np.array([(0, 0), (side[0], 0), side, (0, side[1])], np.float32)
        moved = corners + self.random.uniform(-0.07, 0.07, (4, 2)).astype(np.float32) * side
        pixels = cv2.warpPerspective(
            np.asarray(portrait), cv2.getPerspectiveTransform(corners, moved.astype(np.float32)),
            side, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        coarse = self.random.uniform(-0.02, 0.02, (6, 6, 2)).astype(np.float32) * side[0]
        shift = cv2.resize(coarse, side, interpolation=cv2.INTER_CUBIC)
        x, y = np.meshgrid(np.arange(side[0], dtype=np.float32), np.arange(side[1]))
        bent = cv2.remap(
            pixels, x + shift[..., 0], y.astype(np.float32) + shift[..., 1],
            cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        angle = self.uniform(0, 2 * np.pi)
        slope = (x / side[0] - 0.5) * np.cos(angle) + (y / side[1] - 0.5) * np.sin(angle)
        lit = bent * (1 + 0.25 * slope)[..., None]
        return Image.fromarray(lit.clip(0, 255).astype(np.uint8))

    def ground(self) -> Picture:
        """Coarse colours with some texture."""
        coarse = self.random.integers(40, 210, (5, 6, 3), np.uint8)
        return Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC)

    def grained(self, picture: Picture, sigma: float) -> Picture:
        """Sensor noise of `sigma` grey levels."""
        pixels = np.asarray(picture, np.float32)
        noise = self.random.normal(0, sigma, pixels.shape)
        return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))


def write_corpus(folder: Path, seed: int) -> Path:
    """Write the corpus of a seed; the same seed gives the same pictures.

    Returns:
        `truth.json`: {file: {"faults": [...], "of": original or ""}}.
    """
    folder.mkdir(parents=True, exist_ok=True)
    make = CorpusMaker(load_sources(), seed)
    truth: dict[str, dict[str, object]] = {}
    for number in range(CLEAN):
        name = f"clean-{number:02d}.png"
        make.photo().save(folder / name)
        truth[name] = {"faults": [], "of": ""}
    for fault, spoil in FAULTS.items():
        for number in range(EACH):
            name = f"{fault}-{number:02d}.png"
            spoil(make).save(folder / name)
            truth[name] = {"faults": [fault], "of": ""}
    for number in range(EACH):
        _write_files(make, folder, number, truth)
        _write_copies(folder, make, number, truth)
    path = folder / "truth.json"
    path.write_text(json.dumps(truth, indent=1, sort_keys=True), encoding="utf-8")
    return path


def _blurred(make: CorpusMaker) -> Picture:
    return make.grained(make.photo().filter(ImageFilter.GaussianBlur(make.uniform(9, 16))), 1.0)


def _moved(make: CorpusMaker) -> Picture:
    length = int(make.uniform(30, 50))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1.0 / length
    turn = cv2.getRotationMatrix2D((length / 2, length / 2), make.uniform(30, 60), 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length)).astype(np.float32)
    smeared = cv2.filter2D(np.asarray(make.photo()), -1, kernel / kernel.sum())
    return Image.fromarray(smeared.astype(np.uint8))


def _scaled(make: CorpusMaker, low: float, high: float, lift: float = 0.0) -> Picture:
    pixels = np.asarray(make.photo(), np.float32) * make.uniform(low, high) + lift
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _cut(make: CorpusMaker) -> Picture:
    whole = make.photo(share=0.9)
    return whole.crop((0, int(SIDE * make.uniform(0.48, 0.55)), SIDE, SIDE))


def _compressed(make: CorpusMaker) -> Picture:
    import io

    file = io.BytesIO()
    make.photo().save(file, "JPEG", quality=int(make.uniform(8, 20)))
    return Image.open(file).convert("RGB")


def _enlarged(make: CorpusMaker) -> Picture:
    photo, factor = make.photo(), make.uniform(3.5, 5)
    small = photo.resize((int(SIDE / factor),) * 2, Image.Resampling.LANCZOS)
    return small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def _no_face(make: CorpusMaker) -> Picture:
    choice = make.sources.objects[int(make.random.integers(len(make.sources.objects)))]
    left, top = (int(choice.width * make.uniform(0, 0.2)) for _ in range(2))
    part = choice.crop((left, top, choice.width, choice.height))
    return make.grained(ImageOps.fit(part, (SIDE, SIDE)), make.uniform(0.8, 1.8))


def _group(make: CorpusMaker) -> Picture:
    photo = make.photo(share=0.55)
    stranger = make.shot_again(make.sources.stranger)
    other = stranger.resize((int(SIDE * make.uniform(0.35, 0.42)),) * 2)
    photo.paste(other, (int(make.uniform(0, SIDE - other.width)), 0))
    return photo


FAULTS: dict[str, Callable[[CorpusMaker], Picture]] = {
    "blurred": _blurred,
    "moved": _moved,
    "dark": lambda make: _scaled(make, 0.06, 0.13),
    "bright": lambda make: _scaled(make, 1.3, 1.6, 90.0),
    "flat": lambda make: _scaled(make, 0.05, 0.09, 120.0),
    "cut": _cut,
    "noisy": lambda make: make.grained(make.photo(), make.uniform(12, 25)),
    "compressed": _compressed,
    "enlarged": _enlarged,
    "too_small": lambda make: make.photo(share=make.uniform(0.07, 0.1)),
    "other_person": lambda make: make.photo(make.sources.stranger),
    "no_face": _no_face,
    "group": _group,
}
"""Name of a fault to how a photo gets it."""


def _write_files(
    make: CorpusMaker, folder: Path, number: int, truth: dict[str, dict[str, object]]
) -> None:
    """Files that must be mended or refused."""
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = make.photo().transpose(Image.Transpose.ROTATE_90)
    turned.save(folder / f"rotated-{number}.jpg", quality=95, exif=exif)
    make.photo().convert("CMYK").save(folder / f"cmyk-{number}.jpg", quality=95)
    wide = np.asarray(make.photo().convert("L"), np.uint16) * 257
    Image.fromarray(wide).save(folder / f"sixteen-{number}.png")
    whole = (folder / "clean-00.png").read_bytes()
    (folder / f"corrupt-{number}.png").write_bytes(whole[: len(whole) // (number + 2)])
    for kind, suffix, fault in (
        ("rotated", "jpg", "rotated"),
        ("cmyk", "jpg", "converted"),
        ("sixteen", "png", "converted"),
        ("corrupt", "png", "corrupt"),
    ):
        truth[f"{kind}-{number}.{suffix}"] = {"faults": [fault], "of": ""}


def _write_copies(
    folder: Path, make: CorpusMaker, number: int, truth: dict[str, dict[str, object]]
) -> None:
    """Copies of clean photos: saved again, mirrored, 15 % cut off."""
    for kind, start in (("again", 0), ("mirrored", EACH), ("cropped", 2 * EACH)):
        original = f"clean-{start + number:02d}.png"
        copy: Picture = Image.open(folder / original)
        if kind == "mirrored":
            copy = ImageOps.mirror(copy)
        if kind == "cropped":
            left, top = int(SIDE * make.uniform(0, 0.07)), int(SIDE * make.uniform(0, 0.15))
            copy = copy.crop((left, top, left + int(0.93 * SIDE), SIDE))
        name = f"{kind}-{number}.jpg"
        copy.save(folder / name, quality=int(make.uniform(60, 90)))
        truth[name] = {"faults": [kind], "of": original}
