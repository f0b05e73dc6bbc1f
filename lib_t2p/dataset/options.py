"""What can be chosen for a dataset, with its limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from lib_t2p.errors import FaultsError

Framing = Literal["face", "bust", "whole"]
SUBJECT = "The dataset options"


@dataclass(frozen=True)
class Limits:
    """Range and unit of a number.

    Attributes:
        low, high: both allowed.
        unit: as shown to a person.
        step: the number is a multiple of it; 0 means any.
    """

    low: float
    high: float
    unit: str = ""
    step: int = 0


def _number(default: Any, low: float, high: float, unit: str = "", step: int = 0) -> Any:
    return field(default=default, metadata={"limits": Limits(low, high, unit, step)})


@dataclass(frozen=True)
class DatasetOptions:
    """How photos become a training folder. Trigger and class word come from the person.

    Attributes:
        resolution: side of the square crops, pixels; a multiple of 8.
        repeats: how often kohya shows each picture per epoch; the number in the folder name.
        framing: `face` (head only), `bust` (head and shoulders) or `whole` (the largest square).
        held_out: photos kept back for scoring; None takes a tenth, at least two.
        wanted: most photos to train on, the best are taken; None takes all that are good.
        least_face: width of the smallest face that is used, pixels of the original.
        most_enlarging: how much a crop may be enlarged at most, as a factor.
        same_person: distance of identities up to which a face is taken for the person's.
        least_sharpness: `vision.sharpness.face_sharpness` below which a face is blurred.
        least_relative_sharpness: the same as a share of the median of all photos.
        least_light, most_light: mean grey level of a face that is used, 0 to 255.
        least_contrast: grey levels between the 5th and 95th percentile of a face that is used.
        most_clipped: share of the face that may be black or white.
        most_cut: share of the face box that the picture's edge may cut off.
        near_duplicate_bits: pictures whose 256-bit hashes (or one's and the other's mirrored)
            differ in at most so many bits are one picture saved twice. Measured: saved again,
            lit up to 1.2 times or resized, 0 to 10; 3 % cut off, 24 to 40; other crops, from 70.
        same_burst_bits: up to so many bits, photos are of one burst: both may be trained on, but
            never one trained on and the other held out.
    """

    resolution: int = _number(512, 64, 2048, "px", 8)
    repeats: int = _number(10, 1, 1000)
    framing: Framing = "bust"
    held_out: int | None = _number(None, 0, 100, "photos")
    wanted: int | None = _number(None, 1, 10_000, "photos")
    least_face: int = _number(40, 16, 2048, "px")
    most_enlarging: float = _number(2.5, 1.0, 16.0)
    same_person: float = _number(0.6, 0.1, 1.2)
    least_sharpness: float = _number(8.0, 0.0, 1000.0)
    least_relative_sharpness: float = _number(0.2, 0.0, 1.0)
    least_light: float = _number(30.0, 0.0, 255.0)
    most_light: float = _number(225.0, 0.0, 255.0)
    least_contrast: float = _number(25.0, 0.0, 255.0)
    most_clipped: float = _number(0.5, 0.0, 1.0)
    most_cut: float = _number(0.12, 0.0, 1.0)
    near_duplicate_bits: int = _number(16, 0, 64, "bits")
    same_burst_bits: int = _number(60, 0, 128, "bits")

    def __post_init__(self) -> None:
        faults = option_faults(asdict(self))
        if faults:
            raise FaultsError(SUBJECT, faults)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> DatasetOptions:
        """Read options by name; what is missing keeps its default.

        Raises:
            FaultsError: all unknown names, wrong types and values out of range at once.
        """
        known = [f.name for f in fields(cls)]
        faults = [
            f"{name!r} is no option; there are {', '.join(known)}"
            for name in mapping
            if name not in known
        ]
        given = {name: value for name, value in mapping.items() if name in known}
        faults += option_faults(given)
        if faults:
            raise FaultsError(SUBJECT, faults)
        return cls(**given)


def option_faults(values: Mapping[str, Any]) -> list[str]:
    """One sentence for each value that cannot be used, in the order of the fields."""
    faults = []
    for known in fields(DatasetOptions):
        if known.name not in values:
            continue
        value = values[known.name]
        limits = known.metadata.get("limits")
        if limits is None:
            if value not in get_args(Framing):
                named = ", ".join(get_args(Framing))
                faults.append(f"{known.name} is {value!r}: choose one of {named}")
        elif not (value is None and known.default is None):
            is_whole = "int" in str(known.type)
            fault = _number_fault(value, limits, is_whole)
            if fault:
                faults.append(f"{known.name} is {value!r}: {fault}")
    return faults


def _number_fault(value: Any, limits: Limits, is_whole: bool) -> str:
    kinds = int if is_whole else (int, float)
    unit = f" {limits.unit}" if limits.unit else ""
    if isinstance(value, bool) or not isinstance(value, kinds) or not math.isfinite(value):
        return f"it must be a {'whole ' if is_whole else ''}number"
    if not limits.low <= value <= limits.high:
        return f"it must lie between {limits.low:g} and {limits.high:g}{unit}"
    if limits.step and value % limits.step:
        return f"it must be a multiple of {limits.step}"
    return ""
