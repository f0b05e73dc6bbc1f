"""Settings as values of a GUI JSON."""

from __future__ import annotations

from typing import Any

from lib_t2p.settings.kohya.additional import is_carried, join_additional
from lib_t2p.settings.kohya.config import TrainingConfig, fitting
from lib_t2p.settings.kohya.gui_keys import (
    ALGORITHMS,
    BLOCKS,
    CONVOLUTION,
    LYCORIS,
    MODULES,
    OFF_AT_ZERO,
    PLUS,
    plain_keys,
)
from lib_t2p.settings.options.option import Option
from lib_t2p.settings.options.table import all_options

_READ_APART = (
    "network_module", "network_args", "network_train_unet_only",
    "network_train_text_encoder_only", "text_encoder_lr", "unet_lr", "lr_warmup_steps",
    "max_train_epochs", "xformers", "sdpa", "resolution", "optimizer_type", "no_half_vae",
    "cache_text_encoder_outputs",
)  # fmt: skip


def gui_values(config: TrainingConfig) -> dict[str, Any]:
    """Every key of the GUI that carries an option, sorted by name as the GUI sorts them."""
    # A value that does not fit counts as the default, so that an edit leaves it as it is.
    fit = fitting(config.values)
    values = {name: fit.get(name, option.default) for name, option in all_options().items()}
    options = all_options()
    gui = {key: _gui_value(options[n], values[n]) for key, n in plain_keys().items()}
    gui |= _steps(values) | _rates(values)
    arguments, lost = _network(values)
    gui |= arguments
    gui |= {
        "LoRA_type": _lora_type(values),
        "max_resolution": values["resolution"],
        "optimizer": values["optimizer_type"],
        "xformers": _attention(values),
        "sdxl": config.family == "sdxl",
        "sdxl_cache_text_encoder_outputs": values["cache_text_encoder_outputs"],
        "sdxl_no_half_vae": values["no_half_vae"],
        "noise_offset_type": "Multires" if values["multires_noise_iterations"] else "Original",
        "stop_text_encoder_training": 0,
        "model_list": "custom",
    }
    homeless = _homeless(config, values, lost)
    held = {name: value for name, value in homeless.items() if is_carried(value)}
    gui["additional_parameters"] = join_additional(held, config.extra)
    gui |= dict(config.launch)
    gui.setdefault("num_cpu_threads_per_process", 2)
    return dict(sorted(gui.items()))


def unheld(config: TrainingConfig) -> dict[str, str]:
    """The settings that no file of the GUI can hold: name -> a sentence why."""
    fit = fitting(config.values)
    values = {name: fit.get(name, option.default) for name, option in all_options().items()}
    homeless = _homeless(config, values, _network(values)[1])
    # A key of its own holds what stood in the additional parameters.
    return {
        name: f"{name} is {value!r:.120}, but the GUI has no field for it and parts its additional "
        "parameters at spaces: give a value without spaces, or write a TOML file"
        for name, value in homeless.items()
        if not is_carried(value) and name not in plain_keys().values() and name not in _READ_APART
    }


def _gui_value(option: Option, value: Any) -> Any:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if value is None:
        return 0 if option.name in OFF_AT_ZERO else _EMPTY.get(option.name, "")
    return value


_EMPTY = {"max_token_length": "75", "max_timestep": 1000, "seed": ""}


def _steps(values: dict[str, Any]) -> dict[str, Any]:
    epochs, warm_up = values["max_train_epochs"], values["lr_warmup_steps"]
    share = _is_share(warm_up)
    return {
        "epoch": epochs or 1,
        "max_train_epochs": "",
        "max_train_steps": "" if epochs else values["max_train_steps"],
        "lr_warmup": round(warm_up * 100, 6) if share else 0,
    }


def _is_share(warm_up: Any) -> bool:
    return isinstance(warm_up, float) and warm_up < 1


_OTHER_ONLY = {
    "text_encoder_lr": "network_train_unet_only",
    "unet_lr": "network_train_text_encoder_only",
}


def _zeroed(values: dict[str, Any], rate: str) -> bool:
    """Whether a rate of 0 says that its part is not trained; one that is given is kept."""
    return values[_OTHER_ONLY[rate]] is True and values[rate] is None


def _rates(values: dict[str, Any]) -> dict[str, Any]:
    base = values["learning_rate"]
    text, unet = (base if values[k] is None else values[k] for k in ("text_encoder_lr", "unet_lr"))
    trained = values["network_train_unet_only"] or values["network_train_text_encoder_only"]
    if values["text_encoder_lr"] is None and values["unet_lr"] is None and not trained:
        # Two zeros stand for the learning rate.
        text, unet = 0, 0
    if isinstance(text, tuple):
        text, second = text[0], text[-1]
    else:
        second = 0

    return {
        "text_encoder_lr": 0 if _zeroed(values, "text_encoder_lr") else text,
        "unet_lr": 0 if _zeroed(values, "unet_lr") else unet,
        "t5xxl_lr": second,
    }


def _attention(values: dict[str, Any]) -> str:
    if values["xformers"]:
        return "xformers"
    return "sdpa" if values["sdpa"] else "none"


_RENAMED = {"preset": "LyCORIS_preset", "constraint": "constrain", "block_size": "unit"}


def _network(values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Keys of the network's arguments, and those that the GUI has no key for."""
    gui: dict[str, Any] = dict.fromkeys((*BLOCKS, *CONVOLUTION, *PLUS), "")
    unused = 0 if _algorithm(values) else 1
    gui |= {"conv_dim": unused, "conv_alpha": unused, "rank_dropout": 0, "module_dropout": 0}
    gui |= dict.fromkeys(PLUS, 0)
    lost = []
    for argument in values["network_args"]:
        name, _, text = argument.partition("=")
        key = _RENAMED.get(name, name)
        if key in gui or key in LYCORIS:
            gui[key] = _number(text)
        elif name != "algo":
            lost.append(argument)
    return gui, lost


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(text.lower(), text)


def _lora_type(values: dict[str, Any]) -> str:
    module, args = values["network_module"], values["network_args"]
    algorithm = _algorithm(values)
    if algorithm:
        names = {algo: name for name, algo in ALGORITHMS.items()}
        return names.get(algorithm, "LyCORIS/LoCon")
    if module == "networks.lora":
        return "Kohya LoCon" if any(a.startswith("conv_") for a in args) else "Standard"
    return next((name for name, m in MODULES.items() if m == module), "Standard")


def _algorithm(values: dict[str, Any]) -> str:
    """Of LyCORIS; empty for other networks."""
    args = values["network_args"]
    return next((a.partition("=")[2] for a in args if a.startswith("algo=")), "")


def _homeless(config: TrainingConfig, values: dict[str, Any], lost: list[str]) -> dict[str, Any]:
    """Options without a key: they go into the additional parameters."""
    gui = plain_keys().values()
    found = {
        name: value
        for name, value in values.items()
        if (name in config.additional or (name not in gui and name not in _READ_APART))
        and value != all_options()[name].default
        and name in config.values
    }
    for rate, flag in _OTHER_ONLY.items():
        if values[flag] and not _zeroed(values, rate):
            found[flag] = True
    if values["no_half_vae"] and config.kind != "gui" and config.family != "sdxl":
        found["no_half_vae"] = True
    if values["lr_warmup_steps"] and not _is_share(values["lr_warmup_steps"]):
        found["lr_warmup_steps"] = values["lr_warmup_steps"]
    module = values["network_module"]
    if module not in (*MODULES.values(), "lycoris.kohya"):
        found |= {"network_module": module, "network_args": values["network_args"]}
    elif lost:
        found["network_args"] = values["network_args"]
    return found
