"""A file of kohya_ss's GUI is edited so that nothing else changes, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.errors import InputError, SettingsError, T2PError
from lib_t2p.settings.kohya.config import TrainingConfig
from lib_t2p.settings.kohya.gui_json import GuiConfig, new_gui, read_gui
from lib_t2p.settings.kohya.gui_keys import known_keys
from lib_t2p.settings.kohya.reading import not_carried
from lib_t2p.settings.settings import changed_values

PLAIN = {"network_dim": 8, "learning_rate": 1.0, "seed": "1234", "optimizer": "AdamW"}


def guide_configs(shared: Path) -> list[Path]:
    return sorted((shared / "guide" / "configs").rglob("*.json"))


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return [(a.strip(), b.strip()) for a, b in pairs if a != b]


def test_all_configs_of_the_guide_survive_byte_for_byte(shared: Path, tmp_path: Path) -> None:
    files = guide_configs(shared)
    assert len(files) == 54
    for file in files:
        copy = tmp_path / "copy.json"
        read_gui(file).write(copy)
        assert copy.read_bytes() == file.read_bytes()
        same = dict(read_gui(file).values)
        assert read_gui(file).edited(same).text == read_gui(file).text


def test_only_what_was_edited_differs_in_every_config(shared: Path) -> None:
    for file in guide_configs(shared):
        config = read_gui(file)
        edited = config.with_settings({"network_dim": 48, "seed": 77, "min_snr_gamma": None})
        assert changed_lines(config.text, edited.text) == [
            ('"min_snr_gamma": 5,', '"min_snr_gamma": 0,'),
            (f'"network_dim": {config.written("network_dim")},', '"network_dim": 48,'),
            ('"seed": "1234",', '"seed": "77",'),
        ]


def test_every_config_of_the_guide_gives_settings(shared: Path) -> None:
    for file in guide_configs(shared):
        settings, notes = read_gui(file).settings()
        assert settings.optimizer_type in ("DAdaptAdam", "Prodigy")
        assert not [note for note in notes if "placeholder" not in note]


def test_every_key_of_the_guide_is_read_or_known_to_mean_nothing(shared: Path) -> None:
    keys = {key for file in guide_configs(shared) for key in read_gui(file).values}
    assert len(keys) == 110
    assert not keys - known_keys()


def test_settings_of_the_guide_survive_a_new_gui_json(shared: Path) -> None:
    for file in guide_configs(shared):
        config = read_gui(file).config()
        again, _ = new_gui(config.fitted()).settings()
        assert changed_values(again) == changed_values(config.settings())


ODD = (
    '\ufeff{\r\n\t"b" : 1e-4,\r\n\t"a":1.0 , "network_dim":  "8",\r\n'
    '\t"n": {"x": [1, 2.50]}, "\\u00e4\\"": "\\u00e4:\\"", "ü": -0.0, "t": 5.0\r\n}\r\n\r\n'
)


def test_odd_layout_numbers_and_unknown_keys_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "odd ü.json"
    path.write_bytes(ODD.encode("utf-8"))
    config = read_gui(path)
    assert list(config.values) == ["b", "a", "network_dim", "n", 'ä"', "ü", "t"]
    assert config.written("b") == "1e-4"
    config.edited({"network_dim": 16}).write(path)
    assert path.read_bytes().decode("utf-8") == ODD.replace('"8"', '"16"')


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ('"8"', 16, '"16"'),
        ("8", "16", "16"),
        ("8", "0.5", "0.5"),
        ("1.0", 2, "2.0"),
        ("1.0", "1e-4", "0.0001"),
        ("1e-4", 0.0001, "1e-4"),
        ("1e-4", 5e-5, "5e-05"),
        ("5", 5.0, "5"),
        ("5.0", "5", "5.0"),
        ('""', 3, '"3"'),
        ("true", False, "false"),
        ("null", "x", '"x"'),
        ("8", "auto", '"auto"'),
        ("[1, 2]", 3, "3"),
    ],
)
def test_a_new_value_takes_the_form_of_the_old_one(old: str, new: Any, written: str) -> None:
    config = GuiConfig(f'{{"a": 1, "k": {old}, "z": "k"}}')
    assert config.edited({"k": new}).text == f'{{"a": 1, "k": {written}, "z": "k"}}'


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('{\n    "a": 1\n}', '{\n    "a": 1,\n    "new": 2\n}'),
        ('{"a":1}', '{"a":1,"new":2}'),
        ('{"a": {"x": 1}, "b": "c: \\" d"}', '{"a": {"x": 1}, "b": "c: \\" d", "new": 2}'),
        ("{}", '{\n  "new": 2\n}'),
    ],
)
def test_a_new_key_goes_to_the_end_in_the_style_of_the_file(text: str, after: str) -> None:
    edited = GuiConfig(text).edited({"new": 2})
    assert edited.text == after
    assert edited.values["new"] == 2


def test_edits_of_several_keys_and_a_new_one_do_not_disturb_each_other() -> None:
    config = GuiConfig('{"a": 1, "b": "x", "c": [1], "d": 4}')
    edited = config.edited({"d": 5, "a": 123456, "e": "ü", "c": "y"})
    assert edited.text == '{"a": 123456, "b": "x", "c": "y", "d": 5, "e": "\\u00fc"}'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"[1, 2]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b"", "no JSON object"),
        (b'{"a": 1, "a": 2}', "names 'a' twice"),
        (b'{"a": {"b": 1, "b": 2}}', "names 'b' twice"),
        (b'{"a": NaN}', "NaN, which is no number"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1,}', "not valid JSON"),
        (b'{"a" 1}', "not valid JSON: a colon is missing at character 6"),
        (b'{"a": 1 "b": 2}', "a comma is missing"),
        (b'{"a": 1} x', "more text follows"),
        (b'{"a": 1', "not valid JSON"),
        (b'{"a": ', "not valid JSON"),
        (b"{a: 1}", "a name in quotes is missing"),
        (b'{"a": "\xff"}', "no text in UTF-8"),
        (b"\xff\xfe{\x00}\x00", "no text in UTF-8"),
        (b'{"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested too deep"),
        (b'{"a": ' * 10_000 + b"1" + b"}" * 10_000, "nested too deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
    ],
    ids=range(19),
)
def test_what_holds_no_settings_is_refused_in_one_sentence(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_gui(path)
    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(InputError, match="larger than 4 MiB"):
        read_gui(path)


@pytest.mark.parametrize("name", ["not there.json", "", "nul\0.json"])
def test_a_path_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read|is no path"):
        read_gui(tmp_path / name)


def test_an_object_without_any_setting_of_the_gui_has_no_meaning() -> None:
    with pytest.raises(InputError, match="no setting of kohya_ss"):
        GuiConfig('{"colour": "red"}').config()


def test_values_that_json_cannot_hold_are_refused_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        GuiConfig(json.dumps(PLAIN)).edited({"network_dim": float("nan"), "seed": [1]})
    assert len(caught.value.faults) == 2


def test_a_value_that_fits_nowhere_is_kept_until_it_is_edited() -> None:
    config = GuiConfig('{"network_dim": "many", "seed": 1, "text_encoder_lr": {}}')
    edited = config.with_settings({"seed": 2})
    assert edited.text == config.text.replace('"seed": 1', '"seed": 2')
    mended = config.with_settings({"network_dim": 4})
    assert mended.text == config.text.replace("many", "4")


def test_an_unknown_option_is_no_edit() -> None:
    with pytest.raises(T2PError, match="did you mean 'network_dim'"):
        GuiConfig(json.dumps(PLAIN)).with_settings({"network_dims": 4})


def test_an_option_without_a_key_goes_into_the_additional_parameters() -> None:
    text = json.dumps({**PLAIN, "additional_parameters": "--strange 3 --sample_at_first"})
    edited = GuiConfig(text).with_settings({"caption_prefix": "a,b", "network_dim": 9})
    assert edited.values["additional_parameters"] == (
        "--caption_prefix=a,b --sample_at_first --strange 3"
    )
    assert edited.config().values["caption_prefix"] == "a,b"
    assert edited.config().extra == ("--strange", "3")


def test_a_value_with_spaces_and_no_key_is_refused_since_the_gui_would_tear_it() -> None:
    with pytest.raises(SettingsError, match="cannot be edited so") as caught:
        GuiConfig(json.dumps(PLAIN)).with_settings({"caption_prefix": "a b"})
    assert "parts its additional parameters at spaces" in caught.value.faults[0]
    config = TrainingConfig("recipe", {"caption_prefix": "a b", "network_dim": 9})
    assert "caption_prefix is 'a b'" in not_carried(config, "gui")[0]
    assert new_gui(config).config().values["network_dim"] == 9


@pytest.mark.parametrize("iterations", [0, 6])
def test_a_noise_offset_edited_under_multires_leaves_the_kind_of_noise(iterations: int) -> None:
    text = json.dumps(
        {**PLAIN, "noise_offset_type": "Multires", "noise_offset": 0}
        | {"multires_noise_iterations": iterations, "multires_noise_discount": 0.2}
    )
    file = GuiConfig(text)
    edited = file.with_settings({"noise_offset": 0.1})
    assert (edited.values["noise_offset_type"], edited.values["noise_offset"]) == ("Multires", 0.1)
    assert "noise_offset_type is Multires" in edited.unheeded({"noise_offset": 0.1})[0]
    plain = file.with_settings({"noise_offset": 0.1, "multires_noise_iterations": 0})
    assert plain.values["noise_offset_type"] == "Original"
    assert not plain.unheeded({"noise_offset": 0.1, "multires_noise_iterations": 0})


def test_layers_of_noise_change_the_kind_of_noise() -> None:
    edited = GuiConfig(json.dumps(PLAIN)).with_settings({"multires_noise_iterations": 6})
    assert edited.values["noise_offset_type"] == "Multires"
    assert edited.config().values["multires_noise_iterations"] == 6


def test_an_option_in_the_additional_parameters_is_edited_there() -> None:
    text = json.dumps(
        {**PLAIN, "text_encoder_lr": 1.0, "unet_lr": 1.0}
        | {"additional_parameters": "--network_train_unet_only"}
    )
    edited = GuiConfig(text).with_settings({"network_train_unet_only": False})
    assert edited.values["additional_parameters"] == ""
    assert edited.values["text_encoder_lr"] == 1.0
    assert edited.settings()[0].network_train_unet_only is False
