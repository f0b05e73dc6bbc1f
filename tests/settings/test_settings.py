"""Settings are checked as a whole, before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lib_t2p.errors import SettingsError
from lib_t2p.settings.arguments import argument_texts
from lib_t2p.settings.settings import (
    changed_values,
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
                "cache_text_encoder_outputs": True,
                "network_train_unet_only": True,
                "caption_tag_dropout_rate": 0.1,
                "token_warmup_step": 5,
            },
            "switch caption_tag_dropout_rate and token_warmup_step off",
        ),
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
        ({"enable_bucket": True, "resolution": 128}, "between min_bucket_reso"),
        ({"network_args": ["conv_dim=0"]}, "conv_dim must be a whole number"),
        ({"optimizer_args": ["betas=0.9"]}, "betas must be two numbers"),
        ({"optimizer_args": ["eps=__import__('os')"]}, "is no number, True or False"),
        ({"optimizer_args": ["0.99"]}, "not of the form name=value"),
        ({"optimizer_type": "Lion", "optimizer_args": "betas 0.9"}, "such as weight_decay=0.2 or"),
        ({"optimizer_type": "Lion", "optimizer_args": "x=true"}, "x=true is no number, True"),
        ({"lr_scheduler_args": ["T_max=ten"]}, "lr_scheduler_args: T_max=ten is no number"),
        ({"optimizer_type": "my.module.SGD"}, "may run code of others: choose one of AdamW"),
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


CODE = [
    ("optimizer_type", "evil.module.Steal"),
    ("optimizer_type", "__import__('os').system('x')"),
    ("network_module", "lycoris.kohya"),
    ("network_module", "networks.merge_lora"),
    ("lr_scheduler_type", "evil.Schedule"),
    ("lr_scheduler", "evil.Schedule"),
    ("dataset_class", "evil.Dataset"),
    ("network_weights", "C:/loras/some.pt"),
    ("vae", "vae.ckpt"),
    ("base_weights", ["a.safetensors", "b.PT"]),
]


@pytest.mark.parametrize(("name", "value"), CODE)
def test_code_that_is_not_listed_needs_explicit_trust(name: str, value: Any) -> None:
    assert "say explicitly that you trust it" in faults(**{name: value})
    settings = settings_from({name: value}, trusted=True)
    assert getattr(settings, name) == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("optimizer_type", "adamw8bit", "AdamW8bit"),
        ("optimizer_type", "", "AdamW"),
        ("lr_scheduler", "adafactor:1e-3", "adafactor:1e-3"),
        ("network_module", "networks.dylora", "networks.dylora"),
        ("vae", "vae.safetensors", "vae.safetensors"),
        ("max_token_length", "150", 150),
        ("text_encoder_lr", [1e-4, 5e-5], (1e-4, 5e-5)),
        ("text_encoder_lr", "1e-4 1e-4", 1e-4),
        ("text_encoder_lr", [], None),
        ("base_weights_multiplier", "0.5, 1", (0.5, 1.0)),
    ],
)
def test_values_are_read_as_people_write_them(name: str, value: Any, kept: Any) -> None:
    assert getattr(settings_from({name: value}), name) == kept


@pytest.mark.parametrize("value", ["\ud800", "a\0b", "x" * 20_001, 5, ["a"]])
def test_what_no_file_could_hold_is_no_text(value: Any) -> None:
    assert "training_comment is" in faults(training_comment=value)
    assert "optimizer_args is" in faults(optimizer_args=[value])


def test_ranges_are_told_in_whole_numbers() -> None:
    assert "but must be 0 to 4294967295" in faults(seed=-1)


def test_what_a_run_decides_is_no_setting() -> None:
    assert "output_dir is decided by the run itself" in faults(output_dir="/tmp/x")


def test_a_number_outside_its_choices_is_refused() -> None:
    assert "must be one of 150, 225" in faults(max_token_length=100)


@pytest.mark.parametrize(
    "text",
    [
        "weight_decay=0.1 betas=0.9,0.99",
        "weight_decay=0.1, betas=(0.9, 0.99)",
        "betas = [0.9,0.99] , weight_decay =0.1",
        '"weight_decay=0.1" "betas=0.9, 0.99"',
        "'weight_decay=0.1' 'betas=0.9,0.99'",
        "weight_decay=0.1; betas=( 0.9 ,0.99 )",
        "weight_decay=0.1\nbetas=\n0.9,\n0.99",
    ],
)
def test_arguments_are_read_as_people_write_them(text: str) -> None:
    for given in (text, [text]):
        settings = settings_from({"optimizer_args": given, "lr_scheduler_args": given})
        assert set(settings.optimizer_args) == {"weight_decay=0.1", "betas=0.9,0.99"}
        assert settings.lr_scheduler_args == settings.optimizer_args


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("eps=(1e-30, 1e-3)", ("eps=1e-30,1e-3",)),
        ("a=(5,)", ("a=(5,)",)),
        ("a=float('inf')", ("a=float('inf')",)),
        ("preset=C:\\my\\new.toml algo=lokr", ("preset=C:\\my\\new.toml", "algo=lokr")),
        ("x={'a': 1}", ("x={'a': 1}",)),
        ("stray x=1", ("stray", "x=1")),
    ],
)
def test_what_is_no_row_of_numbers_keeps_its_form(given: str, kept: tuple[str, ...]) -> None:
    assert tuple(argument_texts(given)) == kept


def test_a_path_with_spaces_stays_whole_in_a_list() -> None:
    given = ["preset=C:\\My Files\\x.toml", "algo = lokr", "conv_dim=4, conv_alpha=1"]
    settings = settings_from(
        {"network_module": "lycoris.kohya", "network_args": given}, trusted=True
    )
    assert settings.network_args == (
        *("preset=C:\\My Files\\x.toml", "algo=lokr"),
        *("conv_dim=4", "conv_alpha=1"),
    )
    with pytest.raises(SettingsError, match="not of the form name=value"):
        settings_from({"network_module": "lycoris.kohya", "network_args": "lokr"}, trusted=True)


def test_code_without_trust_is_one_fault_and_its_arguments_are_none() -> None:
    values = {
        "network_module": "lycoris.kohya",
        "network_args": ["algo=lokr", "preset=full", "factor=-1", "conv_dim=8"],
    }
    with pytest.raises(SettingsError) as caught:
        settings_from(values)
    assert len(caught.value.faults) == 1
    assert "say explicitly that you trust it" in caught.value.faults[0]
    assert settings_from(values, trusted=True).conv_dim == 8


def test_a_value_that_is_at_fault_is_named_once() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({"max_bucket_reso": "wide", "resolution": 2048, "enable_bucket": True})
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"resolution": "512,650"},
        {"resolution": "500,333", "enable_bucket": False},
        {"enable_bucket": True, "bucket_reso_steps": 1},
        {"enable_bucket": True, "bucket_reso_steps": 20, "resolution": "512,650"},
    ],
)
def test_sizes_that_sd_scripts_takes_are_taken(values: dict[str, Any]) -> None:
    settings = settings_from(values)
    assert all(getattr(settings, name) == value for name, value in values.items())
