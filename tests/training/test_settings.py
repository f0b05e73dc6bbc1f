"""Settings are checked as a whole, before anything starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.errors import SettingsError
from lib_t2p.training.settings import (
    changed_values,
    option_table,
    settings_from,
    settings_from_toml,
    settings_to_toml,
)


def faults(**values: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        settings_from(values)
    return "\n".join(caught.value.faults)


def test_all_faults_come_in_one_message() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(
            {
                "network_dims": 32,
                "network_alpha": -1,
                "seed": 1.5,
                "resolution": "wide",
                "lr_scheduler": "cosinus",
                "optimizer_args": ["beta=1", "eps"],
                "cache_latents": "maybe",
            }
        )
    text = str(caught.value)
    assert "did you mean 'network_dim'?" in text
    assert "network_alpha is -1, but must be 0 to 1024" in text
    assert "seed is 1.5, but must be a whole number" in text
    assert "resolution is 'wide'" in text
    assert "cosine_with_restarts" in text
    assert "AdamW takes no 'beta'" in text
    assert "'eps' is not of the form name=value" in text
    assert "cache_latents is 'maybe'" in text
    assert len(caught.value.faults) == 8


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"full_bf16": True}, "full_bf16 needs mixed_precision = bf16"),
        ({"cache_text_encoder_outputs": True}, "needs network_train_unet_only"),
        (
            {
                "optimizer_type": "Prodigy",
                "learning_rate": 1.0,
                "text_encoder_lr": 0.5,
            },
            "unet_lr and text_encoder_lr must be equal",
        ),
        ({"learning_rate": 0}, "nothing would be learnt"),
        ({"lr_warmup_steps": 10}, "constant_with_warmup"),
        ({"min_timestep": 500, "max_timestep": 400}, "below max_timestep"),
        ({"min_bucket_reso": 512, "max_bucket_reso": 256}, "min_bucket_reso"),
        (
            {"network_train_unet_only": True, "network_train_text_encoder_only": True},
            "nothing to train",
        ),
        ({"min_snr_gamma": 5, "debiased_estimation_loss": True}, "choose one"),
        ({"enable_bucket": True, "resolution": 128}, "between min_bucket_reso"),
        ({"network_args": ["conv_dim=0"]}, "conv_dim must be a whole number"),
        ({"optimizer_args": ["betas=0.9"]}, "betas must be two numbers"),
        ({"optimizer_args": ["eps=__import__('os')"]}, "not of the form name=value"),
        ({"optimizer_type": "torch.optim.SGD"}, "must be one of AdamW"),
        (
            {"mixed_precision": "fp16", "full_fp16": True},
            "full_fp16 with AdamW needs eps=1e-4",
        ),
    ],
)
def test_bad_combinations_are_named(values: dict[str, Any], sentence: str) -> None:
    assert sentence in faults(**values)


def test_texts_of_a_form_become_numbers() -> None:
    settings = settings_from(
        {"network_dim": "32", "learning_rate": "1e-4", "cache_latents": "true", "resolution": 96}
    )
    assert (settings.network_dim, settings.learning_rate) == (32, 1e-4)
    assert settings.cache_latents is True
    assert settings.size == (96, 96)


def test_an_empty_value_means_none_only_where_none_is_allowed() -> None:
    assert settings_from({"min_snr_gamma": ""}).min_snr_gamma is None
    assert "network_dim is empty" in faults(network_dim="")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, [1], "1e999"])
def test_a_number_must_be_a_finite_number(value: Any) -> None:
    assert "learning_rate" in faults(learning_rate=value)


def test_settings_survive_toml(tmp_path: Path) -> None:
    settings = settings_from(
        {
            "optimizer_type": "DAdaptAdam",
            "optimizer_args": "decouple=True betas=0.9,0.99",
            "learning_rate": 1,
            "lr_scheduler": "cosine",
            "lr_warmup_steps": 0.1,
            "sample_prompts": 'a "b"\nc',
        }
    )
    path = tmp_path / "settings.toml"
    path.write_text(settings_to_toml(settings), encoding="utf-8")
    assert settings_from_toml(path) == settings
    assert "network_dim" not in changed_values(settings)


def test_every_option_is_one_of_sd_scripts_with_its_default(shared: Path) -> None:
    theirs: dict[str, dict[str, Any]] = {}
    for script in ("train_network", "sdxl_train_network"):
        file = shared / f"contracts/sd-scripts/options/v0.10-{script}.json"
        options = json.loads(file.read_text(encoding="utf-8"))["options"]
        theirs |= {option["dest"]: option for option in options}
    ours = {option.name: option for option in option_table()}
    assert set(ours) <= set(theirs)
    different = {
        name
        for name, option in ours.items()
        if (option.default or None) != (theirs[name]["default"] or None)
    }
    # Ours have a default of their own that the help tells.
    assert different == {
        "network_dim",
        "train_data_dir",
        "resolution",
        "optimizer_type",
        "save_last_n_epochs_state",
    }


def test_every_option_can_be_shown_in_a_form() -> None:
    for option in option_table():
        assert option.label, option.name
        assert option.help.endswith((".", ")")), option.name
        assert option.group, option.name
