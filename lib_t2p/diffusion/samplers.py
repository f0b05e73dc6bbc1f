"""The WebUI's samplers, by its names, as diffusers' schedulers or loops of our own.

Names: `modules/sd_samplers_kdiffusion.py` of AUTOMATIC1111 1.6 to 1.10, with the schedule as part
of the name (`DPM++ 2M Karras`), as 1.6 writes it.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lib_t2p.errors import PaintingError

Loop = Literal["scheduler", "DPM++ 2S a", "DPM++ SDE"]
Schedule = Literal["", "Karras", "Exponential"]

SCHEDULES: dict[Schedule, dict[str, Any]] = {
    "": {},
    "Karras": {"use_karras_sigmas": True},
    "Exponential": {"use_exponential_sigmas": True},
}


@dataclass(frozen=True)
class Sampler:
    """How a sampler of the WebUI is run.

    Attributes:
        scheduler: class name in diffusers.
        options: put over the checkpoint's scheduler configuration.
        loop: `scheduler` steps the class itself; the others are loops of our own over its sigmas.
        whole_range: give the WebUI's timesteps, from the last to the first of training, to a
            class that would leave the first out.
    """

    scheduler: str
    options: Mapping[str, Any] = field(default_factory=dict)
    loop: Loop = "scheduler"
    whole_range: bool = False

    def with_schedule(self, schedule: Schedule) -> Sampler:
        """The same sampler over another spacing of noise levels."""
        whole = self.whole_range and not schedule
        return Sampler(self.scheduler, {**self.options, **SCHEDULES[schedule]}, self.loop, whole)


_MULTISTEP = "DPMSolverMultistepScheduler"
_SDE: dict[str, Any] = {"algorithm_type": "sde-dpmsolver++"}
_LEADING: dict[str, Any] = {"timestep_spacing": "leading", "steps_offset": 1}

_BASES: dict[str, tuple[Sampler, tuple[Schedule, ...]]] = {
    "Euler a": (Sampler("EulerAncestralDiscreteScheduler"), ("",)),
    "Euler": (Sampler("EulerDiscreteScheduler"), ("", "Karras", "Exponential")),
    "LMS": (Sampler("LMSDiscreteScheduler"), ("", "Karras", "Exponential")),
    "Heun": (Sampler("HeunDiscreteScheduler"), ("", "Karras", "Exponential")),
    "DPM2": (Sampler("KDPM2DiscreteScheduler"), ("", "Karras", "Exponential")),
    "DPM2 a": (Sampler("KDPM2AncestralDiscreteScheduler"), ("", "Karras", "Exponential")),
    "DPM++ 2S a": (
        Sampler("EulerDiscreteScheduler", loop="DPM++ 2S a"),
        ("", "Karras", "Exponential"),
    ),
    "DPM++ 2M": (Sampler(_MULTISTEP, whole_range=True), ("", "Karras", "Exponential")),
    "DPM++ SDE": (
        Sampler("EulerDiscreteScheduler", loop="DPM++ SDE"),
        ("", "Karras", "Exponential"),
    ),
    "DPM++ 2M SDE": (Sampler(_MULTISTEP, _SDE, whole_range=True), ("", "Karras", "Exponential")),
    "DPM++ 2M SDE Heun": (
        Sampler(_MULTISTEP, {**_SDE, "solver_type": "heun"}, whole_range=True),
        ("", "Karras", "Exponential"),
    ),
    # Evenly spaced timesteps end in steps too long for third order: it does not converge.
    "DPM++ 3M SDE": (
        Sampler(_MULTISTEP, {**_SDE, "solver_order": 3}),
        ("Karras", "Exponential"),
    ),
    "DDIM": (
        Sampler("DDIMScheduler", {**_LEADING, "clip_sample": False, "set_alpha_to_one": False}),
        ("",),
    ),
    "PLMS": (
        Sampler("PNDMScheduler", {**_LEADING, "skip_prk_steps": True, "set_alpha_to_one": False}),
        ("",),
    ),
    "UniPC": (Sampler("UniPCMultistepScheduler", {"timestep_spacing": "linspace"}), ("",)),
}

SAMPLERS: dict[str, Sampler] = {
    f"{name} {schedule}".strip(): sampler.with_schedule(schedule)
    for name, (sampler, schedules) in _BASES.items()
    for schedule in schedules
}
"""All that can be painted with, by the WebUI's name."""

_FROM_CHECKPOINT = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "trained_betas",
    "prediction_type",
    "rescale_betas_zero_snr",
)


def find_sampler(name: str) -> Sampler:
    """Find a sampler by the WebUI's name, upper and lower case alike.

    Raises:
        PaintingError: it is not known; lists those that are.
    """
    by_lower = {known.lower(): sampler for known, sampler in SAMPLERS.items()}
    wanted = " ".join(name.lower().split())
    if wanted in by_lower:
        return by_lower[wanted]
    near = difflib.get_close_matches(wanted, by_lower, n=1)
    hint = next((f"Did you mean {k}? " for k in SAMPLERS if near and k.lower() == near[0]), "")
    raise PaintingError(
        f"The sampler {name!r} is not known to our painter. {hint}It knows {', '.join(SAMPLERS)}."
    )


def make_scheduler(sampler: Sampler, config: Mapping[str, Any]) -> Any:
    """Make the diffusers scheduler of a sampler.

    Args:
        config: the checkpoint's scheduler configuration; betas and prediction type are taken.
    """
    import diffusers

    kind = getattr(diffusers, sampler.scheduler)
    accepted = inspect.signature(kind.__init__).parameters
    options = {k: config[k] for k in _FROM_CHECKPOINT if config.get(k) is not None}
    options |= {"timestep_spacing": "linspace", **sampler.options}
    return kind(**{k: v for k, v in options.items() if k in accepted})


def set_steps(scheduler: Any, sampler: Sampler, steps: int) -> None:
    """Spread `steps` over the noise levels as the WebUI does."""
    if not sampler.whole_range or steps < 2:
        scheduler.set_timesteps(steps)
        return
    last = scheduler.config.num_train_timesteps - 1
    scheduler.set_timesteps(timesteps=[round(last * (1 - i / (steps - 1))) for i in range(steps)])
