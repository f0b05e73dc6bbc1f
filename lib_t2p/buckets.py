"""Aspect buckets: the shape in which each picture is trained.

Datasets cut pictures to them, and training forecasts them. The rules are those of sd-scripts
(`BucketManager` and `make_bucket_resolutions`), so that steps and shapes come out the same. All
sizes are (width, height) in pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

Size = tuple[int, int]


@dataclass(frozen=True)
class BucketRules:
    """How buckets are made.

    Attributes:
        resolution: shape without buckets; its area limits every bucket.
        enabled: whether there are buckets at all.
        smallest: shortest side of a bucket.
        largest: longest side of a bucket.
        step: sides are multiples of it.
        no_upscale: pictures are only ever made smaller.
    """

    resolution: Size
    enabled: bool = False
    smallest: int = 256
    largest: int = 1024
    step: int = 64
    no_upscale: bool = False


@dataclass(frozen=True)
class Placement:
    """Where a picture goes: it is resized to `resized`, then cut about its centre to `bucket`."""

    bucket: Size
    resized: Size


@lru_cache(maxsize=32)
def bucket_sizes(rules: BucketRules) -> tuple[Size, ...]:
    """All bucket shapes, sorted."""
    if not rules.enabled:
        return (rules.resolution,)
    area, step = rules.resolution[0] * rules.resolution[1], rules.step
    side = int(math.sqrt(area) // step) * step
    sizes = {(side, side)} if side else set()
    for width in range(rules.smallest, rules.largest + 1, step):
        height = min(rules.largest, int((area // width) // step) * step)
        if height >= rules.smallest:
            sizes |= {(width, height), (height, width)}
    return tuple(sorted(sizes))


def place(size: Size, rules: BucketRules) -> Placement | None:
    """Choose the bucket of a picture; None when it is too small for any."""
    if rules.enabled and rules.no_upscale:
        return _shrunk(size, rules)
    width, height = size
    aspect = width / height
    sizes = bucket_sizes(rules)
    if not sizes:
        return None
    bucket = size if size in sizes else min(sizes, key=lambda s: abs(s[0] / s[1] - aspect))
    by_height = aspect > bucket[0] / bucket[1]
    scale = bucket[1] / height if by_height else bucket[0] / width
    return Placement(bucket, (int(width * scale + 0.5), int(height * scale + 0.5)))


def _shrunk(size: Size, rules: BucketRules) -> Placement | None:
    width, height = size
    area = rules.resolution[0] * rules.resolution[1]
    resized = _limited(width / height, area, rules.step) if width * height > area else size
    if resized is None:
        return None
    bucket = (resized[0] - resized[0] % rules.step, resized[1] - resized[1] % rules.step)
    return Placement(bucket, resized) if all(bucket) else None


def _limited(aspect: float, area: int, step: int) -> Size | None:
    """Shrink to `area`, with the side on a step that keeps the aspect better."""
    width = math.sqrt(area * aspect)
    height = area / width
    by_width, by_height = _on_step(width, step), _on_step(height, step)
    beside_width = _on_step(by_width / aspect, step)
    beside_height = _on_step(by_height * aspect, step)
    if not (by_width and by_height and beside_width and beside_height):
        return None
    if abs(by_width / beside_width - aspect) < abs(beside_height / by_height - aspect):
        return by_width, int(by_width / aspect + 0.5)
    return int(by_height * aspect + 0.5), by_height


def _on_step(length: float, step: int) -> int:
    whole = int(length + 0.5)
    return whole - whole % step
