"""Noise and loss."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.lists import LOSSES, LOSSES_OF
from lib_t2p.settings.options.option import NEWEST, option


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
        builtin=True,
    )
    noise_offset: float | None = option(
        None,
        "Noise offset",
        "Lets the model learn darker and brighter pictures; 0.03 to 0.1.",
        minimum=0.0,
        maximum=1.0,
        level="simple",
        builtin=True,
    )
    noise_offset_random_strength: bool = option(
        False,
        "Random noise offset",
        "Draw the offset between 0 and its value at each step.",
        builtin=True,
    )
    adaptive_noise_scale: float | None = option(
        None,
        "Adaptive noise scale",
        "Share of the latent's own mean that is added to the noise offset.",
        minimum=-10.0,
        maximum=10.0,
        builtin=True,
    )
    multires_noise_iterations: int | None = option(
        None,
        "Multi-resolution noise",
        "Layers of coarser noise that are added; an alternative to the offset.",
        minimum=0,
        maximum=64,
        builtin=True,
    )
    multires_noise_discount: float = option(
        0.3,
        "Multi-resolution discount",
        "Strength from layer to layer.",
        minimum=0.0,
        maximum=1.0,
        builtin=True,
    )
    ip_noise_gamma: float | None = option(
        None,
        "Input perturbation",
        "Extra noise on the input only (arXiv 2301.11706).",
        minimum=0.0,
        maximum=1.0,
        builtin=True,
    )
    ip_noise_gamma_random_strength: bool = option(
        False,
        "Random input perturbation",
        "Draw it between 0 and its value at each step.",
        builtin=True,
    )
    min_timestep: int | None = option(
        None,
        "First timestep",
        "Smallest timestep trained; 0 when empty.",
        minimum=0,
        maximum=999,
        builtin=True,
    )
    max_timestep: int | None = option(
        None,
        "Last timestep",
        "Trained below this one; 1000 when empty.",
        minimum=1,
        maximum=1000,
        builtin=True,
    )
    loss_type: str = option(
        "l2",
        "Loss",
        "l2 is the square; huber and smooth_l1 forgive single large misses.",
        choices=LOSSES,
        choices_of=LOSSES_OF,
        builtin=True,
    )
    huber_schedule: str = option(
        "snr",
        "Huber schedule",
        "How huber's border depends on the timestep.",
        choices=("constant", "exponential", "snr"),
        builtin=True,
    )
    huber_c: float = option(
        0.1,
        "Huber border",
        "Misses above it count less; small values forgive more.",
        minimum=0.0,
        maximum=1000.0,
        builtin=True,
    )
    huber_scale: float = option(
        1.0,
        "Huber scale",
        "Scale of the border.",
        minimum=0.0,
        maximum=1000.0,
        since=NEWEST,
        builtin=True,
    )
    debiased_estimation_loss: bool = option(
        False,
        "Debiased estimation",
        "Weights the loss by 1 / sqrt(SNR) (arXiv 2310.08442).",
        builtin=True,
    )
    v2: bool = option(False, "SD2 checkpoint", "For checkpoints of Stable Diffusion 2.")
    v_parameterization: bool = option(
        False,
        "V-prediction",
        "For checkpoints that predict velocity instead of noise.",
        builtin=True,
    )
    v_pred_like_loss: float | None = option(
        None,
        "V-prediction share",
        "Weight of an additional v-prediction-like loss.",
        minimum=0.0,
        maximum=100.0,
    )
    scale_v_pred_loss_like_noise_pred: bool = option(
        False, "Scale v-prediction loss", "Makes it as large as the loss of noise prediction."
    )
    zero_terminal_snr: bool = option(
        False, "Zero terminal SNR", "Ends in pure noise; for v-prediction only.", gui=""
    )
    clip_skip: int | None = option(
        None,
        "Clip skip",
        "2 takes the text encoder's last but one layer; SDXL has a rule of its own.",
        minimum=1,
        maximum=12,
        level="simple",
        builtin=True,
    )
