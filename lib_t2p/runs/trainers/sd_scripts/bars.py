"""Progress bars as tqdm prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BAR = re.compile(
    r"^\s*(?:(?P<label>[^\d|%][^|%]*?):\s+)?\d+%\|[^|]*\|\s*(?P<done>\d+)/(?P<total>\d+)"
    r" \[(?P<spent>[\d:]+)<(?P<left>[\d:]+|\?),\s*(?P<pace>[\d.]+|\?)(?P<unit>s/it|it/s)"
    r"(?P<rest>[^\]]*)"
)
_LOSS = re.compile(r"avr_loss=(?P<loss>[-+\w.]+)")


@dataclass(frozen=True)
class Bar:
    """One look at a progress bar.

    Attributes:
        label: before the colon, such as `steps`; empty when there is none.
        done: of `total`.
        total: steps of this bar.
        seconds_left: as tqdm tells it; None while unknown.
        seconds_per_step: average over the bar so far; None while unknown.
        loss: average loss; None when the bar shows none. May be no number (`nan`).
    """

    label: str
    done: int
    total: int
    seconds_left: float | None
    seconds_per_step: float | None
    loss: float | None


def read_bar(line: str) -> Bar | None:
    """Read the bar at the begin of a line, whatever is glued behind it; None when there is none."""
    found = _BAR.match(line)
    if found is None:
        return None
    return Bar(
        label=found["label"] or "",
        done=int(found["done"]),
        total=int(found["total"]),
        seconds_left=_clock(found["left"]),
        seconds_per_step=_pace(found["pace"], found["unit"]),
        loss=_loss(found["rest"]),
    )


def _clock(text: str) -> float | None:
    """Seconds of `5`, `01:05`, `1:01:05`; tqdm writes days as more hours."""
    if text == "?":
        return None
    seconds = 0
    for part in text.split(":"):
        seconds = 60 * seconds + int(part or 0)
    return float(seconds)


def _pace(text: str, unit: str) -> float | None:
    if text == "?" or float(text) == 0.0:
        return None
    return float(text) if unit == "s/it" else 1.0 / float(text)


def _loss(text: str) -> float | None:
    found = _LOSS.search(text)
    try:
        return float(found["loss"]) if found else None
    except ValueError:
        return None
