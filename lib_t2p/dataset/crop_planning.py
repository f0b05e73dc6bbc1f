"""Which pictures a photo gives: one per framing, of which shape and size, with whom masked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.buckets import BucketRules, Size, bucket_sizes
from lib_t2p.dataset import reasons
from lib_t2p.dataset.cropping import Crop, crop_by_hand, head_of, plan_crop
from lib_t2p.dataset.options import DatasetOptions, Framing
from lib_t2p.dataset.photo_choices import Rectangle
from lib_t2p.dataset.reasons import Code
from lib_t2p.vision import Box, intersection

LEAST_SIDE = 256
"""Shortest side of a picture in a smaller bucket, pixels; sd-scripts' own smallest bucket."""
STEP = 64
"""Sides of buckets are multiples of it, pixels."""
DIGITS = 2
"""Of a pixel of the photo, in which crops are planned and recorded."""
ALIKE = 1.15
"""Crops whose sides differ by a smaller factor show the same."""
LARGEST = 1024
"""Longest side of a bucket, pixels, where the resolution is not above it: sd-scripts' default."""


@dataclass(frozen=True)
class PhotoFaces:
    """What planning needs to know of a photo; all in pixels of the upright photo.

    Attributes:
        width, height: of the photo.
        face: the person's.
        others: faces of other people.
    """

    width: int
    height: int
    face: Box
    others: tuple[Box, ...] = ()


@dataclass(frozen=True)
class PlannedCrop:
    """One picture to be written.

    Attributes:
        framing: how much it shows.
        crop: what of the photo.
        size: (width, height) of the picture, pixels.
        repeats: of its kohya folder.
        masked: heads of others to be blurred or filled.
        by_hand: whether a person chose the crop.
    """

    framing: Framing
    crop: Crop
    size: Size
    repeats: int
    masked: tuple[Box, ...] = ()
    by_hand: bool = False

    @property
    def enlarging(self) -> float:
        """Pixels of the picture per pixel of the photo."""
        return math.sqrt(self.size[0] * self.size[1]) / self.crop.mean_side


@dataclass(frozen=True)
class CropFault:
    """Why a photo gives no picture: a code, and a sentence."""

    code: Code
    reason: str


def rules_for(resolution: int) -> BucketRules:
    """sd-scripts' default buckets, with the longest side widened where the resolution needs it."""
    largest = max(LARGEST, math.ceil(resolution / STEP) * STEP)
    return BucketRules((resolution, resolution), True, LEAST_SIDE, largest, STEP)


def plan_crops(
    photo: PhotoFaces,
    options: DatasetOptions,
    by_hand: Rectangle | None = None,
    *,
    must: bool = False,
) -> tuple[PlannedCrop, ...] | CropFault:
    """Plan the picture of the main framing and those of further framings.

    Args:
        photo: where the faces are.
        options: framings, shape, and what to do with small photos and others.
        by_hand: the main framing's crop as a person chose it.
        must: use the photo even where it is too small or shows others.

    Returns:
        Pictures, the main one first; or why the photo cannot be used. A further framing that
        cannot be had, or that shows almost the same as another, is left away.
    """
    (framing, repeats), *further = options.variants
    main = _planned(photo, framing, repeats, options, by_hand, must=must)
    if isinstance(main, CropFault):
        return main
    found = [main]
    for name, times in further:
        crop = _planned(photo, name, times, options, None, must=False)
        if isinstance(crop, PlannedCrop) and not any(_is_alike(crop, other) for other in found):
            found.append(crop)
    return tuple(found)


def _is_alike(one: PlannedCrop, other: PlannedCrop) -> bool:
    larger, smaller = sorted((one.crop.mean_side, other.crop.mean_side), reverse=True)
    return larger < ALIKE * smaller


def _planned(
    photo: PhotoFaces,
    framing: Framing,
    repeats: int,
    options: DatasetOptions,
    by_hand: Rectangle | None,
    *,
    must: bool,
) -> PlannedCrop | CropFault:
    found = _shaped(photo, framing, options, by_hand)
    if found is None and (must or options.others != "avoid"):
        alone = PhotoFaces(photo.width, photo.height, photo.face)
        found = _shaped(alone, framing, options, None)
    if found is None:
        return CropFault("several_people", reasons.several_people(len(photo.others) + 1))
    crop, size = _recorded(found[0]), found[1]
    masked = _masked(photo, crop) if options.others != "avoid" else ()
    planned = PlannedCrop(framing, crop, size, repeats, masked, by_hand is not None)
    if planned.enlarging <= options.most_enlarging or options.small_photos == "enlarge":
        return planned
    smaller = _smaller(planned) if options.small_photos == "smaller" else None
    if smaller is not None:
        return smaller
    if must:
        return planned
    limit = options.most_enlarging
    sentence = reasons.crop_too_small(crop.mean_side, options.resolution, limit)
    return CropFault("too_small", sentence)


def _shaped(
    photo: PhotoFaces, framing: Framing, options: DatasetOptions, by_hand: Rectangle | None
) -> tuple[Crop, Size] | None:
    box = Box(*by_hand) if by_hand is not None else None
    aspect = box.width / box.height if box else photo.width / photo.height
    for size in _sizes(aspect, options):
        shape = size[0] / size[1]
        if box is not None:
            return crop_by_hand(box, shape), size
        crop = plan_crop(photo.width, photo.height, photo.face, photo.others, framing, shape)
        if crop is not None:
            return crop, size
    return None


def _sizes(aspect: float, options: DatasetOptions) -> Sequence[Size]:
    """The bucket of that shape as sd-scripts chooses it, then those nearer and nearer a square."""
    square = (options.resolution, options.resolution)
    if options.shape == "square":
        return [square]
    sizes = sorted(
        bucket_sizes(rules_for(options.resolution)), key=lambda s: abs(s[0] / s[1] - aspect)
    )
    first = sizes[0][0] / sizes[0][1]
    low, high = min(first, 1.0), max(first, 1.0)
    return [size for size in sizes if low <= size[0] / size[1] <= high]


def _smaller(planned: PlannedCrop) -> PlannedCrop | None:
    """The same in as many pixels as the photo has; None below the smallest bucket."""
    crop = planned.crop
    size = (int(crop.side // STEP) * STEP, int(crop.height // STEP) * STEP)
    if min(size) < LEAST_SIDE:
        return None
    fitted = _recorded(crop_by_hand(crop.box, size[0] / size[1]))
    return PlannedCrop(
        planned.framing, fitted, size, planned.repeats, planned.masked, planned.by_hand
    )


def rounded(box: Box) -> Box:
    """As the manifest records it, so that a rebuild draws the same."""
    sides = (box.left, box.top, box.right, box.bottom)
    return Box(*(round(side, DIGITS) for side in sides))


def sides_of(box: Box) -> Rectangle:
    """Left, top, right, bottom as the manifest records them."""
    found = rounded(box)
    return found.left, found.top, found.right, found.bottom


def _recorded(crop: Crop) -> Crop:
    """Not larger than before, so that it stays inside the photo."""
    steps = 10**DIGITS
    sides = (crop.left, crop.top, crop.side)
    left, top, side = (math.floor(v * steps + 1e-6) / steps for v in sides)
    return Crop(left, top, side, crop.aspect)


def _masked(photo: PhotoFaces, crop: Crop) -> tuple[Box, ...]:
    heads = (rounded(head_of(other, photo.width, photo.height)) for other in photo.others)
    return tuple(head for head in heads if intersection(head, crop.box) > 0)
