from __future__ import annotations

import math

import pytest

from lib_t2p.scores.verdict.statistics import t_quantile

# Tables of the t distribution, such as NIST's e-Handbook 1.3.6.7.2.
TABLE = [(0.025, 1, -12.706), (0.025, 5, -2.571), (0.025, 8, -2.306), (0.005, 3, -5.841)]


@pytest.mark.parametrize(("share", "freedom", "value"), TABLE)
def test_quantiles_are_those_of_the_tables(share: float, freedom: int, value: float):
    assert math.isclose(t_quantile(share, freedom), value, abs_tol=6e-4)


def test_quantiles_are_symmetric_and_near_the_normal_ones_for_many():
    assert t_quantile(0.975, 7) == -t_quantile(1 - 0.975, 7)
    assert math.isclose(t_quantile(0.025, 100_000), -1.95996, abs_tol=1e-3)
