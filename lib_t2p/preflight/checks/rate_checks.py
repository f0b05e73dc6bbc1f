"""Optimizers, learning rates, noise and loss that learn nothing, blow up, or are refused."""

from __future__ import annotations

import math
from typing import Any

from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import (
    Finding,
    Settings,
    Severity,
    is_adaptive,
    number_of,
    parse_arguments,
    trained_rates,
    without_argument,
)


def loss_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check them; what is refused is from `verify_training_args` of sd-scripts."""
    found = []
    if settings.debiased_estimation_loss and settings.min_snr_gamma:
        found.append(
            _finding(
                "two-weightings",
                "min_snr_gamma and debiased_estimation_loss both weight the loss.",
                "The two weights are multiplied, which hardly anybody means.",
                "Keep min-SNR",
                debiased_estimation_loss=False,
            )
        )
    if settings.noise_offset and settings.multires_noise_iterations:
        found.append(
            _finding(
                "two-noises",
                "noise_offset and multires_noise_iterations both change the noise.",
                "They are meant for the same end, and one after the other is easily too much.",
                "Keep the noise offset",
                multires_noise_iterations=None,
            )
        )
    return found + (_refused(settings) if facts.is_sd_scripts else [])


def _refused(settings: Settings) -> list[Finding]:
    found = []
    if settings.adaptive_noise_scale is not None and settings.noise_offset is None:
        found.append(_ends("adaptive_noise_scale", "needs a noise_offset", None))
    if settings.scale_v_pred_loss_like_noise_pred and not settings.v_parameterization:
        found.append(_ends("scale_v_pred_loss_like_noise_pred", "needs v_parameterization", False))
    if settings.v_pred_like_loss and settings.v_parameterization:
        found.append(_ends("v_pred_like_loss", "does not go with v_parameterization", None))
    return found


def _ends(name: str, what: str, off: Any) -> Finding:
    why = "sd-scripts would end at once."
    label = f"Leave {name} out"
    return _finding("loss-settings", f"{name} {what}.", why, label, "error", **{name: off})


def _finding(
    code: str, what: str, why: str, label: str, severity: Severity = "warning", **fix: Any
) -> Finding:
    return Finding(code, severity, what, why, fix, label)


FIRST_RATE = 1e-6
"""d0 of D-Adaptation and Prodigy."""

FULL_RATE = 1.5e-3
"""d x lr that the guide's log of growth rate 1.02 reaches (1.56e-3, at step 393 of 1100)."""

TOO_LOW = 0.1
"""Below it sd-scripts itself says that the rate of an adaptive optimizer is too low."""

TOO_HIGH = 0.1
"""No optimizer that takes a plain rate trains a LoRA with more: ours, ten times its usual peak."""

_ALL_ONE = {"learning_rate": 1.0, "unet_lr": None, "text_encoder_lr": None}


def rate_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check optimizer, learning rate, growth and warm-up."""
    if is_adaptive(settings.optimizer_type):
        found = _adaptive(settings) + _growth(settings, facts)
    else:
        found = _plain(settings)
    return found + _warmup(settings, facts)


def _adaptive(settings: Settings) -> list[Finding]:
    name, found = settings.optimizer_type, []
    if settings.full_fp16:
        found.append(
            Finding(
                "full-fp16-adaptive",
                "error",
                f"full_fp16 with {name} keeps d x lr at {FIRST_RATE:g}.",
                "Nothing is learnt while the loss looks normal: the guide's log of this setting "
                "never leaves its first rate.",
                {"full_fp16": False},
                "Switch full_fp16 off",
            )
        )
    rates = [rate for rate in trained_rates(vars(settings)) if rate > 0]
    if rates and rates[0] != 1.0:
        low = rates[0] <= TOO_LOW
        found.append(
            Finding(
                "adaptive-rate",
                "error" if low else "warning",
                f"{name} finds the rate on its own, and a learning rate of {rates[0]:g} multiplies "
                "what it finds.",
                "So little of it is left that next to nothing is learnt."
                if low
                else "1.0 is what it is made for.",
                _ALL_ONE,
                "Set the learning rate to 1.0",
            )
        )
    return found


def _plain(settings: Settings) -> list[Finding]:
    highest = max(trained_rates(vars(settings)), default=0.0)
    if highest < TOO_HIGH or "adafactor" in settings.optimizer_type.lower():
        return []
    return [
        Finding(
            "rate-too-high",
            "error",
            f"A learning rate of {highest:g} is for optimizers that find the rate by themselves; "
            f"{settings.optimizer_type} takes it as it is.",
            "The loss would run away within a few steps.",
            {"learning_rate": 1e-4, "unet_lr": None, "text_encoder_lr": None},
            "Set the learning rate to 1e-4",
        )
    ]


def growth_steps(settings: Settings) -> int:
    """Optimizer steps that `growth_rate` needs to come from d0 to a full rate; 0 without it."""
    values = parse_arguments(settings.optimizer_args)[0]
    growth = number_of(values, "growth_rate", math.inf)
    first = number_of(values, "d0", FIRST_RATE)
    if not 1.0 < growth < math.inf or not 0 < first < FULL_RATE:
        return 0
    return math.ceil(math.log(FULL_RATE / first) / math.log(growth))


def _growth(settings: Settings, facts: CheckFacts) -> list[Finding]:
    needed = growth_steps(settings)
    # Twice as long: the guide's 550 steps (1.5 times) were under-trained, its 1100 were not.
    if facts.plan is None or facts.plan.steps >= 2 * needed:
        return []
    growth = parse_arguments(settings.optimizer_args)[0]["growth_rate"]
    return [
        Finding(
            "growth-rate",
            "warning",
            f"growth_rate={growth:g} takes about {needed} steps to warm up, and this run has "
            f"{facts.plan.steps}.",
            "It ends under-trained, as the guide's runs of 300 and 550 steps did.",
            {"optimizer_args": without_argument(settings.optimizer_args, "growth_rate")},
            "Leave growth_rate out",
        )
    ]


def _warmup(settings: Settings, facts: CheckFacts) -> list[Finding]:
    warmup = settings.lr_warmup_steps
    if facts.plan is None or not warmup:
        return []
    steps = warmup * facts.plan.steps if isinstance(warmup, float) and warmup < 1 else warmup
    if steps < facts.plan.steps / 2:
        return []
    return [
        Finding(
            "long-warmup",
            "warning",
            f"The rate rises for {steps:g} of the run's {facts.plan.steps} steps.",
            "Most of the training happens at a rate that is too low.",
            {"lr_warmup_steps": facts.plan.steps // 10},
            "Warm up for a tenth of the steps",
        )
    ]
