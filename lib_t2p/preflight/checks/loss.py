"""Settings of noise and loss that sd-scripts refuses, or takes together although few mean it."""

from __future__ import annotations

from typing import Any

from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import Finding, Settings, Severity


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
