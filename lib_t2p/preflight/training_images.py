"""The pictures of a training: kohya folders, captions, repeats and buckets."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from lib_t2p.buckets import BucketRules, Placement, Size, bucket_sizes, place
from lib_t2p.errors import TrainerError
from lib_t2p.pictures import open_picture
from lib_t2p.settings import Settings

__all__ = [
    "BucketRules",
    "Placement",
    "Size",
    "accepted_range",
    "bucket_sizes",
    "place",
    "rules_of",
]


def rules_of(settings: Settings) -> BucketRules:
    """Take the rules from settings; limits off the step are widened to it, as from v0.9 on."""
    step = settings.bucket_reso_steps
    return BucketRules(
        resolution=settings.size,
        enabled=settings.enable_bucket,
        smallest=max(step, settings.min_bucket_reso - settings.min_bucket_reso % step),
        largest=math.ceil(settings.max_bucket_reso / step) * step,
        step=step,
        no_upscale=settings.bucket_no_upscale,
    )


def accepted_range(settings: Settings) -> tuple[int, int]:
    """Smallest and largest bucket side to hand to sd-scripts.

    It refuses a resolution outside of them even with `bucket_no_upscale`, where it then ignores
    both; v0.8.7 alone does not widen them to the step.
    """
    rules, (width, height) = rules_of(settings), settings.size
    if not settings.bucket_no_upscale:
        return rules.smallest, rules.largest
    return min(rules.smallest, width, height), max(rules.largest, width, height)


EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
"""What sd-scripts reads; import turns everything else into one of them."""

_FOLDER = re.compile(r"(\d+)(?:_(.*))?")


def is_read(name: str) -> bool:
    """Whether sd-scripts takes a file for a picture: not hidden, ending all small or all big."""
    ending = Path(name).suffix
    cased = ending == ending.lower() or ending == ending.upper()
    return not name.startswith(".") and cased and ending.lower() in EXTENSIONS


@dataclass(frozen=True)
class TrainImage:
    """One picture of a training.

    Attributes:
        path: the file.
        size: (width, height) in pixels.
        repeats: times that it is shown per epoch.
        caption: of its own file, else of the folder.
        is_reg: whether it is a regularisation image.
        folder: name of its kohya folder.
        placement: its bucket.
    """

    path: Path
    size: tuple[int, int]
    repeats: int
    caption: str
    is_reg: bool
    folder: str
    placement: Placement


def collect_images(train: Path, reg: Path | None, settings: Settings) -> list[TrainImage]:
    """List the pictures as sd-scripts does; regularisation images are repeated to fill up.

    Raises:
        TrainerError: no pictures, or some that cannot be read; all of these are named.
    """
    found, faults = scan_images(train, is_reg=False, settings=settings)
    regs, more = scan_images(reg, is_reg=True, settings=settings) if reg else ([], [])
    faults += more
    if faults:
        raise TrainerError("Some pictures cannot be trained on:\n" + "\n".join(faults))
    if not found:
        raise TrainerError(
            f"No pictures to train on in {train}: it must hold folders such as '10_ohwx woman' "
            "with png, jpg or webp files. Build the dataset again."
        )
    return found + _filled(regs, sum(i.repeats for i in found))


def _filled(regs: Sequence[TrainImage], wanted: int) -> list[TrainImage]:
    """Repeat regularisation images until there are as many as pictures, as sd-scripts does."""
    if not regs:
        return []
    used: list[TrainImage] = []
    count = 0
    for image in regs:
        if count >= wanted:
            break
        used.append(image)
        count += image.repeats
    extra = [0] * len(used)
    for number in range(max(0, wanted - count)):
        extra[number % len(used)] += 1
    return [replace(i, repeats=i.repeats + e) for i, e in zip(used, extra, strict=True)]


def scan_images(
    root: Path, *, is_reg: bool, settings: Settings
) -> tuple[list[TrainImage], list[str]]:
    """List pictures with the repeats of their folders, and a line for each that cannot be used."""
    rules = rules_of(settings)
    images: list[TrainImage] = []
    faults: list[str] = []
    if not root.is_dir():
        return images, faults
    for folder in sorted(d for d in root.iterdir() if d.is_dir()):
        named = _FOLDER.fullmatch(folder.name)
        if not named or int(named[1]) < 1:
            continue
        paths = sorted(p for p in folder.iterdir() if is_read(p.name))
        for path in paths if is_reg else _trained(paths, settings):
            try:
                size = _size(path)
            except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
                faults.append(f"- {path.name}: cannot be read ({error})")
                continue
            placement = place(size, rules)
            if placement is None:
                faults.append(f"- {path.name}: {size[0]}x{size[1]} px is too small for a bucket")
                continue
            caption = _caption(path, settings.caption_extension) or (named[2] or "").strip()
            images.append(
                TrainImage(path, size, int(named[1]), caption, is_reg, folder.name, placement)
            )
    return images, faults


def _trained(paths: list[Path], settings: Settings) -> list[Path]:
    """Leave out those that `validation_split` keeps back, as v0.10 chooses them.

    Without a `validation_seed` sd-scripts draws others each time, of the same number.
    """
    if not 0 < settings.validation_split <= 1:
        return paths
    kept = math.ceil(len(paths) * (1 - settings.validation_split))
    if settings.validation_seed is not None:
        random.Random(settings.validation_seed).shuffle(paths)
    return sorted(paths[:kept])


def _size(path: Path) -> tuple[int, int]:
    with open_picture(path) as picture:
        width, height = picture.size
    return width, height


def _caption(path: Path, extension: str) -> str:
    beside = path.with_suffix(extension) if extension.startswith(".") else None
    if beside is None or not beside.is_file():
        return ""
    lines = beside.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[0].strip() if lines else ""
