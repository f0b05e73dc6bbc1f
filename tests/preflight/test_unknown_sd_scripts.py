"""A checkout that is not one of the tags is never taken for one: its own options count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from training_fakes import make_person, make_run

from lib_t2p.diffusion.families import Family
from lib_t2p.environment.checkout_options import own_options
from lib_t2p.environment.sd_scripts import recognise_tag
from lib_t2p.errors import SettingsError
from lib_t2p.preflight.checks.facts import CheckFacts, Installation, options_of_no_tag
from lib_t2p.preflight.checks.trainers import trainer_findings
from lib_t2p.runs.runs import read_run
from lib_t2p.runs.trainers.sd_scripts.launch_config import write_config
from lib_t2p.runs.trainers.sd_scripts.launches import LaunchFacts
from lib_t2p.runs.trainers.sd_scripts.resuming import Resumption
from lib_t2p.settings.options.option import FAMILIES
from lib_t2p.settings.options.table import all_options
from lib_t2p.settings.settings import Settings, settings_from

NEWEST = "sd-scripts-v0.10.1"
ENTRY = """
import torch
from library import train_util
def add_noise(parser):
    parser.add_argument("--noise_offset", type=float)
def setup_parser():
    parser = argparse.ArgumentParser()
    add_noise(parser)
    train_util.add_training_arguments(parser, True)
    parser.add_argument("--brand_new", "-b", action="store_true")
    return parser
"""
XL = """
import train_network
def setup_parser():
    parser = train_network.setup_parser()
    sdxl_train_util.add_sdxl_training_arguments(parser)
    return parser
"""
LIBRARY = """
def add_training_arguments(parser, dreambooth):
    def inner():
        parser.add_argument("--seed", type=int)
    parser.add_argument("--learning_rate", type=float)
    inner()
def add_sdxl_training_arguments(parser):
    parser.add_argument("--cache_text_encoder_outputs", action="store_true")
def add_flux_arguments(parser):
    parser.add_argument("--guidance_scale", type=float)
"""


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    folder = tmp_path / "sd-scripts main"
    for name, text in [
        ("train_network.py", ENTRY),
        ("sdxl_train_network.py", XL),
        ("library/train_util.py", LIBRARY),
        ("library/strategy_base.py", ""),
        ("networks/lora.py", ""),
    ]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_its_options_are_read_as_its_parser_has_them(newer: Path) -> None:
    plain = {"noise_offset", "seed", "learning_rate", "brand_new"}
    assert own_options(newer, "sd15") == plain
    assert own_options(newer, "sdxl") == plain | {"cache_text_encoder_outputs"}
    assert options_of_no_tag(newer, "sd15") == plain
    (newer / "train_network.py").write_text("def setup_parser(: broken")
    assert own_options(newer, "sd15") == frozenset()


def test_the_options_of_a_real_checkout_are_those_of_the_table() -> None:
    import os

    named = os.environ.get("T2P_SD_SCRIPTS", "")
    if not named:
        pytest.skip("T2P_SD_SCRIPTS names no checkout")
    tag = recognise_tag(Path(named))
    for family in FAMILIES:
        known = {n for n, o in all_options().items() if o.known_to(f"sd-scripts-{tag}", family)}
        assert own_options(Path(named), family) == known


def test_what_it_lacks_is_an_error_and_what_it_has_besides_is_told(newer: Path) -> None:
    there = Installation(folder=newer, options=own_options(newer, "sd15"))
    facts = CheckFacts(trainer=NEWEST, family=Family.SD15, installation=there)
    settings = settings_from({"noise_offset": 0.1, "learning_rate": 1e-4, "min_snr_gamma": 5})
    about, lost = trainer_findings(settings, facts)
    assert (about.code, about.severity) == ("no-tag", "warning")
    assert "it has brand_new, not known here" in about.what
    assert (lost.code, lost.severity, dict(lost.fix)) == (
        "unknown-option",
        "error",
        {"min_snr_gamma": None},
    )
    assert "without a word" in lost.why
    tag = replace(facts, installation=Installation())
    assert not trainer_findings(settings, tag)
    unread = replace(facts, installation=Installation(folder=newer))
    assert "cannot be read" in trainer_findings(Settings(), unread)[0].what


def test_a_launch_hands_over_nothing_that_it_would_drop(newer: Path, tmp_path: Path) -> None:
    folder = make_run(make_person(tmp_path), tmp_path, trainer=NEWEST)
    begin = Resumption(LaunchFacts())
    with pytest.raises(SettingsError, match="not one of the releases") as caught:
        write_config(
            folder, read_run(folder), Family.SD15, begin, tmp_path, own_options(newer, "sd15")
        )
    assert any("it has no network_dim" in fault for fault in caught.value.faults)
    assert write_config(folder, read_run(folder), Family.SD15, begin, tmp_path).is_file()
