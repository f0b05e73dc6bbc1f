"""Settings read back from the `ss_*` metadata of a LoRA, sd-scripts' or ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.json_io import loads
from lib_t2p.ranges import whole_number
from lib_t2p.settings.coercion import Unfit, coerced
from lib_t2p.settings.options.lists import OPTIMIZERS
from lib_t2p.settings.options.table import all_options, option_table

_RENAMED = {
    "ss_batch_size_per_device": "train_batch_size",
    "ss_num_epochs": "max_train_epochs",
    "ss_debiased_estimation": "debiased_estimation_loss",
    "ss_sd_model_name": "pretrained_model_name_or_path",
    "ss_vae_name": "vae",
    "modelspec.title": "metadata_title",
    "modelspec.author": "metadata_author",
    "modelspec.description": "metadata_description",
    "modelspec.license": "metadata_license",
    "modelspec.tags": "metadata_tags",
    "modelspec.usage_hint": "metadata_usage_hint",
    "modelspec.trigger_phrase": "metadata_trigger_phrase",
    "modelspec.merged_from": "metadata_merged_from",
    "modelspec.preprocessor": "metadata_preprocessor",
    "modelspec.is_negative_embedding": "metadata_is_negative_embedding",
}
_APART = ("optimizer", "network_args", "resolution")


def settings_from_metadata(
    metadata: Mapping[str, str],
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read what a LoRA was trained with.

    Args:
        metadata: a LoRA's, such as `lib_t2p.lora.header.read_header(path).metadata`.

    Returns:
        Values by option name, each fit for its option (what equals a default is there too when
        it is recorded); and the names of the settings that are not recorded.
    """
    facts = {**_dataset(metadata), **dict(metadata)}
    found: dict[str, Any] = {}
    for name in all_options():
        if name not in _APART and f"ss_{name}" in facts:
            found[name] = facts[f"ss_{name}"]
    found |= {name: facts[key] for key, name in _RENAMED.items() if key in facts}
    found |= _apart(facts)
    values = {name: value for name, text in found.items() for value in _fit(name, text)}
    values |= _from_several(facts, values)
    unrecorded = [option.name for option in option_table() if option.name not in values]
    return values, tuple(unrecorded)


def _fit(name: str, text: Any) -> list[Any]:
    """The value in a list, or nothing when it cannot be understood."""
    if isinstance(text, str) and text in ("None", "null"):
        text = None
    if isinstance(text, str) and text.startswith("[") and "lr" in name:
        text = text.strip("[]")
    option = all_options()[name]
    if text is None and "None" not in option.kind and option.kind != "str":
        return [option.default]
    try:
        return [coerced(option, text, trusted=True)]
    except Unfit:
        return []


def _apart(facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "ss_resolution" in facts:
        found["resolution"] = str(facts["ss_resolution"]).strip("()[] ").replace(" ", "")
    if "ss_optimizer" in facts:
        found |= _optimizer(str(facts["ss_optimizer"]))
    if "ss_network_module" in facts:
        found["network_args"] = _arguments(str(facts.get("ss_network_args", "{}")))
    if "modelspec.prediction_type" in facts:
        found["v_parameterization"] = str(facts["modelspec.prediction_type"] == "v")
    return found


def _optimizer(text: str) -> dict[str, Any]:
    """`module.Class(name=value,name=(a, b))` as sd-scripts writes it."""
    path, _, arguments = text.partition("(")
    name = path.rpartition(".")[2]
    listed = {o.rpartition(".")[2]: o for o in OPTIMIZERS}
    # A dotted path that is not listed stays whole, so that it is not taken for a listed one.
    chosen = listed.get(name, path)
    return {"optimizer_type": chosen, "optimizer_args": _parted(arguments.removesuffix(")"))}


def _parted(arguments: str) -> list[str]:
    parts: list[str] = []
    depth = 0
    for piece in arguments.split(","):
        if depth == 0 and "=" in piece:
            parts.append(piece.strip())
        elif parts:
            parts[-1] += f",{piece.strip()}"
        depth += piece.count("(") + piece.count("[") - piece.count(")") - piece.count("]")
    return [_bare(part) for part in parts]


def _bare(argument: str) -> str:
    name, _, value = argument.partition("=")
    return f"{name}={value.strip('()') if value.startswith('(') else value}"


def _arguments(text: str) -> list[str]:
    table = _json(text)
    if not isinstance(table, dict):
        return []
    # sd-scripts adds network_dropout under another name.
    return [f"{n}={v}" for n, v in table.items() if n != "dropout" and v is not None]


def _dataset(metadata: Mapping[str, str]) -> dict[str, Any]:
    """Facts of the first dataset, where several or a dataset file were trained on."""
    datasets = _json(metadata.get("ss_datasets", "[]"))
    if not isinstance(datasets, list) or not datasets or not isinstance(datasets[0], dict):
        return {}
    facts = {f"ss_{name}": _plain(value) for name, value in datasets[0].items()}
    subsets = datasets[0].get("subsets")
    if isinstance(subsets, list) and subsets and isinstance(subsets[0], dict):
        facts = {f"ss_{name}": _plain(value) for name, value in subsets[0].items()} | facts
    return facts


def _plain(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _from_several(facts: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from facts that are no options."""
    found: dict[str, Any] = {}
    images = whole_number(str(facts.get("ss_num_reg_images", "")))
    if images is not None:
        found["reg_data_dir"] = "reg" if images else ""
    elif "ss_reg_dataset_dirs" in facts:
        found["reg_data_dir"] = "reg" if _json(str(facts["ss_reg_dataset_dirs"])) else ""
    if "ss_min_bucket_reso" in facts and not values.get("enable_bucket", True):
        # Not recorded when there are no buckets, and without effect.
        found |= {n: all_options()[n].default for n in ("min_bucket_reso", "max_bucket_reso")}
    return found


def _json(text: str) -> Any:
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None
