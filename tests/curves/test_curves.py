from __future__ import annotations

import math

import numpy as np
import pytest
from curve_helpers import curves_from_points, growing, training

from lib_t2p.curves.curve import Curves, curves_from_scalars
from lib_t2p.curves.numbers import numbers_of_curves
from lib_t2p.curves.scalars import Scalar


def test_a_step_that_was_repeated_counts_once_with_its_later_number() -> None:
    told = [Scalar("loss/average", step, 1.0, value) for step, value in ((1, 5), (2, 4), (2, 3))]
    curve = curves_from_scalars(told).average
    assert curve.steps.tolist() == [1, 2]
    assert curve.values.tolist() == [5, 3]


def test_numbers_of_a_run() -> None:
    numbers = numbers_of_curves(training(200, growing(200, 2.0, 1e-3)))
    assert numbers.steps == 200
    assert numbers.peak_dlr == pytest.approx(1e-3, rel=0.05)
    assert numbers.seconds_per_step == pytest.approx(0.8, abs=1e-4)
    assert numbers.minutes == pytest.approx(199 * 0.8 / 60, rel=1e-3)


def test_the_night_between_a_stop_and_its_resume_is_not_training() -> None:
    seconds = np.full(200, 0.8)
    seconds[100] = 30_000
    assert numbers_of_curves(training(200, seconds=seconds)).minutes == pytest.approx(
        2.65, abs=0.01
    )


@pytest.mark.parametrize(
    ("steps", "expected"), [((1, 2, 3), 3), ((6, 7, 8), 8), ((110, 220, 330), 3), ((5,), 1)]
)
def test_epochs_are_counted_whether_numbered_or_told_by_step(
    steps: tuple[int, ...], expected: int
) -> None:
    points = {"loss/epoch": [(step, 0.1) for step in steps]}
    assert numbers_of_curves(curves_from_points(points)).epochs == expected


def test_what_is_not_told_is_none() -> None:
    numbers = numbers_of_curves(curves_from_points({"loss/average": [(1, math.nan)]}))
    assert numbers.steps == 1
    assert numbers.final_average_loss is not None
    assert math.isnan(numbers.final_average_loss)
    assert numbers.peak_dlr is numbers.seconds_per_step is None
    assert numbers_of_curves(Curves()).steps == 0
