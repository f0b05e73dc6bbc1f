"""How many steps a training takes: arithmetic only, the same as in sd-scripts."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.training.buckets import Size
from lib_t2p.training.images import TrainImage
from lib_t2p.training.settings import Settings


@dataclass(frozen=True)
class StepPlan:
    """What a training will do.

    Attributes:
        train_images: pictures with repeats.
        reg_images: regularisation images with repeats, after filling up.
        buckets: shape -> pictures with repeats, regularisation included.
        batches_per_epoch: part-filled ones included.
        steps_per_epoch: optimizer steps.
        epochs: passes, the last of which may be cut short by `steps`.
        steps: optimizer steps in all.
    """

    train_images: int
    reg_images: int
    buckets: dict[Size, int]
    batches_per_epoch: int
    steps_per_epoch: int
    epochs: int
    steps: int

    def minutes(self, seconds_per_step: float) -> float:
        """Minutes of training at a measured speed."""
        return self.steps * seconds_per_step / 60


def step_plan(images: Sequence[TrainImage], settings: Settings) -> StepPlan:
    """Count batches, steps and epochs for pictures from `collect_images`."""
    buckets: Counter[Size] = Counter()
    for image in images:
        buckets[image.placement.bucket] += image.repeats
    size = settings.train_batch_size
    batches = sum(math.ceil(count / size) for count in buckets.values())
    per_epoch = math.ceil(batches / settings.gradient_accumulation_steps)
    steps = settings.max_train_steps
    if settings.max_train_epochs is not None:
        steps = settings.max_train_epochs * per_epoch
    return StepPlan(
        train_images=sum(i.repeats for i in images if not i.is_reg),
        reg_images=sum(i.repeats for i in images if i.is_reg),
        buckets=dict(sorted(buckets.items())),
        batches_per_epoch=batches,
        steps_per_epoch=per_epoch,
        epochs=math.ceil(steps / per_epoch) if per_epoch else 0,
        steps=steps,
    )


def epoch_batches(
    images: Sequence[TrainImage], batch_size: int, *, seed: int, epoch: int
) -> list[list[int]]:
    """Order the pictures of one epoch.

    Returns:
        Batches of indices into `images`, each of one bucket; the same for the same seed and epoch.
    """
    order = random.Random(seed * 1_000_003 + epoch)
    members: dict[Size, list[int]] = {}
    for index, image in enumerate(images):
        members.setdefault(image.placement.bucket, []).extend([index] * image.repeats)
    batches = []
    for bucket in sorted(members):
        order.shuffle(members[bucket])
        rows = members[bucket]
        batches += [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]
    order.shuffle(batches)
    return batches
