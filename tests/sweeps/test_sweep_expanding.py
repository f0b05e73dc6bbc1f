"""From a base and its axes to named runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from training_fakes import TINY

from lib_t2p.errors import InputError, SettingsError, WorkspaceError
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.storing import read_sweep, write_sweep
from lib_t2p.sweeps.sweep import Sweep, checked_sweep, with_values
from lib_t2p.sweeps.sweep_axes import Choice, SweepAxis, axis_of
from lib_t2p.sweeps.sweep_runs import expand
from lib_t2p.workspace.person import PersonFolder, SweepFolder

BASE = Point({**TINY, "network_dim": 192, "seed": 1234}, 1, "base.safetensors")


def sweep_of(*axes: SweepAxis, **more: Any) -> Sweep:
    return checked_sweep(Sweep("ranks", "ada", "Ranks", BASE, axes, **more))


def names(sweep: Sweep) -> list[str]:
    return [run.name for run in expand(sweep)]


RANKS = axis_of("network_dim", [32, 64, 192])


def test_a_product_names_every_combination_in_order() -> None:
    assert names(sweep_of(RANKS)) == ["network_dim=32", "network_dim=64", "network_dim=192"]
    both = sweep_of(axis_of("network_dim", ["32", "64"]), axis_of("clip_skip", [1, 2]))
    assert names(both) == [
        "network_dim=32, clip_skip=1",
        "network_dim=32, clip_skip=2",
        "network_dim=64, clip_skip=1",
        "network_dim=64, clip_skip=2",
    ]


def test_one_at_a_time_begins_with_the_base_and_trains_the_same_only_once() -> None:
    sweep = sweep_of(RANKS, axis_of("clip_skip", [2]), mode="one_at_a_time")
    runs = expand(sweep)
    assert [run.name for run in runs] == ["base", "network_dim=32", "network_dim=64", "clip_skip=2"]
    assert runs[0].also == ("network_dim=192",)
    assert runs[3].overrides == {"clip_skip": 2}


def test_repeats_have_the_same_other_seeds_in_every_group() -> None:
    runs = expand(sweep_of(RANKS, repeats=2))
    assert [run.name for run in runs][:3] == [
        "network_dim=32",
        "network_dim=32 seed 2",
        "network_dim=64",
    ]
    assert {(run.group, run.seed) for run in runs} == {
        (f"network_dim={rank}", seed) for rank in (32, 64, 192) for seed in (1234, 1235)
    }


def test_only_the_base_is_repeated_when_asked_and_added_when_missing() -> None:
    with_base = expand(sweep_of(RANKS, repeats=3, repeated="base"))
    assert [r.name for r in with_base if r.group == "network_dim=192"] == [
        "network_dim=192",
        "network_dim=192 seed 2",
        "network_dim=192 seed 3",
    ]
    assert len(with_base) == 5
    without = sweep_of(axis_of("network_dim", [32, 64]), repeats=2, repeated="base")
    assert names(without) == ["base", "base seed 2", "network_dim=32", "network_dim=64"]


def test_repeats_alone_measure_the_noise() -> None:
    assert names(sweep_of(repeats=3)) == ["base", "base seed 2", "base seed 3"]


def test_what_the_checks_refuse_is_given_with_the_reason() -> None:
    runs = expand(sweep_of(axis_of("network_dim", [32, 0]), axis_of("noise_offset", [0.0, 0.1])))
    refused = [run for run in runs if run.refused]
    assert [run.name for run in refused] == [
        "network_dim=0, noise_offset=0",
        "network_dim=0, noise_offset=0.1",
    ]
    assert "network_dim is 0, but must be" in refused[0].refused
    alone = expand(sweep_of(axis_of("network_dim", [32, 0])))
    assert len([run for run in alone if not run.refused]) == 1


def test_a_member_of_a_list_of_arguments_is_set_replaced_and_left_out() -> None:
    base = replace(
        BASE,
        settings={
            **BASE.settings,
            "optimizer_type": "DAdaptAdam",
            "learning_rate": 1.0,
            "optimizer_args": ["decouple=True", "growth_rate=1.02"],
        },
    )
    axis = axis_of("optimizer_args.growth_rate", [1.02, 1.1, float("inf")])
    more = axis_of("optimizer_args.betas", ["0.9,0.99"])
    runs = expand(replace(sweep_of(RANKS), base=base, axes=(axis, more)))
    assert [run.name for run in runs] == [
        "growth_rate=1.02, betas=0.9,0.99",
        "growth_rate=1.1, betas=0.9,0.99",
        "growth_rate=inf, betas=0.9,0.99",
    ]
    assert runs[1].point.settings["optimizer_args"] == (
        "decouple=True",
        "growth_rate=1.1",
        "betas=0.9,0.99",
    )
    assert runs[2].point.settings["optimizer_args"] == ("decouple=True", "betas=0.9,0.99")
    assert [run.refused for run in runs] == ["", "", ""]


def test_datasets_checkpoints_and_repeats_of_photos_are_axes_too() -> None:
    runs = expand(
        sweep_of(
            axis_of("dataset", ["1", "2"]),
            axis_of("checkpoint", ["C:\\models\\photo 1.5.safetensors", "/m/epic.ckpt"]),
        )
    )
    assert runs[0].name == "dataset=1, checkpoint=photo 1.5"
    assert (runs[3].point.dataset, runs[3].point.checkpoint) == (2, "/m/epic.ckpt")
    assert expand(sweep_of(axis_of("photo_repeats", [5])))[0].point.photo_repeats == 5


def test_checkpoints_of_one_name_in_two_folders_are_told_apart() -> None:
    axis = axis_of("checkpoint", ["/a/m.safetensors", "/b/m.safetensors"])
    assert [c.label for c in axis.choices] == ["/a/m.safetensors", "/b/m.safetensors"]


def test_every_fault_is_named_at_once() -> None:
    axes = (
        axis_of("netwrk_dim", [1]),
        axis_of("clip_skip", []),
        axis_of("dataset", ["new"]),
        SweepAxis("precision", (Choice('a "quote"', {"full_bf16": True}),)),
    )
    with pytest.raises(SettingsError) as caught:
        checked_sweep(Sweep("s", "ada", "S", BASE, axes, repeats=99))
    text = str(caught.value)
    assert len(caught.value.faults) == 5
    for part in ("did you mean 'network_dim'", "clip_skip has no values", "dataset is 'new'"):
        assert part in text
    assert "repeats is 99" in text


def test_too_many_runs_are_refused_with_their_number() -> None:
    axes = (axis_of("network_dim", range(1, 40)), axis_of("clip_skip", range(1, 12)))
    with pytest.raises(SettingsError, match="it makes 858 runs"):
        sweep_of(*axes, repeats=2)
    assert len(expand(sweep_of(*axes, mode="one_at_a_time"))) == 51


@pytest.mark.parametrize("seed", ["abc", "-3", "9" * 30, 1.5])
def test_a_seed_that_is_none_is_refused_as_any_value(seed: object) -> None:
    runs = expand(sweep_of(axis_of("seed", [7, seed]), repeats=2))
    assert [run.seed for run in runs if not run.refused] == [7, 8]
    assert all("seed" in run.refused for run in runs[2:])


def test_the_seeds_of_repeats_stay_in_range() -> None:
    runs = expand(sweep_of(axis_of("seed", [2**32 - 1]), repeats=2))
    assert [(run.seed, run.refused) for run in runs] == [(2**32 - 1, ""), (0, "")]


def test_a_sweep_without_any_difference_is_refused() -> None:
    with pytest.raises(SettingsError, match="nothing differs"):
        sweep_of()


def test_more_values_add_runs_and_keep_the_names_of_the_old_ones() -> None:
    old = sweep_of(axis_of("network_dim", [32, 64]))
    longer = with_values(old, {"network_dim": [64, 128]}, repeats=2)
    assert set(names(old)) < set(names(longer))
    assert len(names(longer)) == 6
    wider = with_values(old, {"clip_skip": [1, 2]})
    assert set(names(old)) < set(names(wider))
    assert "network_dim=64, clip_skip=2" in names(wider)
    with pytest.raises(SettingsError, match="never taken away"):
        with_values(longer, {}, repeats=1)


def test_a_sweep_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    folder = PersonFolder(tmp_path / "people/ada").sweep("Ranks")
    precision = SweepAxis(
        "precision",
        (
            Choice("fp32", {"mixed_precision": "no"}),
            Choice("full bf16", {"mixed_precision": "bf16", "full_bf16": True}),
        ),
    )
    mixed = axis_of("lr_warmup_steps", [0, 0.1])
    sweep = sweep_of(RANKS, precision, mixed, description="é", repeats=2, repeated="base")
    write_sweep(folder, sweep)
    back = read_sweep(folder)
    assert (back.axes, back.description, back.repeats, back.repeated) == (
        sweep.axes,
        "é",
        2,
        "base",
    )
    assert [run.name for run in expand(back)] == names(sweep)


def test_a_damaged_or_newer_file_is_one_sentence(tmp_path: Path) -> None:
    folder = SweepFolder(tmp_path / "sweeps" / "x")
    with pytest.raises(InputError, match="There is no sweep 'x'"):
        read_sweep(folder)
    folder.root.mkdir(parents=True)
    folder.record.write_text("schema = 1\ntitle = 3\n", encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        read_sweep(folder)
    folder.record.write_text("schema = 2\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="update the extension"):
        read_sweep(folder)
