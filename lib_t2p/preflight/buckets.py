"""Aspect buckets as a training's settings make them; the rule itself is in `lib_t2p.buckets`."""

from __future__ import annotations

import math

from lib_t2p.buckets import BucketRules, Placement, Size, bucket_sizes, place
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
