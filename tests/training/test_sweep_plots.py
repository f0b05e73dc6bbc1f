"""Curves of runs become one line per setting; repeats become its band."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from training_fakes import TINY

from lib_t2p.training.sweeps.axes import axis_of
from lib_t2p.training.sweeps.collecting import Collected, Told
from lib_t2p.training.sweeps.drawing import CSV_NAME, draw_plots
from lib_t2p.training.sweeps.expanding import expand
from lib_t2p.training.sweeps.points import Point
from lib_t2p.training.sweeps.results import RunResult
from lib_t2p.training.sweeps.series import series_of, smooth
from lib_t2p.training.sweeps.status import RunStatus
from lib_t2p.training.sweeps.sweep import Sweep, checked_sweep
from lib_t2p.workspace import PersonFolder


def sweep_of(name: str, *values: float, repeats: int = 1) -> Sweep:
    base = Point(dict(TINY), 1, "base.safetensors")
    return checked_sweep(Sweep("s", "ada", "S", base, (axis_of(name, values),), repeats=repeats))


def collected(sweep: Sweep, *curves: dict[str, list[tuple[int, float]]]) -> list[Collected]:
    found = []
    for run, points in zip(expand(sweep), curves, strict=True):
        result = RunResult(run.name, run.group, "r", "finished", "", run.labels, run.seed)
        found.append(Collected(RunStatus(run, None, None), Told(points), result))
    return found


def test_repeats_are_one_line_with_a_band() -> None:
    runs = collected(
        sweep_of("network_dim", 8, repeats=2),
        {"loss/average": [(1, 0.4), (2, 0.2)]},
        {"loss/average": [(1, 0.2), (2, 0.1)]},
    )
    (series,) = series_of(runs, ("loss/average",), smoothed=False)
    assert (series.name, series.repeats) == ("network_dim=8", 2)
    assert series.smooth.tolist() == pytest.approx([0.3, 0.15])
    assert (series.low.tolist(), series.high.tolist()) == ([0.2, 0.1], [0.4, 0.2])


def test_a_run_that_was_cut_off_leaves_the_line_of_the_others_as_long() -> None:
    runs = collected(
        sweep_of("network_dim", 8, repeats=2),
        {"loss/average": [(1, 0.4), (2, 0.2), (3, 0.2)]},
        {"loss/average": [(1, 0.2)]},
    )
    (series,) = series_of(runs, ("loss/average",), smoothed=False)
    assert series.steps.tolist() == [1, 2, 3]
    assert series.smooth.tolist() == pytest.approx([0.3, 0.2, 0.2])


def test_numbers_that_are_none_are_left_out() -> None:
    runs = collected(
        sweep_of("network_dim", 8, 16),
        {"loss/average": [(1, math.nan), (2, 0.2)]},
        {"loss/average": [(1, math.inf)]},
    )
    (series,) = series_of(runs, ("loss/average",), smoothed=True)
    assert series.smooth.tolist() == pytest.approx([0.2])


def test_epochs_are_counted_whatever_step_they_were_logged_under() -> None:
    runs = collected(sweep_of("network_dim", 8), {"loss/epoch": [(11, 0.4), (22, 0.2), (33, 0.1)]})
    (series,) = series_of(runs, ("loss/epoch",), smoothed=False, counted=True)
    assert series.steps.tolist() == [1, 2, 3]


def test_smoothing_keeps_a_constant_and_calms_noise() -> None:
    flat = np.full(500, 0.3)
    assert smooth(flat).tolist() == pytest.approx(flat.tolist())
    noisy = 0.3 + np.random.default_rng(1).normal(0, 0.1, 1000)
    assert smooth(noisy)[100:].std() < noisy.std() / 3


@pytest.mark.parametrize("tag", ["lr/d*lr", "lr/d*lr/unet"])
def test_every_picture_that_has_curves_is_drawn(tmp_path: Path, tag: str) -> None:
    pytest.importorskip("matplotlib")
    folder = PersonFolder(tmp_path / "people/ada").sweep("s")
    sweep = sweep_of("noise_offset", 0.0, 0.1)
    curves = {"loss/average": [(1, 0.4), (2, 0.2)], tag: [(1, 1e-6), (2, 1e-3)]}
    plots = draw_plots(folder, sweep, collected(sweep, curves, curves))
    assert [path.stem for path in plots.images] == ["loss_per_step", "dlr_per_step"]
    with Image.open(plots.images[0]) as picture:
        assert picture.width > 1000
    assert plots.notes[0] == "Losses can't be compared: the runs differ in noise offset."
    rows = list(csv.DictReader((folder.plots / CSV_NAME).open(encoding="utf-8", newline="")))
    assert len(rows) == 8
    assert rows[-1] == {
        "run": "noise_offset=0.1", "seed": "1", "tag": tag, "step": "2", "value": "0.001"
    }  # fmt: skip


def test_a_sweep_without_curves_draws_nothing(tmp_path: Path) -> None:
    folder = PersonFolder(tmp_path / "people/ada").sweep("s")
    sweep = sweep_of("network_dim", 8, 16)
    assert draw_plots(folder, sweep, collected(sweep, {}, {})).images == ()
    assert not folder.plots.exists()
