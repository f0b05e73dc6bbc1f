"""What a training will take: steps as sd-scripts counts them, then minutes, memory and disk."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.diffusion import Family
from lib_t2p.preflight.forecasts.measurements import Measurements, Workload
from lib_t2p.preflight.forecasts.space import disk_bytes, vram_mb
from lib_t2p.preflight.forecasts.speed import run_seconds
from lib_t2p.preflight.training_images import Size, TrainImage
from lib_t2p.settings import Settings


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
        files: different pictures.
    """

    train_images: int
    reg_images: int
    buckets: dict[Size, int]
    batches_per_epoch: int
    steps_per_epoch: int
    epochs: int
    steps: int
    files: int = 0

    def minutes(self, seconds_per_step: float) -> float:
        """Minutes of training at a measured speed."""
        return self.steps * seconds_per_step / 60


@dataclass(frozen=True)
class Forecast:
    """What a training will take.

    Attributes:
        minutes: from start to the last saved model.
        vram_mb: peak of the card's memory, in MiB; of main memory when there is no card.
        disk_bytes: saved models, states and cached latents, all that lie there at the end.
        basis: one sentence: measured here, scaled from a measurement here, or the guide's.
    """

    minutes: float
    vram_mb: int
    disk_bytes: int
    basis: str


def forecast_run(
    settings: Settings,
    plan: StepPlan,
    measurements: Measurements,
    *,
    family: Family = Family.SD15,
    trainer: str = "builtin",
    device: str = "",
    size: float = 1.0,
) -> Forecast:
    """Forecast a run from its step plan and what was measured on this machine.

    Args:
        settings: of the run.
        plan: from `step_plan`.
        measurements: of this machine; may be empty.
        family: of the base checkpoint.
        trainer: who trains.
        device: name of the card, or `cpu`; the last measured one when empty.
        size: share of the family's size that the base has, from `forecasts.sizes.base_size`.
    """
    work = Workload.of(settings, family, trainer, device or measurements.device, size)
    batches = plan.steps * settings.gradient_accumulation_steps
    seconds, basis = run_seconds(work, batches, measurements, size)
    like = measurements.same(work)
    memory = max((m.vram_mb for m in like), default=0) or vram_mb(settings, family, size)
    return Forecast(
        minutes=seconds / 60,
        vram_mb=memory,
        disk_bytes=int(size * disk_bytes(settings, family, plan.steps, plan.epochs, plan.files)),
        basis=basis,
    )


def step_plan(images: Sequence[TrainImage], settings: Settings, *, processes: int = 1) -> StepPlan:
    """Count batches, steps and epochs for pictures from `collect_images`.

    Args:
        images: pictures with their buckets.
        settings: batch size, accumulation, epochs or steps.
        processes: cards that share the batches.
    """
    buckets: Counter[Size] = Counter()
    for image in images:
        buckets[image.placement.bucket] += image.repeats
    size = settings.train_batch_size
    batches = sum(math.ceil(count / size) for count in buckets.values())
    per_epoch = math.ceil(batches / processes / settings.gradient_accumulation_steps)
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
        files=len({i.path for i in images}),
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
