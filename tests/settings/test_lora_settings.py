"""Settings are read back from the metadata of LoRAs, and what is not recorded is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_t2p.settings.kohya.ss_metadata import settings_from_metadata
from lib_t2p.settings.options.table import option_table
from lib_t2p.settings.settings import settings_from


def recorded(shared: Path, tag: str) -> dict[str, str]:
    file = shared / "contracts" / "sd-scripts" / "metadata" / f"{tag}.txt"
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    pairs = (line.strip().partition(" = ") for line in lines if " = " in line)
    return {name: value for name, _, value in pairs}


@pytest.mark.parametrize(
    ("tag", "optimizer", "arguments"),
    [
        ("v0.8.7", "AdamW", ()),
        ("v0.9.1", "DAdaptAdam", ("decouple=True", "weight_decay=0.01")),
        ("v0.10", "AdamW", ()),
    ],
)
def test_the_metadata_of_every_tag_gives_settings(
    shared: Path, tag: str, optimizer: str, arguments: tuple[str, ...]
) -> None:
    values, unrecorded = settings_from_metadata(recorded(shared, tag))
    settings = settings_from(
        {n: v for n, v in values.items() if n != "pretrained_model_name_or_path" and n not in RUN}
    )
    assert (settings.optimizer_type, settings.optimizer_args) == (optimizer, arguments)
    assert (settings.network_dim, settings.size, settings.seed) == (4, (128, 128), 1)
    assert settings.max_train_epochs == 1
    assert "sample_prompts" in unrecorded
    assert "bucket_reso_steps" in unrecorded
    assert not {"network_dim", "learning_rate"} & set(unrecorded)


RUN = ("output_name",)


def test_every_setting_is_either_read_or_named() -> None:
    values, unrecorded = settings_from_metadata({"ss_network_dim": "8", "ss_unet_lr": "None"})
    assert values == {"network_dim": 8, "unet_lr": None}
    assert set(unrecorded) == {o.name for o in option_table()} - {"network_dim", "unet_lr"}


@pytest.mark.parametrize(
    ("text", "optimizer", "arguments"),
    [
        (
            "prodigyopt.prodigy.Prodigy(decouple=True,betas=(0.9, 0.99),d_coef=2)",
            "Prodigy",
            ("decouple=True", "betas=0.9,0.99", "d_coef=2"),
        ),
        (
            "bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.1)",
            "AdamW8bit",
            ("weight_decay=0.1",),
        ),
        ("evil.module.Steal(a=1)", "evil.module.Steal", ("a=1",)),
    ],
)
def test_an_optimizer_is_read_with_its_arguments(
    text: str, optimizer: str, arguments: tuple[str, ...]
) -> None:
    values, _ = settings_from_metadata({"ss_optimizer": text})
    assert values == {"optimizer_type": optimizer, "optimizer_args": arguments}


def test_network_arguments_and_regularisation_are_read() -> None:
    values, _ = settings_from_metadata(
        {
            "ss_network_module": "networks.lora",
            "ss_network_args": json.dumps({"conv_dim": "4", "dropout": None}),
            "ss_num_reg_images": "12",
            "modelspec.prediction_type": "v",
            "ss_text_encoder_lr": "[0.0001, 5e-05]",
        }
    )
    assert values["network_args"] == ("conv_dim=4",)
    assert values["reg_data_dir"] == "reg"
    assert values["v_parameterization"] is True
    assert values["text_encoder_lr"] == (1e-4, 5e-5)


def test_the_first_dataset_tells_what_a_dataset_file_held() -> None:
    datasets = [
        {
            "batch_size_per_device": 3,
            "resolution": [768, 512],
            "enable_bucket": True,
            "subsets": [{"flip_aug": True, "keep_tokens": 2}],
        }
    ]
    values, _ = settings_from_metadata({"ss_datasets": json.dumps(datasets)})
    assert values["resolution"] == "768,512"
    assert (values["train_batch_size"], values["keep_tokens"]) == (3, 2)
    assert (values["flip_aug"], values["enable_bucket"]) == (True, True)


@pytest.mark.parametrize(
    "metadata",
    [
        {"ss_network_dim": "many", "ss_seed": "9" * 5000, "ss_datasets": "[" * 9000},
        {"ss_optimizer": "", "ss_resolution": "()", "ss_network_args": "[1]"},
        {"ss_datasets": '[{"subsets": 3, "resolution": "x"}]'},
        {},
    ],
)
def test_nonsense_is_not_recorded(metadata: dict[str, str]) -> None:
    values, unrecorded = settings_from_metadata(metadata)
    assert not {"network_dim", "seed", "resolution"} & set(values)
    assert {"network_dim", "seed", "resolution"} <= set(unrecorded)
