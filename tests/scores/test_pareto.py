from __future__ import annotations

import pytest

from lib_t2p.scores.verdict.verdict import front, knee


def test_only_points_that_nothing_beats_are_on_the_front() -> None:
    assert front([(1, 5), (2, 2), (5, 1), (3, 3), (2, 6)]) == [0, 1, 2]


def test_equal_points_are_all_on_the_front() -> None:
    assert front([(1, 1), (1, 1)]) == [0, 1]


def test_the_knee_gives_up_little_in_each_measure() -> None:
    assert knee([(0.50, 0.90), (0.51, 0.30), (0.70, 0.28)]) == 1


def test_the_unit_of_a_measure_does_not_matter() -> None:
    points = [(0.50, 90.0), (0.56, 40.0), (0.70, 28.0)]
    assert knee(points) == knee([(a * 1000, b / 1000) for a, b in points]) == 1


def test_a_point_that_beats_all_others_is_the_knee() -> None:
    assert knee([(2, 2), (1, 1), (3, 1)]) == 1


def test_one_measure_gives_its_best() -> None:
    assert knee([(0.5,), (0.4,), (0.6,)]) == 1


def test_no_point_has_no_knee() -> None:
    with pytest.raises(ValueError, match="at least one"):
        knee([])
