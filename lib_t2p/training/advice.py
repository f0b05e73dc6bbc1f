"""Settings that run but teach little, as the guide's logs show: said before a run starts."""

from __future__ import annotations

import math

from lib_t2p.training.arguments import parse_arguments
from lib_t2p.training.checks.optimizer_kinds import is_adaptive
from lib_t2p.training.forecast import StepPlan
from lib_t2p.training.settings import Settings

FIRST_RATE = 1e-6
"""d0 of D-Adaptation and Prodigy."""

FULL_RATE = 1.5e-3
"""d x lr that the guide's log of growth rate 1.02 reaches (1.56e-3, at step 393 of 1100)."""


def advice(settings: Settings, plan: StepPlan) -> list[str]:
    """Name the traps that these settings walk into, one sentence each."""
    found = []
    if is_adaptive(settings.optimizer_type):
        if settings.full_fp16:
            found.append(
                f"full_fp16 with {settings.optimizer_type} keeps d x lr at 1e-6, so that nothing "
                "is learnt while the loss looks normal: use full_bf16, or fp16 without full_fp16."
            )
        found += _slow_growth(settings, plan)
    if plan.train_images and len(plan.buckets) > 1:
        most = max(plan.buckets.values()) / sum(plan.buckets.values())
        if most < 0.9 and settings.train_batch_size > 1:
            found.append(
                f"The pictures fall into {len(plan.buckets)} buckets, so that some batches are "
                "only part-filled: square crops train more evenly."
            )
    return found


def _slow_growth(settings: Settings, plan: StepPlan) -> list[str]:
    values = parse_arguments(settings.optimizer_args)[0]
    growth = float(values.get("growth_rate") or math.inf)
    first = float(values.get("d0") or FIRST_RATE)
    if not 1.0 < growth < math.inf:
        return []
    warmup = math.ceil(math.log(FULL_RATE / first) / math.log(growth))
    if plan.steps >= 2 * warmup:
        return []
    return [
        f"growth_rate={growth:g} takes about {warmup} steps to warm up, and this run has "
        f"{plan.steps}: train longer, or leave growth_rate out."
    ]
