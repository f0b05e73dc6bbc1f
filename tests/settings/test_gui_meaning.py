"""A GUI JSON means what kohya_ss makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from lib_t2p.errors import SettingsError
from lib_t2p.settings.arguments import argument_texts
from lib_t2p.settings.kohya.additional import join_additional, parse_additional
from lib_t2p.settings.kohya.from_gui import config_from_gui
from lib_t2p.settings.settings import Settings


def meant(**gui: Any) -> Settings:
    return config_from_gui({"learning_rate": 1e-4, **gui}).settings(trusted=True)


def notes(**gui: Any) -> str:
    return "\n".join(config_from_gui(gui).notes)


@pytest.mark.parametrize(
    ("gui", "name", "value"),
    [
        ({"epoch": 7}, "max_train_epochs", 7),
        ({"epoch": "7", "max_train_epochs": "3"}, "max_train_epochs", 3),
        ({"epoch": 7, "max_train_steps": "400"}, "max_train_epochs", None),
        ({"epoch": 7, "max_train_steps": 400}, "max_train_steps", 400),
        ({"epoch": 7, "max_train_steps": 0}, "max_train_epochs", 7),
        ({"lr_warmup": 10, "lr_scheduler": "cosine"}, "lr_warmup_steps", 0.1),
        ({"lr_warmup": "10", "lr_scheduler": "constant"}, "lr_warmup_steps", 0),
        (
            {"lr_warmup": 10, "lr_warmup_steps": 50, "lr_scheduler": "cosine"},
            "lr_warmup_steps",
            50,
        ),
        ({"max_resolution": "768,512"}, "resolution", "768,512"),
        ({"optimizer": "AdamW8bit"}, "optimizer_type", "AdamW8bit"),
        (
            {"optimizer_args": '"eps=1e-8" weight_decay="0.1"'},
            "optimizer_args",
            ("eps=1e-8", "weight_decay=0.1"),
        ),
        ({"xformers": "xformers"}, "xformers", True),
        ({"xformers": True}, "xformers", True),
        ({"xformers": "sdpa"}, "sdpa", True),
        ({"xformers": "none"}, "xformers", False),
        ({"min_snr_gamma": 0}, "min_snr_gamma", None),
        ({"min_snr_gamma": "5"}, "min_snr_gamma", 5.0),
        ({"max_timestep": 1000}, "max_timestep", None),
        ({"max_token_length": "75"}, "max_token_length", None),
        ({"max_token_length": 225}, "max_token_length", 225),
        ({"clip_skip": "1"}, "clip_skip", None),
        ({"clip_skip": 2}, "clip_skip", 2),
        ({"seed": ""}, "seed", None),
        ({"seed": 0}, "seed", None),
        ({"caption_extension": ""}, "caption_extension", ".caption"),
        ({"vae_batch_size": 0}, "vae_batch_size", 1),
        ({"save_model_as": "same as source model"}, "save_model_as", "safetensors"),
        ({"noise_offset": 0.1, "noise_offset_type": "Multires"}, "noise_offset", None),
        (
            {"multires_noise_iterations": 6, "noise_offset_type": "Original"},
            "multires_noise_iterations",
            None,
        ),
        (
            {"multires_noise_iterations": 6, "noise_offset_type": "Multires"},
            "multires_noise_iterations",
            6,
        ),
        ({"text_encoder_lr": 0, "unet_lr": 1e-4}, "network_train_unet_only", True),
        ({"text_encoder_lr": "1e-5", "unet_lr": ""}, "network_train_text_encoder_only", True),
        ({"text_encoder_lr": 0, "unet_lr": 0}, "network_train_unet_only", False),
        ({"text_encoder_lr": 0, "unet_lr": 0}, "unet_lr", None),
        ({"LoRA_type": "Standard", "conv_dim": 8}, "network_args", ()),
        (
            {"LoRA_type": "Kohya LoCon", "conv_dim": 8, "conv_alpha": "4"},
            "network_args",
            ("conv_dim=8", "conv_alpha=4"),
        ),
        ({"LoRA_type": "LoRA-FA"}, "network_module", "networks.lora_fa"),
        (
            {"LoRA_type": "Kohya DyLoRA", "unit": 4, "conv_dim": 0},
            "network_args",
            ("unit=4",),
        ),
        ({"LoRA_type": "Standard", "rank_dropout": 0.1}, "network_args", ("rank_dropout=0.1",)),
        (
            {"LoRA_type": "LyCORIS/LoKr", "factor": -1, "conv_dim": 4, "unit": 1},
            "network_args",
            ("conv_dim=4", "algo=lokr"),
        ),
        ({"lora_network_weights": "a.safetensors"}, "network_weights", "a.safetensors"),
        ({"dim_from_weights": True}, "dim_from_weights", False),
        (
            {"lr_scheduler": "cosine_with_restarts", "lr_scheduler_num_cycles": "", "epoch": 3},
            "lr_scheduler_num_cycles",
            3,
        ),
        ({"use_wandb": True}, "log_with", "wandb"),
        ({"dynamo_backend": "no"}, "dynamo_backend", "inductor"),
        ({"reg_data_dir": "<path to reg dir>"}, "reg_data_dir", "reg"),
        ({"train_data_dir": "C:\\my photos\\img"}, "train_data_dir", "C:\\my photos\\img"),
        ({"additional_parameters": "--max_grad_norm=0.5"}, "max_grad_norm", 0.5),
        (
            {"network_dim": 4, "additional_parameters": "--network_dim 8"},
            "network_dim",
            8,
        ),
    ],
)
def test_each_key_means_what_the_gui_makes_of_it(
    gui: dict[str, Any], name: str, value: Any
) -> None:
    assert getattr(meant(**gui), name) == value


def test_absent_keys_leave_the_defaults() -> None:
    assert meant() == Settings(learning_rate=1e-4)


def test_xl_has_two_text_encoders_and_caches_their_outputs() -> None:
    config = config_from_gui(
        {"sdxl": True, "sdxl_cache_text_encoder_outputs": True, "sdxl_no_half_vae": "true"}
        | {"text_encoder_lr": 1e-4, "t5xxl_lr": 1e-5}
    )
    assert config.family == "sdxl"
    assert config.fitted().values["text_encoder_lr"] == (1e-4, 1e-5)
    assert config.values["cache_text_encoder_outputs"] is True
    assert config.values["no_half_vae"] is True


def test_what_accelerate_is_told_is_kept_apart() -> None:
    config = config_from_gui({"num_cpu_threads_per_process": 2, "gpu_ids": "", "multi_gpu": True})
    assert config.launch == {"num_cpu_threads_per_process": 2, "multi_gpu": True}


@pytest.mark.parametrize(
    ("gui", "sentence"),
    [
        ({"colour": "red"}, "SDXL carries it: colour"),
        ({"flux1_checkbox": True}, "Flux cannot be trained here"),
        ({"LoRA_type": "Flux1"}, "LoRA_type Flux1 is left out"),
        ({"wandb_api_key": "secret-7"}, "wandb_api_key is left out"),
        ({"output_dir": "<path>"}, "output_dir is the placeholder <path>: chosen by the run"),
        ({"stop_text_encoder_training": 50}, "kohya_ss ignores it too"),
        ({"sdxl_cache_text_encoder_outputs": True}, "it is for SDXL only"),
        ({"lr_warmup": 10, "lr_scheduler": "constant"}, "the scheduler constant has none"),
        ({"additional_parameters": "--train_like_hell 3"}, "knows --train_like_hell 3"),
    ],
)
def test_what_is_left_out_is_named(gui: dict[str, Any], sentence: str) -> None:
    assert sentence in notes(**gui)
    assert "secret-7" not in notes(**gui)


def test_unknown_keys_that_say_nothing_are_not_named() -> None:
    assert notes(future_switch=False, future_text="", future_number=0) == ""


def test_code_of_others_needs_trust_here_too() -> None:
    config = config_from_gui({"optimizer": "evil.Steal", "LoRA_type": "LyCORIS/LoHa"})
    with pytest.raises(SettingsError) as caught:
        config.settings()
    assert len([f for f in caught.value.faults if "trust" in f]) == 2


@pytest.mark.parametrize(
    ("text", "values", "unknown"),
    [
        ("", {}, ()),
        ("--network_train_unet_only", {"network_train_unet_only": True}, ()),
        (
            '--lr_scheduler_args "a=1" b=2 --vae="x y.safetensors"',
            {"lr_scheduler_args": ["a=1", "b=2"], "vae": "x"},
            ("y.safetensors",),
        ),
        (
            "--sample_prompts C:\\Users\\me\\new_prompts.txt --vae=D:\\models\\x.safetensors",
            {
                "sample_prompts": "C:\\Users\\me\\new_prompts.txt",
                "vae": "D:\\models\\x.safetensors",
            },
            (),
        ),
        (
            "--optimizer_args betas=(0.9, 0.99) weight_decay = 0.1 --flip_aug",
            {"optimizer_args": ["betas=0.9,0.99", "weight_decay=0.1"], "flip_aug": True},
            (),
        ),
        ("--log_prefix=\\\\server\\share\\new", {"log_prefix": "\\\\server\\share\\new"}, ()),
        ("--seed", {}, ("--seed",)),
        ("stray --flip_aug more", {"flip_aug": True}, ("stray", "more")),
        ("--noise_offset -0.5", {"noise_offset": "-0.5"}, ()),
        ("; rm -rf $(x) --flip_aug", {"flip_aug": True}, (";", "rm", "-rf", "$(x)")),
    ],
)
def test_additional_parameters_are_words_and_never_a_shell_s(
    text: str, values: dict[str, Any], unknown: tuple[str, ...]
) -> None:
    parsed = parse_additional(text)
    assert (parsed.values, parsed.unknown) == (values, unknown)
    again = parse_additional(join_additional(parsed.values, parsed.unknown))
    assert again.values == values


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("--min_snr_gamma", "--min_snr_gamma has no value; left out"),
        ("--min_snr_gamma --sdpa", "--min_snr_gamma has no value; left out"),
        ('--vae ""', "--vae has no value; left out"),
        ("--vae=", "--vae= takes no such value; left out"),
        ("--sdpa=false", "--sdpa=false takes no such value; left out"),
        (
            '--vae "D:\\my models\\x.ckpt"',
            "models\\x.ckpt belongs to no option, since the GUI parts",
        ),
        ("min_snr_gamma=5", "min_snr_gamma=5 belongs to no option"),
        ("--no_such 3 4", "no pinned sd-scripts knows --no_such 3 4; left out"),
    ],
)
def test_what_is_left_out_of_additional_parameters_has_its_true_reason(
    text: str, told: str
) -> None:
    parsed = parse_additional(text)
    assert len(parsed.notes) == 1
    assert told in parsed.notes[0]
    assert parsed.values.get("sdpa") is (True if "--sdpa" in text.split() else None)


def test_each_thing_that_is_left_out_has_a_sentence_of_its_own() -> None:
    told = parse_additional("--seed --no_such 3 --flip_aug stray").notes
    assert [one.split("additional_parameters: ")[1].split(";")[0][:45] for one in told] == [
        "--seed has no value",
        "no pinned sd-scripts knows --no_such 3 stray",
    ]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("mode='fast' weight_decay=0.1", ["mode='fast'", "weight_decay=0.1"]),
        ("weight_decay=0.1, mode='fast'", ["weight_decay=0.1", "mode='fast'"]),
        ("'mode=3' 'weight_decay=0.1'", ["mode=3", "weight_decay=0.1"]),
        ("betas='0.9, 0.99'", ["betas='0.9,0.99'"]),
    ],
)
def test_quotes_around_a_value_stay_and_those_around_an_argument_go(
    text: str, arguments: list[str]
) -> None:
    assert argument_texts(text) == arguments
