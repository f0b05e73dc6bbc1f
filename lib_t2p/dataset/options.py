"""What can be chosen for a dataset, with its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from lib_t2p.errors import FaultsError
from lib_t2p.ranges import is_number

Framing = Literal["face", "bust", "whole"]
Shape = Literal["square", "buckets"]
SmallPhotos = Literal["leave_out", "smaller", "enlarge"]
Others = Literal["avoid", "blur", "fill"]
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


def _one_of(choices: object) -> dict[str, Any]:
    return {"choices": get_args(choices)}


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
        least_sharpness: a face below it is blurred; see `vision.sharpness.face_sharpness`.
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
        shape: `square` crops, or `buckets`: the shape of the bucket into which sd-scripts would put
            the photo, so that nothing is cut off again; to be trained with buckets enabled.
        face_repeats, bust_repeats, whole_repeats: repeats of a further crop of each photo in that
            framing, in a kohya folder of its own; 0 makes none. That of `framing` itself counts
            as `repeats`.
        small_photos: crops that would be enlarged more than `most_enlarging`: `leave_out`, keep
            `smaller` (a bucket of as many pixels as there are; to be trained with
            bucket_no_upscale) or `enlarge` whatever the factor.
        upscaler: of the WebUI, for crops with fewer pixels than they are to have; Lanczos when
            empty or when no WebUI is open.
        others: other people: `avoid` them and leave the photo out where that is not possible, or
            `blur` or `fill` their heads there.
        regularisation: class pictures that go into the version: none when empty, `photos` for
            those that were imported, or the name of a generated set.
    """

    resolution: int = _number(512, 64, 2048, "px", 8)
    repeats: int = _number(10, 1, 1000)
    framing: Framing = field(default="bust", metadata=_one_of(Framing))
    held_out: int | None = _number(None, 0, 100, "photos")
    wanted: int | None = _number(None, 1, 10_000, "photos")
    least_face: int = _number(40, 16, 2048, "px")
    most_enlarging: float = _number(2.5, 1.0, 16.0)
    same_person: float = _number(0.6, 0.1, 1.2)
    least_sharpness: float = _number(8.0, 0.0, 1000.0)
    least_relative_sharpness: float = _number(0.28, 0.0, 1.0)
    least_light: float = _number(30.0, 0.0, 255.0)
    most_light: float = _number(225.0, 0.0, 255.0)
    least_contrast: float = _number(25.0, 0.0, 255.0)
    most_clipped: float = _number(0.5, 0.0, 1.0)
    most_cut: float = _number(0.12, 0.0, 1.0)
    near_duplicate_bits: int = _number(16, 0, 64, "bits")
    same_burst_bits: int = _number(60, 0, 128, "bits")
    shape: Shape = field(default="square", metadata=_one_of(Shape))
    face_repeats: int = _number(0, 0, 1000)
    bust_repeats: int = _number(0, 0, 1000)
    whole_repeats: int = _number(0, 0, 1000)
    small_photos: SmallPhotos = field(default="leave_out", metadata=_one_of(SmallPhotos))
    others: Others = field(default="avoid", metadata=_one_of(Others))
    upscaler: str = field(default="", metadata={"text": True})
    regularisation: str = field(default="", metadata={"text": True})

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

    @property
    def variants(self) -> tuple[tuple[Framing, int], ...]:
        """Framings with their repeats, the main one first."""
        further: tuple[tuple[Framing, int], ...] = (
            ("face", self.face_repeats),
            ("bust", self.bust_repeats),
            ("whole", self.whole_repeats),
        )
        more = ((name, times) for name, times in further if times and name != self.framing)
        return ((self.framing, self.repeats), *more)


def option_faults(values: Mapping[str, Any]) -> list[str]:
    """One sentence for each value that cannot be used, in the order of the fields."""
    faults = []
    for known in fields(DatasetOptions):
        if known.name not in values:
            continue
        value = values[known.name]
        fault = _fault_of(value, known)
        if fault:
            faults.append(f"{known.name} is {value!r}: {fault}")
    return faults


def _fault_of(value: Any, known: Field[Any]) -> str:
    if choices := known.metadata.get("choices"):
        return "" if value in choices else f"choose one of {', '.join(choices)}"
    if known.metadata.get("text"):
        return "" if isinstance(value, str) else "it must be text"
    if value is None and known.default is None:
        return ""
    return _number_fault(value, known.metadata["limits"], "int" in str(known.type))


def _number_fault(value: Any, limits: Limits, is_whole: bool) -> str:
    kinds = int if is_whole else (int, float)
    unit = f" {limits.unit}" if limits.unit else ""
    if not is_number(value) or not isinstance(value, kinds):
        return f"it must be a {'whole ' if is_whole else ''}number"
    if not limits.low <= value <= limits.high:
        return f"it must lie between {limits.low:g} and {limits.high:g}{unit}"
    if limits.step and value % limits.step:
        return f"it must be a multiple of {limits.step}"
    return ""
