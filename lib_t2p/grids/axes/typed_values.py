"""What is typed as the values of an axis: words, numbers, ranges as the plot's own axes have."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

NO_LORA = "no LoRA"
"""The value of any axis of ours that paints without a LoRA."""
MOST_VALUES = 500
"""More on one axis are a slip of the hand."""

_NUMBER = r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+"
_RANGE = re.compile(
    rf"({_NUMBER})\s*-\s*({_NUMBER})"
    rf"(?:\s*\(\s*([+-]\s*(?:\d+(?:\.\d*)?|\.\d+))\s*\)|\s*\[\s*(\d+)\s*\])?"
)


def is_none(value: str) -> bool:
    """Whether a value asks for pictures without a LoRA."""
    return value.strip().casefold() in (NO_LORA.casefold(), "none")


def number_of(value: str) -> float | None:
    """The number that a value is; None when it is none."""
    return float(value) if re.fullmatch(_NUMBER, value.strip()) else None


def shown(number: float) -> str:
    """A number as in a prompt and a legend, such as `0.9` or `12`."""
    return f"{round(number, 6):g}"


def expanded(values: Sequence[str], *, ranges: bool = True) -> list[str]:
    """Write every range out, if it may hold some; the rest stays as it was, but for what is empty.

    A range is `1-10`, `1-10 (+2)`, `10-1 (-3)` or `0-1.5 [7]`: from and to with both ends, a step
    (1 when not given), or how many values, evenly spaced.

    Raises:
        ValueError: a range is empty or endless; all of them, one sentence each line.
    """
    found: list[str] = []
    faults: list[str] = []
    for value in (v.strip() for v in values):
        match = _RANGE.fullmatch(value) if ranges else None
        if match is None:
            found += [value] if value else []
            continue
        try:
            found += [shown(number) for number in _range(value, *match.groups())]
        except ValueError as error:
            faults.append(str(error))
    if not found and not faults:
        faults.append("there is no value: choose or type one at least")
    if len(found) > MOST_VALUES:
        faults.append(f"it has {len(found)} values, more than {MOST_VALUES}")
    if faults:
        raise ValueError("\n".join(faults))
    return found


def _range(text: str, first: str, last: str, step: str | None, count: str | None) -> list[float]:
    start, end = float(first), float(last)
    if count is not None:
        wanted = int(count)
        if not 2 <= wanted <= MOST_VALUES:
            raise ValueError(f"the range {text!r} must have 2 to {MOST_VALUES} values")
        return [start + (end - start) * n / (wanted - 1) for n in range(wanted)]
    by = float(step.replace(" ", "")) if step else math.copysign(1.0, end - start)
    if by == 0 or (end - start) / by < 0:
        raise ValueError(f"the range {text!r} never gets from {first} to {last}: change its step")
    steps = (end - start) / by
    if steps > MOST_VALUES:
        raise ValueError(f"the range {text!r} has more than {MOST_VALUES} values")
    # A hundredth of a step is rounding, as of 0.1 added fifteen times.
    return [start + by * n for n in range(math.floor(steps + 0.01) + 1)]
