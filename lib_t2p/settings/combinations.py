"""Settings that do not go together, whatever is trained on; each is an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.settings.arguments import (
    NETWORK_ARGUMENTS,
    OPTIMIZER_ARGUMENTS,
    argument_faults,
    literal_faults,
    parse_arguments,
)
from lib_t2p.settings.finding import Finding
from lib_t2p.settings.optimizer_kinds import is_adaptive, without_argument

SMALLEST_HALF = 6e-8
"""Numbers below it are 0 in fp16."""


def cross_faults(values: Mapping[str, Any]) -> list[str]:
    """Name every bad combination; `values` holds each option, each fit on its own."""
    return [finding.what for finding in cross_findings(values)]


def cross_findings(values: Mapping[str, Any]) -> list[Finding]:
    """The same with what to change, for a form whose values make no settings yet."""
    return [
        *_network(values),
        *_optimizer(values),
        *_schedule(values),
        *_data(values),
        *_precision(values),
    ]


VARYING_CAPTIONS: dict[str, Any] = {
    "shuffle_caption": False,
    "caption_dropout_rate": 0.0,
    "caption_tag_dropout_rate": 0.0,
    "token_warmup_step": 0,
}
"""Settings by which a caption differs from step to step, and their values when off; sd-scripts'
SDXL trainer refuses these with cached text-encoder outputs."""


def _bad(code: str, what: str, label: str = "", **fix: Any) -> Finding:
    return Finding(code, "error", what, "", fix, label)


def _network(values: Mapping[str, Any]) -> list[Finding]:
    found = []
    if values.get("network_module", "networks.lora") == "networks.lora":
        faults = argument_faults(
            "network_args", values["network_args"], NETWORK_ARGUMENTS, "this LoRA"
        )
    else:
        faults = [f"network_args: {f}" for f in parse_arguments(values["network_args"])[1]]
    found += [_bad("network-arguments", fault) for fault in faults]
    unet_only = values["network_train_unet_only"]
    if unet_only and values["network_train_text_encoder_only"]:
        found.append(
            _bad(
                "nothing-to-train",
                "network_train_unet_only and network_train_text_encoder_only leave nothing to "
                "train: switch one off",
                "Train the U-Net",
                network_train_text_encoder_only=False,
            )
        )
    if values["cache_text_encoder_outputs"]:
        if not unet_only:
            found.append(
                _bad(
                    "cached-text-encoder",
                    "cache_text_encoder_outputs needs network_train_unet_only, since a text "
                    "encoder that is trained gives new outputs at each step",
                    "Train the U-Net only",
                    network_train_unet_only=True,
                )
            )
        if changing := [name for name in VARYING_CAPTIONS if values[name]]:
            found.append(
                _bad(
                    "cached-captions",
                    "cache_text_encoder_outputs needs captions that stay the same: switch "
                    f"{' and '.join(changing)} off",
                    "Leave captions as they are",
                    **{name: VARYING_CAPTIONS[name] for name in changing},
                )
            )
    return found


def _optimizer(values: Mapping[str, Any]) -> list[Finding]:
    name = values["optimizer_type"]
    known = OPTIMIZER_ARGUMENTS.get(name)
    given = values["optimizer_args"]
    faults = (
        argument_faults("optimizer_args", given, known, name)
        if known
        else literal_faults("optimizer_args", given)
    )
    faults += literal_faults("lr_scheduler_args", values["lr_scheduler_args"])
    found = [_bad("optimizer-arguments", fault) for fault in faults]
    rates = trained_rates(values)
    if is_adaptive(name) and len({r for r in rates if r > 0}) > 1:
        found.append(
            _bad(
                "one-rate",
                f"{name} needs one learning rate for all: unet_lr and text_encoder_lr must be "
                "equal",
                "Set all rates to 1.0",
                learning_rate=1.0,
                unet_lr=None,
                text_encoder_lr=None,
            )
        )
    if not any(rates):
        rate = 1.0 if is_adaptive(name) else 1e-4
        found.append(
            _bad(
                "zero-rate",
                "the learning rate is 0, so nothing would be learnt: give one above 0",
                f"Set learning_rate to {rate:g}",
                learning_rate=rate,
                unet_lr=None,
                text_encoder_lr=None,
            )
        )
    return found


def trained_rates(values: Mapping[str, Any]) -> list[float]:
    """Learning rates of the parts that are trained: U-Net, text encoder."""
    base = values["learning_rate"]
    rates = [base if values[k] is None else values[k] for k in ("unet_lr", "text_encoder_lr")]
    rates = [float(r[0]) if isinstance(r, (list, tuple)) else float(r or 0) for r in rates]
    if values["network_train_unet_only"]:
        return rates[:1]
    return rates[1:] if values["network_train_text_encoder_only"] else rates


def _schedule(values: Mapping[str, Any]) -> list[Finding]:
    found = []
    if values["lr_scheduler"] == "constant" and values["lr_warmup_steps"]:
        found.append(
            _bad(
                "constant-warmup",
                "lr_warmup_steps needs another lr_scheduler: constant_with_warmup is constant "
                "after it",
                "Use constant_with_warmup",
                lr_scheduler="constant_with_warmup",
            )
        )
    low, high = values["min_timestep"] or 0, values["max_timestep"] or 1000
    if low >= high:
        found.append(
            _bad(
                "timesteps",
                f"min_timestep ({low}) must be below max_timestep ({high})",
                "Train all timesteps",
                min_timestep=None,
                max_timestep=None,
            )
        )
    return found


def _data(values: Mapping[str, Any]) -> list[Finding]:
    found = []
    if values["min_bucket_reso"] > values["max_bucket_reso"]:
        found.append(_bad("bucket-range", "min_bucket_reso must not be above max_bucket_reso"))
    width, height = (int(side) for side in values["resolution"].split(","))
    small, large = min(width, height), max(width, height)
    within = values["min_bucket_reso"] <= small and large <= values["max_bucket_reso"]
    if values["enable_bucket"] and not values["bucket_no_upscale"] and not within:
        found.append(
            _bad(
                "bucket-range",
                "resolution must lie between min_bucket_reso and max_bucket_reso",
                "Widen the buckets' range",
                min_bucket_reso=min(values["min_bucket_reso"], small),
                max_bucket_reso=max(values["max_bucket_reso"], large),
            )
        )
    return found


def _precision(values: Mapping[str, Any]) -> list[Finding]:
    found = []
    for precision in ("fp16", "bf16"):
        full = f"full_{precision}"
        if values[full] and values["mixed_precision"] != precision:
            found.append(
                _bad(
                    "full-precision",
                    f"{full} needs mixed_precision = {precision}",
                    f"Set mixed_precision to {precision}",
                    mixed_precision=precision,
                )
            )
    arguments = values["optimizer_args"]
    epsilon = parse_arguments(arguments)[0].get("eps", 1e-8)
    zero = isinstance(epsilon, (int, float)) and epsilon < SMALLEST_HALF
    if values["full_fp16"] and values["optimizer_type"] == "AdamW" and zero:
        found.append(
            _bad(
                "fp16-epsilon",
                "full_fp16 with AdamW needs eps=1e-4 in optimizer_args: its own 1e-8 is 0 in fp16 "
                "and gives no numbers",
                "Set eps to 1e-4",
                optimizer_args=(*without_argument(arguments, "eps"), "eps=1e-4"),
            )
        )
    return found
