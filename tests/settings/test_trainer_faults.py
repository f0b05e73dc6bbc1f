"""What one trainer cannot do is named; what it can do reaches its configuration file."""

from __future__ import annotations

from typing import Any

import pytest
from command_lines import to_arguments

from lib_t2p.errors import SettingsError
from lib_t2p.settings.sd_settings import to_sd_scripts
from lib_t2p.settings.settings import settings_from, unknown_to
from lib_t2p.settings.trainer_limits import trainer_faults

OLD, MIDDLE, NEW = "sd-scripts-v0.8.7", "sd-scripts-v0.9.1", "sd-scripts-v0.10.1"


@pytest.mark.parametrize(
    ("values", "trainer", "family", "sentence"),
    [
        ({"validation_split": 0.1}, MIDDLE, "sd15", "does not know validation_split"),
        ({"alpha_mask": True}, OLD, "sdxl", "does not know alpha_mask"),
        (
            {"cache_text_encoder_outputs": True, "network_train_unet_only": True},
            NEW,
            "sd15",
            "cache_text_encoder_outputs for sdxl only",
        ),
        ({"loss_type": "l1"}, OLD, "sd15", "has no loss_type l1: choose one of l2"),
        ({"text_encoder_lr": [1e-4, 1e-5]}, MIDDLE, "sdxl", "takes one text_encoder_lr"),
        ({"lr_scheduler": "inverse_sqrt"}, OLD, "sd15", "has no lr_scheduler inverse_sqrt"),
        ({"optimizer_type": "Lion"}, "builtin", "sd15", "builtin has no optimizer_type Lion"),
        ({"network_module": "networks.dylora"}, "builtin", "sd15", "no network_module"),
        ({"sample_sampler": "dpm_2"}, "builtin", "sd15", "no sample_sampler dpm_2"),
        ({"network_args": ["rank_dropout=0.1"]}, "builtin", "sd15", "takes no 'rank_dropout'"),
        ({"xformers": True}, "builtin", "sd15", "builtin does not know xformers"),
    ],
)
def test_each_thing_a_trainer_cannot_do_is_one_sentence(
    values: dict[str, Any], trainer: str, family: str, sentence: str
) -> None:
    found = trainer_faults(settings_from(values), trainer, family)
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize("trainer", ["builtin", OLD, MIDDLE, NEW])
def test_defaults_suit_every_trainer(trainer: str) -> None:
    assert trainer_faults(settings_from({}), trainer, "sd15") == []


def test_a_trusted_optimizer_is_for_sd_scripts_only() -> None:
    settings = settings_from({"optimizer_type": "pytorch_optimizer.CAME"}, trusted=True)
    assert trainer_faults(settings, NEW, "sd15") == []
    assert "builtin has no optimizer_type" in trainer_faults(settings, "builtin", "sd15")[0]


def test_only_changed_options_are_unknown() -> None:
    settings = settings_from({"validation_split": 0.0, "huber_scale": 2.0})
    assert [option.name for option in unknown_to(settings, OLD, "sd15")] == ["huber_scale"]


def test_the_file_holds_what_differs_from_the_tag_with_its_types() -> None:
    settings = settings_from(
        {
            "optimizer_type": "DAdaptAdam",
            "optimizer_args": ["decouple=True", "growth_rate=inf"],
            "learning_rate": 1,
            "network_dim": "8",
            "cache_latents": True,
            "flip_aug": False,
            "resolution": 128,
            "text_encoder_lr": 0.5,
            "unet_lr": 0.5,
            "max_token_length": 225,
        }
    )
    values = to_sd_scripts(settings, NEW, "sd15")
    assert values["optimizer_args"] == ["decouple=True", "growth_rate=1e999"]
    assert values["text_encoder_lr"] == [0.5]
    assert values["max_token_length"] == 225
    assert values["cache_latents"] is True
    assert values["network_module"] == "networks.lora"
    assert values["resolution"] == "128,128"
    assert "flip_aug" not in values
    assert "network_alpha" not in values
    assert to_sd_scripts(settings, MIDDLE, "sd15")["text_encoder_lr"] == 0.5


def test_a_share_of_warm_up_becomes_steps_where_the_tag_wants_steps() -> None:
    settings = settings_from({"lr_scheduler": "cosine", "lr_warmup_steps": 0.1})
    assert to_sd_scripts(settings, NEW, "sd15")["lr_warmup_steps"] == 0.1
    assert to_sd_scripts(settings, OLD, "sd15", total_steps=200)["lr_warmup_steps"] == 20
    with pytest.raises(SettingsError, match="needs a number of steps"):
        to_sd_scripts(settings, OLD, "sd15")


def test_whole_steps_are_never_written_with_a_decimal_point() -> None:
    settings = settings_from({"lr_scheduler": "cosine", "lr_warmup_steps": 10.0})
    assert repr(to_sd_scripts(settings, NEW, "sd15")["lr_warmup_steps"]) == "10"


def test_everything_unknown_is_refused_at_once() -> None:
    settings = settings_from({"alpha_mask": True, "validation_split": 0.5})
    with pytest.raises(SettingsError) as caught:
        to_sd_scripts(settings, OLD, "sd15")
    assert len(caught.value.faults) == 2


def test_a_command_line_has_flags_lists_and_texts() -> None:
    argv = to_arguments({"cache_latents": True, "optimizer_args": ["a=1", "b=2"], "vae": "-x y"})
    assert argv == ["--cache_latents", "--optimizer_args", "a=1", "b=2", "--vae=-x y"]
