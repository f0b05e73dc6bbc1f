"""`t2p.py config` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.cli import __main__ as cli
from lib_t2p.settings.kohya.reading import read_config
from lib_t2p.settings.options.document import markdown
from lib_t2p.settings.recipes import list_recipes, load_recipe
from lib_t2p.settings.settings import Settings, changed_values
from lib_t2p.toml_io import read_toml

GUI = {
    "LoRA_type": "Kohya LoCon",
    "additional_parameters": "--caption_prefix 'a b' --unheard_of",
    "conv_alpha": 1,
    "conv_dim": 4,
    "epoch": 10,
    "future_key": "kept",
    "learning_rate": 1.0,
    "logging_dir": "<path to log dir>",
    "lr_scheduler": "cosine",
    "lr_warmup": 10,
    "max_data_loader_n_workers": "0",
    "max_resolution": "1024,1024",
    "network_dim": "32",
    "num_cpu_threads_per_process": 2,
    "optimizer": "Prodigy",
    "optimizer_args": "decouple=True",
    "output_name": "ada",
    "sdxl": True,
    "sdxl_cache_text_encoder_outputs": True,
    "sdxl_no_half_vae": True,
    "text_encoder_lr": 0,
    "unet_lr": 1.0,
    "xformers": "sdpa",
}


@pytest.fixture
def gui(tmp_path: Path) -> Path:
    path = tmp_path / "it's ü; $(x).json"
    path.write_text(json.dumps(GUI, indent=4), encoding="utf-8")
    return path


def config(tmp_path: Path, *arguments: object) -> int:
    command, *rest = map(str, arguments)
    return cli.main(["config", command, "--workspace", str(tmp_path / "w"), *rest])


def test_show_tells_settings_notes_and_faults(
    tmp_path: Path, gui: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert config(tmp_path, "show", gui) == 0
    said = capsys.readouterr().out
    assert "GUI JSON of kohya_ss, sdxl" in said
    assert "  network_args = conv_dim=4 conv_alpha=1" in said
    assert "  lr_warmup_steps = 0.1" in said
    assert "accelerate: num_cpu_threads_per_process = 2" in said
    assert "future_key" in said
    assert "--unheard_of" in said
    assert "fault" not in said


def test_json_to_json_keeps_every_byte_but_what_is_set(tmp_path: Path, gui: Path) -> None:
    copy, edited = tmp_path / "copy.json", tmp_path / "edited.json"
    assert config(tmp_path, "convert", gui, copy) == 0
    assert copy.read_bytes() == gui.read_bytes()
    assert config(tmp_path, "convert", gui, edited, "--set", "network_dim=64") == 0
    assert edited.read_bytes() == gui.read_bytes().replace(b'"32"', b'"64"')


def test_all_configs_of_the_guide_convert_without_loss(shared: Path, tmp_path: Path) -> None:
    for file in (shared / "guide" / "configs").rglob("*.json"):
        copy = tmp_path / "b.json"
        assert config(tmp_path, "convert", file, copy, "--force") == 0
        assert copy.read_bytes() == file.read_bytes()


def test_every_kind_carries_the_settings_to_every_other(tmp_path: Path, gui: Path) -> None:
    toml, recipe, again = (tmp_path / n for n in ("a.toml", "recipe.toml", "again.json"))
    assert config(tmp_path, "convert", gui, toml) == 0
    assert config(tmp_path, "convert", toml, recipe) == 0
    assert config(tmp_path, "convert", recipe, again) == 0
    wanted = read_config(gui).settings()
    kinds = ["sd-scripts", "recipe", "gui"]
    for path, kind in zip((toml, recipe, again), kinds, strict=True):
        read = read_config(path)
        assert (read.kind, read.family) == (kind, "sdxl")
        assert read.settings() == wanted
    assert read_toml(toml)["output_name"] == "ada"
    assert "output_name" not in read_toml(recipe)["settings"]


def test_what_is_not_carried_over_is_named(
    tmp_path: Path, gui: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert config(tmp_path, "convert", gui, tmp_path / "r.toml", "--kind", "recipe") == 0
    said = capsys.readouterr().out
    assert "since a run decides it: output_name" in said
    assert "accelerate takes it: num_cpu_threads_per_process" in said
    assert "future_key" in said
    assert "--unheard_of" in said


def test_an_imported_recipe_is_a_recipe(tmp_path: Path, gui: Path) -> None:
    path = tmp_path / "mine.toml"
    assert config(tmp_path, "convert", gui, path, "--kind", "recipe") == 0
    assert load_recipe(str(path)).values["network_dim"] == 32


def test_every_recipe_of_ours_survives_the_gui(tmp_path: Path) -> None:
    for recipe in list_recipes():
        source = Path(__file__).resolve().parents[2] / "presets" / f"{recipe.name}.toml"
        out = tmp_path / f"{recipe.name}.json"
        assert config(tmp_path, "convert", source, out) == 0
        # The GUI writes what is off as 0, which means the same.
        one, two = (_on(read_config(path).settings()) for path in (out, source))
        assert one == two


def _on(settings: Settings) -> dict[str, Any]:
    return {name: value for name, value in changed_values(settings).items() if value}


def test_diff_compares_across_kinds(
    tmp_path: Path, gui: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml, other = tmp_path / "a.toml", tmp_path / "other.json"
    config(tmp_path, "convert", gui, toml)
    config(tmp_path, "convert", gui, other, "--set", "network_dim=64", "--set", "flip_aug=true")
    capsys.readouterr()
    assert config(tmp_path, "diff", toml, other) == 0
    said = capsys.readouterr().out
    assert "network_dim: 32 -> 64" in said
    assert "flip_aug: false -> true" in said
    assert "future_key: not there -> kept" in said
    assert "learning_rate" not in said
    assert config(tmp_path, "diff", gui, gui) == 0
    assert "No setting differs." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[datasets]]\nresolution = 512\n", "describes a dataset"),
        ("colour = 'red'\n", "holds no option of sd-scripts"),
        ("= 3", "is not valid TOML"),
        ("a = " + "[" * 10_000 + "]" * 10_000, "TOML"),
    ],
)
def test_a_toml_without_settings_is_refused(
    tmp_path: Path, text: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    assert config(tmp_path, "show", path) == 1
    said = capsys.readouterr().out
    assert sentence in said
    assert "Traceback" not in said


def test_sections_of_a_toml_mean_nothing_and_unknown_names_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.toml"
    path.write_text(
        "epoch = 3\nwandb_api_key = 'secret-7'\n[model]\nnetwork_dim = 8\n[train]\nseed = 5\n",
        encoding="utf-8",
    )
    assert config(tmp_path, "show", path) == 0
    said = capsys.readouterr().out
    assert "network_dim = 8" in said
    assert "seed = 5" in said
    assert "knows it: epoch" in said
    assert "secret-7" not in said


def test_values_out_of_range_are_all_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "bad.json", tmp_path / "bad.toml"
    path.write_text('{"network_dim": -1, "seed": "x", "noise_offset": 3}', encoding="utf-8")
    assert config(tmp_path, "convert", path, out) == 1
    said = capsys.readouterr().out
    assert "3 faults" in said
    assert "network_dim is -1" in said
    assert not out.exists()


def test_a_change_out_of_range_is_refused(
    tmp_path: Path, gui: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    assert config(tmp_path, "convert", gui, out, "--set", "network_dim=-5") == 1
    assert "network_dim is -5, but must be 1 to 100000" in capsys.readouterr().out
    assert not out.exists()


def test_nothing_in_a_file_steers_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        '{"network_dim": 8, "training_comment": "\\u001b[31m", "odd\\u001b": "\\ud800"}',
        encoding="utf-8",
    )
    assert config(tmp_path, "show", path) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\\x1b[31m" in said


def test_a_file_that_exists_is_only_replaced_when_told(
    tmp_path: Path, gui: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.toml"
    out.write_text("mine", encoding="utf-8")
    assert config(tmp_path, "convert", gui, out) == 1
    assert "exists already" in capsys.readouterr().out
    assert out.read_text(encoding="utf-8") == "mine"
    assert config(tmp_path, "convert", gui, out, "--force") == 0
    assert config(tmp_path, "convert", gui, tmp_path / "out.xml") == 1


def test_the_page_of_options_is_up_to_date(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert config(tmp_path, "options", "--markdown") == 0
    assert capsys.readouterr().out.strip() == markdown().strip()
    page = (root / "docs" / "OPTIONS.md").read_text(encoding="utf-8")
    assert page == markdown(), "write it anew: t2p.py config options --markdown > docs/OPTIONS.md"


def test_the_table_can_be_read_in_a_shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert config(tmp_path, "options") == 0
    said = capsys.readouterr().out
    assert "network_dim = 4" in said
    assert "from v0.10.1" in said
