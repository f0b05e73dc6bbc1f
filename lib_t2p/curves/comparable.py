"""Whether losses of runs measure the same thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

INCOMPARABLE = {
    "min_snr_gamma": "min-SNR gamma",
    "noise_offset": "noise offset",
    "adaptive_noise_scale": "adaptive noise scale",
    "multires_noise_iterations": "multires noise",
    "debiased_estimation_loss": "debiased estimation",
    "loss_type": "loss type",
    "v_parameterization": "v-prediction",
    "zero_terminal_snr": "zero terminal SNR",
    "scale_v_pred_loss_like_noise_pred": "v-prediction loss scale",
    "ip_noise_gamma": "input perturbation noise",
    "prior_loss_weight": "regularisation weight",
    "masked_loss": "masked loss",
    "resolution": "resolution",
    "min_timestep": "lowest timestep",
    "max_timestep": "highest timestep",
}
"""Settings that change what the loss measures."""

OFF = ("", "0", "0.0", "none", "false")


def differing(settings: Sequence[Mapping[str, Any]]) -> list[str]:
    """What differs between runs and changes what their losses measure, in words.

    Args:
        settings: of each run, by sd-scripts' names; of a run whose settings are not known nothing
            may be claimed, so it is left out by who calls.
    """
    return [
        words
        for name, words in INCOMPARABLE.items()
        if len({_plain(values.get(name)) for values in settings}) > 1
    ]


def _plain(value: Any) -> str:
    """Equal for `768`, `768,768` and [768, 768], and for all that switches something off."""
    if isinstance(value, (list, tuple)):
        value = ",".join(map(str, value))
    parts = [part.strip() for part in str(value).split(",")]
    told = parts[0] if len(set(parts)) == 1 else ",".join(parts)
    return "" if told.casefold() in OFF else told
