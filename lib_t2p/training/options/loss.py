"""Noise and loss."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.training.options.option import option


@dataclass(frozen=True)
class LossOptions:
    """What the model is asked to predict, and how misses count."""

    min_snr_gamma: float | None = option(
        None,
        "Min-SNR gamma",
        "Lowers the weight of nearly clean pictures; 5 in the paper (arXiv 2303.09556).",
        minimum=0.0,
        maximum=100.0,
        level="simple",
    )
    noise_offset: float | None = option(
        None,
        "Noise offset",
        "Lets the model learn darker and brighter pictures; 0.03 to 0.1.",
        minimum=0.0,
        maximum=1.0,
        level="simple",
    )
    multires_noise_iterations: int | None = option(
        None,
        "Multi-resolution noise",
        "Layers of coarser noise that are added; an alternative to the offset.",
        minimum=0,
        maximum=64,
    )
    multires_noise_discount: float = option(
        0.3, "Multi-resolution discount", "Strength from layer to layer.", minimum=0.0, maximum=1.0
    )
    ip_noise_gamma: float | None = option(
        None,
        "Input perturbation",
        "Extra noise on the input only (arXiv 2301.11706).",
        minimum=0.0,
        maximum=1.0,
    )
    min_timestep: int | None = option(
        None, "First timestep", "Smallest timestep trained; 0 when empty.", minimum=0, maximum=999
    )
    max_timestep: int | None = option(
        None, "Last timestep", "Trained below this one; 1000 when empty.", minimum=1, maximum=1000
    )
    debiased_estimation_loss: bool = option(
        False, "Debiased estimation", "Weights the loss by 1 / sqrt(SNR) (arXiv 2310.08442)."
    )
    v_parameterization: bool = option(
        False, "V-prediction", "For checkpoints that predict velocity instead of noise."
    )
    clip_skip: int | None = option(
        None,
        "Clip skip",
        "2 takes the text encoder's last but one layer; SDXL has a rule of its own.",
        minimum=1,
        maximum=12,
        level="simple",
    )
