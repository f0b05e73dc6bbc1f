from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from curve_helpers import cosine, growing, training

from lib_t2p.curves import Curves, curve_findings, curves_from_scalars
from lib_t2p.curves.scalars import ScalarReader
from lib_t2p.settings.settings import settings_from

SPOTS = ("lr/d*lr", "lr/d*lr/unet", "lr/d*lr/textencoder")


def codes(curves: Curves, forecast: float | None = None) -> list[str]:
    return [finding.code for finding in curve_findings(curves, None, forecast)]


@pytest.mark.parametrize("tag", SPOTS)
def test_a_usual_run_has_no_findings(tag: str) -> None:
    assert codes(training(1100, growing(1100, 1.02, 2e-3), dlr_tag=tag)) == []


@pytest.mark.parametrize("found", [1e-5, 1e-4, 1e-2])
@pytest.mark.parametrize("rate", [1.02, 1.06, 3.0])
def test_the_level_of_d_is_no_fault(found: float, rate: float) -> None:
    assert codes(training(1100, growing(1100, rate, found))) == []


def test_d_that_never_moves_is_stuck() -> None:
    found = curve_findings(training(1100, np.full(1100, 1e-6)))
    assert [f.code for f in found] == ["lr-stuck"]
    assert "1100 steps" in found[0].message


def test_full_fp16_is_named_as_the_cause_only_where_it_is_on() -> None:
    curves = training(300, np.full(300, 1e-6))
    full = settings_from(
        {"optimizer_type": "DAdaptAdam", "full_fp16": True, "mixed_precision": "fp16"}
    )
    plain = settings_from({"mixed_precision": "bf16"})
    assert "full_fp16" in curve_findings(curves, full)[0].message
    assert "fp16" not in curve_findings(curves, plain)[0].message.replace("bf16", "")


def test_d_that_does_not_move_from_a_start_of_ones_own_choice_is_stuck_too() -> None:
    settings = settings_from({"optimizer_type": "Prodigy", "optimizer_args": ["d0=1e-4"]})
    curves = training(300, np.full(300, 1e-4))
    assert [f.code for f in curve_findings(curves, settings)] == ["lr-stuck"]


def test_a_resumed_run_keeps_its_d_and_is_healthy() -> None:
    assert codes(training(400, np.full(400, 2e-3))) == []
    assert codes(training(400, np.linspace(1e-3, 1.1e-3, 400))) == []


def test_d_may_rest_before_it_is_time_to_judge() -> None:
    assert codes(training(40, np.full(40, 1e-6))) == []


@pytest.mark.parametrize("steps", [100, 200, 300])
@pytest.mark.parametrize("constant", [True, False])
def test_a_run_that_ends_while_d_grows_is_under_trained(steps: int, constant: bool) -> None:
    rate = np.ones(steps) if constant else cosine(steps)
    curves = training(steps, growing(steps, 1.02, 2e-3), rate=rate)
    assert codes(curves) == ["short-warmup"]


def test_a_warm_up_that_used_up_the_schedule_is_too_long() -> None:
    curves = training(550, growing(550, 1.02, 2.6e-3))
    assert codes(curves) == ["short-warmup"]
    assert codes(training(550, growing(550, 1.02, 2.6e-3), rate=np.ones(550))) == []


def test_a_run_that_still_trains_may_still_warm_up() -> None:
    curves = training(200, growing(200, 1.02, 2e-3))
    assert curve_findings(curves, ended=False) == []
    stuck = training(200, np.full(200, 1e-6))
    assert [f.code for f in curve_findings(stuck, ended=False)] == ["lr-stuck"]


def test_d_that_creeps_like_prodigys_is_healthy() -> None:
    curves = training(1000, np.linspace(1e-6, 4e-4, 1000))
    assert codes(curves) == []


def test_a_small_late_step_of_d_is_healthy() -> None:
    d = growing(1100, 1.02, 1.1e-3)
    d[850:] *= 1.3
    assert codes(training(1100, d)) == []


def test_d_times_a_rate_of_zero_tells_nothing() -> None:
    assert codes(training(500, np.full(500, 1e-3), rate=np.zeros(500))) == []


def test_without_d_there_is_nothing_to_be_stuck() -> None:
    assert codes(training(500)) == []


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_loss_that_is_no_number_is_found(bad: float) -> None:
    loss = np.full(200, 0.1)
    loss[150:] = bad
    found = curve_findings(training(200, loss=loss))
    assert [f.code for f in found] == ["nan-loss"]
    assert "50 of 200" in found[0].message
    assert "step 151" in found[0].message


def test_a_loss_that_runs_away_is_found_and_one_that_recovers_is_not() -> None:
    loss = np.random.default_rng(2).lognormal(-2.6, 0.5, 400)
    ran = loss.copy()
    ran[300:] += 0.6
    spike = loss.copy()
    spike[100:110] += 5
    assert codes(training(400, loss=ran)) == ["diverged"]
    assert codes(training(400, loss=spike)) == []


def test_steps_that_become_slow_are_found() -> None:
    seconds = np.full(400, 0.8)
    seconds[250:] = 8.0
    found = curve_findings(training(400, seconds=seconds))
    assert [f.code for f in found] == ["slow-steps"]
    assert "8 s" in found[0].message


def test_pauses_for_pictures_and_a_night_are_not_slow_steps() -> None:
    seconds = np.full(400, 0.8)
    seconds[::11] = 9.0
    seconds[200] = 30_000.0
    assert codes(training(400, seconds=seconds)) == []


def test_a_slow_run_is_slow_only_against_its_forecast() -> None:
    curves = training(300, seconds=np.full(300, 4.0))
    assert codes(curves) == []
    assert codes(curves, forecast=0.8) == ["slow-steps"]
    assert codes(curves, forecast=3.0) == []


def test_an_empty_log_has_no_findings() -> None:
    assert codes(Curves()) == []


def test_the_guides_bad_runs_are_found_and_no_good_one(shared: Path) -> None:
    logs = shared / "guide" / "logs"
    found = {}
    for file in logs.rglob("*tfevents*"):
        curves = curves_from_scalars(ScalarReader(file).read_new())
        run = file.parent.relative_to(logs).as_posix()
        if codes(curves):
            found[run] = codes(curves)
    assert found == {
        "Precision/GR 1.02/fp16_full_fp16": ["lr-stuck"],
        "Batch Size/GR 1.02/11": ["short-warmup"],
        "Total Steps/GR 1.02/1650": ["short-warmup"],
    }
