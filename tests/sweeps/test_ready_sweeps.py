"""The guide's 21 pages as ready sweeps, compared with the guide's own configs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.errors import InputError
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import Settings, settings_from
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.ready import ReadySweep, list_ready, load_ready
from lib_t2p.sweeps.sweep import Sweep, checked_sweep
from lib_t2p.sweeps.sweep_axes import axis_of
from lib_t2p.sweeps.sweep_runs import SweepRun, expand

GIVEN = {
    "cropped": ("dataset", ["1", "2"]),
    "checkpoints": ("checkpoint", ["a.safetensors", "b.safetensors"]),
    "regularisation": ("reg_data_dir", ["", "reg", "/photos"]),
}
PAGES = {
    "Betas": "betas",
    "Growth Rate": "growth-rate",
    "Network Rank": "network-rank",
    "Noise Offset": "noise-offset",
    "Optimizer": "optimizer",
    "Precision": "precision",
}
NAMES = {
    "epoch": "max_train_epochs",
    "optimizer": "optimizer_type",
    "max_resolution": "resolution",
    **{
        name: name
        for name in (
            "network_dim", "network_alpha", "train_batch_size", "noise_offset", "min_snr_gamma",
            "mixed_precision", "save_precision", "full_bf16", "full_fp16", "clip_skip",
            "lr_scheduler", "save_every_n_epochs", "seed", "learning_rate", "cache_latents",
        )
    },
}  # fmt: skip
"""Keys of the GUI's files -> options."""


def runs_of(ready: ReadySweep) -> list[SweepRun]:
    axes = ready.axes
    if ready.name in GIVEN:
        name, values = GIVEN[ready.name]
        axes = (*axes, axis_of(name, values))
    settings = {**load_recipe(ready.recipe).values, **ready.settings}
    base = Point(settings, 1, "base.safetensors", ready.photo_repeats)
    return expand(checked_sweep(Sweep(ready.name, "ada", ready.title, base, axes)))


def facts(settings: Settings) -> dict[str, Any]:
    found = {name: getattr(settings, name) for name in NAMES.values()}
    found["noise_offset"] = found["noise_offset"] or 0.0
    found["min_snr_gamma"] = found["min_snr_gamma"] or 0.0
    return {**found, "optimizer_args": frozenset(settings.optimizer_args)}


def guide_facts(path: Path) -> dict[str, Any]:
    body = json.loads(path.read_text(encoding="utf-8"))
    values = {option: body[key] for key, option in NAMES.items()}
    return facts(settings_from({**values, "optimizer_args": body["optimizer_args"].split()}))


def test_there_are_the_guides_21_pages() -> None:
    assert len(list_ready()) == 21


@pytest.mark.parametrize("ready", list_ready(), ids=lambda ready: ready.name)
def test_each_is_a_sweep_of_at_least_two_runs_of_the_guides_base(ready: ReadySweep) -> None:
    runs = runs_of(ready)
    assert len(runs) >= 2
    assert [run.refused for run in runs] == [""] * len(runs)
    assert ready.title
    assert ready.description
    assert bool(ready.axes) != bool(ready.needs)


def test_each_names_the_source_of_its_values(root: Path) -> None:
    files = sorted((root / "presets" / "sweeps").glob("*.toml"))
    assert [f.name for f in files if "Values: " not in f.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_runs_of_a_page_are_those_of_the_guides_configs(shared: Path, page: str) -> None:
    folder = shared / "guide" / "configs" / page
    inner = folder / "GR 1.02"
    configs = sorted((inner if inner.is_dir() else folder).glob("*.json"))
    ours = [facts(settings_from(run.point.settings)) for run in runs_of(load_ready(PAGES[page]))]
    theirs = [guide_facts(path) for path in configs]
    assert len(theirs) == len(ours)
    for own in ours:
        assert own in theirs, page


def test_the_steps_of_the_guides_pages_come_out(shared: Path) -> None:
    body = json.loads((shared / "guide/configs/config_SD1.5.json").read_text(encoding="utf-8"))
    base = load_ready("network-rank")
    assert base.photo_repeats == 1
    assert load_recipe(base.recipe).values["max_train_epochs"] == body["epoch"]
    regularised = runs_of(load_ready("regularisation"))[0].point
    assert (regularised.photo_repeats, regularised.settings["max_train_epochs"]) == (10, 10)


def test_an_unknown_one_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="choose one of batch-size, betas"):
        load_ready("rank")
    (tmp_path / "x.toml").write_text("schema = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no ready sweep"):
        load_ready("x", tmp_path)
