"""All settings files of the guide and of kohya_ss itself, against what the GUI makes of them.

`T2P_GUIDE` names a checkout of the guide's repository, `T2P_KOHYA_SS` one of kohya_ss; without
them these tests are skipped.
"""

from __future__ import annotations

import ast
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.errors import SettingsError
from lib_t2p.settings.kohya.gui_json import GuiConfig, new_gui, read_gui
from lib_t2p.settings.options.option import NEWEST
from lib_t2p.settings.options.table import all_options
from lib_t2p.settings.sd_settings import to_sd_scripts
from lib_t2p.settings.settings import Settings

SAME = {
    "clip_skip": (None, 1.0),
    "max_timestep": (None, 1000.0),
    "max_token_length": (None, 75.0),
}
"""Two ways to say the default: ours, the GUI's."""

OLDER = {"no_half_vae": (True, None)}
"""The guide's files are of GUI v22, which hands this over for SD1.5 too."""

OWN_OF_THE_GUI = (
    *("max_train_steps", "max_train_epochs", "lr_warmup_steps", "sample_prompts"),
    *("network_train_unet_only", "network_train_text_encoder_only"),
)
"""Counted or written into a file by the GUI before it makes this table."""

STANDARD = ("down_lr_weight", "mid_lr_weight", "up_lr_weight", "block_lr_zero_threshold") + (
    ("block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas")
    + ("rank_dropout", "module_dropout")
)


def named(variable: str) -> Path:
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"{variable} names no checkout")
    return Path(folder)


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.json") if ".git" not in path.parts)


@lru_cache(maxsize=1)
def gui_table(source: Path) -> dict[str, Any]:
    """What the GUI's `train_model` hands over: option -> compiled expression."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        table = node.value if isinstance(node, ast.Assign) else None
        called = getattr(node.targets[0], "id", "") if isinstance(node, ast.Assign) else ""
        if isinstance(table, ast.Dict) and called == "config_toml_data":
            return {
                key.value: compile(ast.Expression(value), "gui", "eval")
                for key, value in zip(table.keys, table.values, strict=True)
                if isinstance(key, ast.Constant)
            }
    raise AssertionError("the GUI has another form now")


def handed_over(gui: dict[str, Any], source: Path) -> dict[str, Any]:
    """What it evaluates to for a file; without what the file has no key for."""
    text_rate = float(gui["text_encoder_lr"] or 0)
    known = {
        **dict.fromkeys(("flux1_checkbox", "sd3_checkbox", "anima_checkbox"), False),
        **dict.fromkeys(("hunyuan_image_checkbox", "lumina_checkbox", "sdxl"), False),
        **gui,
        "learning_rate_float": float(gui["learning_rate"]),
        "unet_lr_float": float(gui["unet_lr"] or 0),
        "text_encoder_lr_list": [text_rate] if text_rate else [],
        "network_module": "networks.lora",
        "network_args": " ".join(f"{k}={gui[k]}" for k in STANDARD if gui.get(k)),
        "network_train_unet_only": False,
        "network_train_text_encoder_only": False,
        "vae_value": gui.get("vae", ""),
    }
    values = {}
    for name, expression in gui_table(source).items():
        try:
            values[name] = eval(expression, {"__builtins__": {"int": int, "str": str}}, known)
        except (NameError, ValueError, TypeError):
            continue
    return values


def plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value] if len(value) != 1 else plain(value[0])
    if isinstance(value, bool) or value is None:
        return value or None
    try:
        return float(value)
    except (TypeError, ValueError):
        return value or None


def differing(settings: Settings, family: str, gui: dict[str, Any], source: Path) -> dict[str, Any]:
    ours = to_sd_scripts(settings, NEWEST, family)
    found = {}
    for name, theirs in handed_over(gui, source).items():
        option = all_options().get(name)
        # Only these two schedules count cycles.
        cycles = name == "lr_scheduler_num_cycles" and "restarts" not in settings.lr_scheduler
        skipped = (
            cycles or name in OWN_OF_THE_GUI or (isinstance(theirs, str) and theirs.startswith("<"))
        )
        if option is None or option.role == "run" or skipped:
            continue
        pair = plain(ours.get(name, option.original)), plain(theirs)
        if theirs in ("", None, False) or theirs == []:
            pair = pair[0], plain(option.original)
        if pair[0] != pair[1] and pair not in (SAME.get(name), OLDER.get(name)):
            found[name] = pair
    return found


def test_every_config_of_the_guide_round_trips_and_gives_settings() -> None:
    files = files_below(named("T2P_GUIDE"))
    assert len(files) == 164
    for file in files:
        config = read_gui(file)
        assert config.text.encode("utf-8") == file.read_bytes()
        settings, _ = config.settings()
        assert config.edited(config.values).text == config.text
        assert config.with_settings(config.differing(vars(settings))).text == config.text
        again = new_gui(config.config()).settings()[0]
        assert again == settings, file


def test_every_config_of_the_guide_means_what_the_gui_hands_over() -> None:
    files = files_below(named("T2P_GUIDE"))
    source = named("T2P_KOHYA_SS") / "kohya_gui" / "lora_gui.py"
    found: dict[str, Any] = {}
    for file in files:
        gui = read_gui(file)
        settings, _ = gui.settings()
        family = gui.config().family
        for name, pair in differing(settings, family, dict(gui.values), source).items():
            found.setdefault(name, (pair, file.name))
    assert found == {}
    assert len(handed_over(dict(read_gui(files[0]).values), source)) > 60


def test_every_preset_of_kohya_ss_round_trips_and_its_faults_are_few() -> None:
    root = named("T2P_KOHYA_SS")
    files = [*files_below(root / "presets"), *files_below(root / "test" / "config")]
    assert len(files) >= 60
    read = 0
    for file in files:
        config = read_gui(file)
        if "learning_rate" not in config.values:
            continue
        read += 1
        assert config.edited(config.values).text == config.text
        assert GuiConfig(json.dumps(config.values)).config() == config.config()
        try:
            config.settings()
        except SettingsError as error:
            told = "\n".join(error.faults)
            assert "name=value" not in told, (file, told)
            assert len(error.faults) == 1, (file, told)
    assert read >= 60
