"""Quantiles of Student's t, without scipy: the WebUI's process judges grids as well."""

from __future__ import annotations

import math
from functools import lru_cache


@lru_cache(maxsize=256)
def t_quantile(share: float, freedom: int) -> float:
    """The value below which `share` of a t distribution lies.

    Args:
        share: above 0, below 1.
        freedom: degrees of freedom, 1 or more.

    Returns:
        The value, right to 1e-9 of its size for shares from 1e-8 to 1 - 1e-8.
    """
    if share > 0.5:
        return -t_quantile(1 - share, freedom)
    low, high = -1.0, 0.0
    while _share_below(low, freedom) > share:
        low *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if _share_below(middle, freedom) > share:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _share_below(value: float, freedom: int) -> float:
    """Distribution function for whole degrees of freedom.

    M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.3 and 26.7.4.
    """
    angle = math.atan(value / math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    within = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return (1 + within) / 2
