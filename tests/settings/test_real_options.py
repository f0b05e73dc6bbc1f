"""The real sd-scripts reads our configuration file as it reads its own command line.

Runs when `T2P_SD_SCRIPTS` names a checkout (and `T2P_SD_SCRIPTS_PYTHON` its interpreter).
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_lines import to_arguments

from lib_t2p.environment.sd_scripts import recognise_tag
from lib_t2p.settings.options.table import all_options
from lib_t2p.settings.sd_settings import to_sd_scripts
from lib_t2p.settings.settings import settings_from
from lib_t2p.toml_io import dump_toml

READER = """
import json, sys
sys.path.insert(0, ".")
import sdxl_train_network, train_network
from library import train_util
family, file, *argv = sys.argv[1:]
parser = (sdxl_train_network if family == "sdxl" else train_network).setup_parser()
typed = vars(parser.parse_args(argv))
sys.argv = ["train", "--config_file", file]
read = vars(train_util.read_config_from_file(parser.parse_args(sys.argv[1:]), parser))
kinds = {k: [repr(v), repr(read.get(k))] for k, v in typed.items() if k != "config_file"}
print("RESULT" + json.dumps({"values": kinds, "names": sorted(typed)}))
"""

MUCH: dict[str, Any] = {
    "optimizer_type": "DAdaptAdam",
    "optimizer_args": ["decouple=True", "growth_rate=inf"],
    "learning_rate": 1,
    "text_encoder_lr": 1,
    "unet_lr": "1",
    "lr_scheduler": "cosine",
    "lr_warmup_steps": 0.25,
    "network_dim": 8,
    "network_args": ["conv_dim=4"],
    "resolution": 512,
    "enable_bucket": True,
    "cache_latents": True,
    "max_token_length": 225,
    "min_snr_gamma": 5,
    "mixed_precision": "bf16",
    "training_comment": 'two words, "quoted" and ü; $(x)',
    "save_every_n_epochs": 1,
    "base_weights": ["a.safetensors", "b c.safetensors"],
    "base_weights_multiplier": [0.5, 1],
    "max_data_loader_n_workers": 0,
}


@pytest.fixture
def checkout() -> Path:
    folder = os.environ.get("T2P_SD_SCRIPTS")
    if not folder or not os.environ.get("T2P_SD_SCRIPTS_PYTHON"):
        pytest.skip("T2P_SD_SCRIPTS and T2P_SD_SCRIPTS_PYTHON name no checkout")
    return Path(folder)


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_file_and_command_line_mean_the_same(checkout: Path, tmp_path: Path, family: str) -> None:
    trainer = f"sd-scripts-{recognise_tag(checkout)}"
    values = to_sd_scripts(settings_from(MUCH), trainer, family, total_steps=40)
    file = tmp_path / "settings.toml"
    file.write_text(dump_toml(values), encoding="utf-8")
    python = os.environ["T2P_SD_SCRIPTS_PYTHON"]
    done = subprocess.run(
        [python, "-c", READER, family, str(file), *to_arguments(values)],
        cwd=checkout,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=500,
        check=False,
    )
    assert "RESULT" in done.stdout, done.stderr[-2000:]
    result = json.loads(done.stdout.partition("RESULT")[2])
    assert {n: pair for n, pair in result["values"].items() if pair[0] != pair[1]} == {}
    known = {n for n, option in all_options().items() if option.known_to(trainer, family)}
    assert known == set(result["names"])
