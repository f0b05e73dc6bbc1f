"""Settings that do not go together; each fault says what to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.training.arguments import (
    NETWORK_ARGUMENTS,
    OPTIMIZER_ARGUMENTS,
    argument_faults,
    parse_arguments,
)

SMALLEST_HALF = 6e-8
"""Numbers below it are 0 in fp16."""

ADAPTIVE = ("DAdaptAdam", "Prodigy")
"""Optimizers that find the step size on their own, one for all parameters."""


def cross_faults(values: Mapping[str, Any]) -> list[str]:
    """Name every bad combination; `values` holds each option, each fit on its own."""
    return [
        *_network_faults(values),
        *_optimizer_faults(values),
        *_schedule_faults(values),
        *_data_faults(values),
        *_precision_faults(values),
    ]


def _network_faults(values: Mapping[str, Any]) -> list[str]:
    faults = argument_faults("network_args", values["network_args"], NETWORK_ARGUMENTS, "this LoRA")
    unet_only = values["network_train_unet_only"]
    if unet_only and values["network_train_text_encoder_only"]:
        faults.append(
            "network_train_unet_only and network_train_text_encoder_only leave nothing to train: "
            "switch one off"
        )
    if values["cache_text_encoder_outputs"]:
        if not unet_only:
            faults.append(
                "cache_text_encoder_outputs needs network_train_unet_only, since a text encoder "
                "that is trained gives new outputs at each step"
            )
        if values["shuffle_caption"] or values["caption_dropout_rate"]:
            faults.append(
                "cache_text_encoder_outputs needs captions that stay the same: switch "
                "shuffle_caption and caption_dropout_rate off"
            )
    return faults


def _optimizer_faults(values: Mapping[str, Any]) -> list[str]:
    name = values["optimizer_type"]
    faults = argument_faults(
        "optimizer_args", values["optimizer_args"], OPTIMIZER_ARGUMENTS[name], name
    )
    base = values["learning_rate"]
    rates = [base if values[k] is None else values[k] for k in ("unet_lr", "text_encoder_lr")]
    if values["network_train_unet_only"]:
        rates = rates[:1]
    if values["network_train_text_encoder_only"]:
        rates = rates[1:]
    if name in ADAPTIVE and len({r for r in rates if r > 0}) > 1:
        faults.append(
            f"{name} needs one learning rate for all: unet_lr and text_encoder_lr must be equal"
        )
    if not any(rates):
        faults.append("the learning rate is 0, so nothing would be learnt: give one above 0")
    return faults


def _schedule_faults(values: Mapping[str, Any]) -> list[str]:
    faults = []
    if values["lr_scheduler"] == "constant" and values["lr_warmup_steps"]:
        faults.append(
            "lr_warmup_steps needs another lr_scheduler: constant_with_warmup is constant after it"
        )
    low, high = values["min_timestep"] or 0, values["max_timestep"] or 1000
    if low >= high:
        faults.append(f"min_timestep ({low}) must be below max_timestep ({high})")
    if values["debiased_estimation_loss"] and values["min_snr_gamma"]:
        faults.append("min_snr_gamma and debiased_estimation_loss both weight the loss: choose one")
    if values["noise_offset"] and values["multires_noise_iterations"]:
        faults.append("noise_offset and multires_noise_iterations do the same thing: choose one")
    return faults


def _data_faults(values: Mapping[str, Any]) -> list[str]:
    faults = []
    if values["min_bucket_reso"] > values["max_bucket_reso"]:
        faults.append("min_bucket_reso must not be above max_bucket_reso")
    if values["bucket_reso_steps"] % 8:
        faults.append("bucket_reso_steps must be a multiple of 8")
    width, height = (int(side) for side in values["resolution"].split(","))
    if width % 8 or height % 8:
        faults.append("the sides of resolution must be multiples of 8")
    within = values["min_bucket_reso"] <= min(width, height)
    within = within and max(width, height) <= values["max_bucket_reso"]
    if values["enable_bucket"] and not values["bucket_no_upscale"] and not within:
        faults.append("resolution must lie between min_bucket_reso and max_bucket_reso")
    return faults


def _precision_faults(values: Mapping[str, Any]) -> list[str]:
    faults = []
    for precision in ("fp16", "bf16"):
        if values[f"full_{precision}"] and values["mixed_precision"] != precision:
            faults.append(f"full_{precision} needs mixed_precision = {precision}")
    epsilon = parse_arguments(values["optimizer_args"])[0].get("eps", 1e-8)
    if values["full_fp16"] and values["optimizer_type"] == "AdamW" and epsilon < SMALLEST_HALF:
        faults.append(
            "full_fp16 with AdamW needs eps=1e-4 in optimizer_args: its own 1e-8 is 0 in fp16 and "
            "gives no numbers"
        )
    return faults
