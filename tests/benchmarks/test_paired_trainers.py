"""What the trainers' benchmark concludes, on numbers whose answer is known."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("tensorboard")

from benchmarks.paired import difference_interval, mean_interval, ratio_interval
from benchmarks.trainer_report import TARGETS, Measured, print_report, summary
from benchmarks.watching import watch
from lib_t2p.cli_output import Output


def measured(seconds: float, losses: list[float] | None = None) -> Measured:
    return Measured(seconds, seconds, seconds, seconds, seconds, seconds, losses or [1.0, 1.1])


def test_the_interval_of_a_mean_is_students() -> None:
    found = mean_interval([1.0, 2.0, 3.0])
    half = 4.303 / math.sqrt(3)
    assert (found.middle, found.low, found.high) == pytest.approx((2, 2 - half, 2 + half))


def test_ratios_are_taken_pair_by_pair() -> None:
    found = ratio_interval([1.0, 2.0, 30.0], [2.0, 4.0, 60.0])
    assert (found.middle, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))


def test_one_pair_has_no_interval() -> None:
    assert str(ratio_interval([1.0], [2.0])) == "0.500 (one measurement)"


def test_a_difference_within_the_noise_has_an_interval_around_0() -> None:
    near = difference_interval([1.0, 1.1, 0.9], [1.05, 0.95, 1.0])
    far = difference_interval([1.0, 1.1, 0.9], [2.0, 2.1, 1.9])
    assert near.low < 0 < near.high
    assert far.high < 0


def test_a_slower_trainer_misses_its_targets(capsys: pytest.CaptureFixture[str]) -> None:
    fast = [(measured(1.0 + n / 100), measured(4.0 + n / 50)) for n in range(3)]
    slow = [(theirs, ours) for ours, theirs in fast]
    assert not print_report(Output(), "fast", summary(fast), TARGETS)
    assert print_report(Output(), "slow", summary(slow), TARGETS)
    assert capsys.readouterr().out.count("MISSED") == len(TARGETS)


def test_losses_that_differ_more_than_repeats_do_not_agree() -> None:
    same = [(measured(1, [1.0 + n / 10]), measured(1, [1.05 + n / 10])) for n in range(4)]
    apart = [(measured(1, [1.0 + n / 10]), measured(1, [3.0 + n / 10])) for n in range(4)]
    assert summary(same)["losses"]["agree"]
    assert not summary(apart)["losses"]["agree"]


def test_steps_are_seen_as_they_are_printed(tmp_path: Path) -> None:
    program = "print('step 0'); print('step 1'); print('step 1 again'); print('step 2')"
    seen = watch(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={},
        step=re.compile(r"step (\d+)"),
        log=tmp_path / "log.txt",
    )
    assert seen.code == 0
    assert len(seen.step_seconds) == 3
    assert list(seen.step_seconds) == sorted(seen.step_seconds)
    assert seen.seconds >= seen.step_seconds[-1]
    assert "step 1 again" in seen.tail
