"""Settings files that people found misread, at the shell: the inputs of `../shared/cases`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_t2p.cli.__main__ import main

PATHS = {
    "sample_prompts": "C:\\Users\\me\\my\\new_prompts.txt",
    "vae": "D:\\models\\vae\\x.safetensors",
}


def said(capsys: pytest.CaptureFixture[str], workspace: Path, *words: object) -> str:
    assert main(["config", *map(str, words), "--workspace", str(workspace)]) == 0
    return capsys.readouterr().out


def case(shared: Path, number: str, name: str) -> Path:
    return next((shared / "cases").glob(f"{number}-*")) / name


def test_windows_paths_in_additional_parameters_stay_whole(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = case(shared, "07", "winpath_add.json")
    made = [tmp_path / "b.json", tmp_path / "b.toml"]
    for path in made:
        said(capsys, tmp_path, "convert", file, path, "--set", "torch_compile=true")
    for path in (file, *made):
        shown = said(capsys, tmp_path, "show", path)
        assert all(f"{name} = {value}" in shown for name, value in PATHS.items())
    text = json.loads(made[0].read_text(encoding="utf-8"))["additional_parameters"]
    assert "torch_compile" in text
    assert all(value in text.split("=") or f"={value}" in text for value in PATHS.values())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("args_spaces_eq.json", "decouple=True weight_decay=0.45 betas=0.9,0.95"),
        ("betas_brackets.json", "use_bias_correction=True betas=0.9,0.99"),
        ("betas_commas.json", "weight_decay=0.01 betas=0.9,0.999 use_bias_correction=True"),
    ],
)
def test_arguments_with_brackets_commas_and_spaces_are_understood(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, arguments: str
) -> None:
    shown = said(capsys, tmp_path, "show", case(shared, "09", name))
    assert arguments in shown
    assert "name=value" not in shown


def test_a_lycoris_file_has_the_one_fault_that_it_needs_trust(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = said(capsys, tmp_path, "show", case(shared, "25", "lokr.json"))
    faults = [line for line in shown.splitlines() if line.startswith("fault:")]
    assert len(faults) == 1
    assert "lycoris.kohya" in faults[0]
    assert "explicitly that you trust it" in faults[0]


def test_a_noise_offset_without_effect_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = tmp_path / "a.json", tmp_path / "b.json"
    gui = {"LoRA_type": "Standard", "learning_rate": 1e-4, "noise_offset_type": "Multires"}
    file.write_text(json.dumps({**gui, "noise_offset": 0, "multires_noise_iterations": 6}))
    told = said(capsys, tmp_path, "convert", file, other, "--set", "noise_offset=0.1")
    assert "note: noise_offset = 0.1 has no effect" in told
    assert json.loads(other.read_text())["noise_offset_type"] == "Multires"


def test_native_loha_and_lokr_are_sd_scripts_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind, module in (("Kohya LoHa", "networks.loha"), ("Kohya LoKr", "networks.lokr")):
        file, other = tmp_path / f"{module}.json", tmp_path / f"{module}.b.json"
        gui = {"LoRA_type": kind, "learning_rate": 1e-4, "sdxl": True, "network_dim": 8}
        file.write_text(json.dumps({**gui, "conv_dim": 4, "factor": 8, "use_tucker": True}))
        shown = said(capsys, tmp_path, "show", file)
        assert f"network_module = {module}" in shown
        assert ("factor=8" in shown) == (module == "networks.lokr")
        assert "left out" not in shown
        assert "fault" not in shown
        said(capsys, tmp_path, "convert", file, other, "--set", "network_dim=16")
        assert json.loads(other.read_text())["LoRA_type"] == kind
