"""The record of a dataset version: every photo with its decision, numbers and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

from lib_t2p.dataset.options import DatasetOptions, Framing
from lib_t2p.dataset.photo_choices import Rectangle
from lib_t2p.dataset.reasons import Code
from lib_t2p.errors import FaultsError, WorkspaceError
from lib_t2p.files import ODD_PARTS, read_record, write_record
from lib_t2p.workspace import DatasetFolder

SCHEMA = 1

State = Literal["kept", "held_out", "left_out"]


@dataclass(frozen=True)
class DrawnCrop:
    """One written picture of a photo, as the trainer will see it.

    Attributes:
        framing: `face`, `bust` or `whole`.
        file: relative to the dataset's folder.
        box: left, top, right, bottom in pixels of the upright photo.
        size: (width, height) of the file, pixels: its bucket.
        repeats: of its folder; 0 for a held-out picture.
        caption: of its `.txt` file; empty when the folder name is the caption.
        masks: other heads that were blurred or filled, as `box`.
        head: the person's own, which no mask covers, as `box`; None without masks.
        by_hand: whether a person chose the box.
        upscaler: of the WebUI that enlarged it; empty when Lanczos did, or nothing had to.
        sha256: of such a file, hexadecimal, by which a rebuild finds it; empty otherwise.
    """

    framing: Framing
    file: str
    box: Rectangle
    size: tuple[int, int]
    repeats: int
    caption: str = ""
    masks: tuple[Rectangle, ...] = ()
    head: Rectangle | None = None
    by_hand: bool = False
    upscaler: str = ""
    sha256: str = ""

    @property
    def masked(self) -> int:
        """How many other heads were blurred or filled."""
        return len(self.masks)


@dataclass(frozen=True)
class ClassCrop:
    """One written regularisation image.

    Attributes:
        photo: its name in the set.
        sha256: of that file, hexadecimal.
        file, box, size: as of `DrawnCrop`.
        turn: see `PhotoReport`.
    """

    photo: str
    sha256: str
    file: str
    box: Rectangle
    size: tuple[int, int]
    turn: int = 0


@dataclass(frozen=True)
class PhotoDecision:
    """What became of one photo.

    Attributes:
        photo: file name in the person's `photos` folder, or the name it had when its import
            failed.
        state: `kept` is trained on, `held_out` is for scoring only, `left_out` is not used.
        code: why it is left out; empty otherwise.
        reason: the same as a sentence; empty otherwise.
        repaired: what was put right: `rotated` (EXIF turn baked in), `converted` (HEIC, CMYK, 16
            bits, ...), `turned` (it lay on its side without saying so), `padded` (the crop reaches
            over the picture's edge).
        numbers: `width`, `height` (px of the upright photo), `faces`, and where there is a face
            `face` (its width, px), `score` (of the detector, 0 to 1), `sharpness`
            (`face_sharpness`), `distance` (to the person's other photos), `group` (photos of one
            burst or shot share it), `quality` (0 to 100), `yaw`, `pitch` (degrees), `light`,
            `contrast` (grey levels), `share` (face width as a share of the crop or, where left
            out, of the photo's shorter side), `scene`, `clothes` (numbers of look-alikes).
        notes: see `reasons.NOTES`.
        crop: left, top, right, bottom in pixels of the upright photo; None when left out.
        file: the crop, relative to the dataset's folder; empty when left out.
        sha256: of the original, hexadecimal; empty when it could not be read.
        crops: all written pictures, the one of `file` first; empty when left out.
        turn: see `PhotoReport`; sizes and boxes are those of the turned photo.
    """

    photo: str
    state: State
    code: Code = ""
    reason: str = ""
    repaired: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    crop: tuple[float, float, float, float] | None = None
    file: str = ""
    notes: tuple[str, ...] = ()
    sha256: str = ""
    crops: tuple[DrawnCrop, ...] = ()
    turn: int = 0


@dataclass(frozen=True)
class Manifest:
    """All of a dataset version.

    Attributes:
        trigger, class_word: of the person when it was built.
        options: as chosen.
        detector, embedder: who looked at the photos.
        heldout_variants_of_training: a held-out picture comes from the same shot as a training
            picture, so that memorisation cannot be judged with this dataset.
        decisions: one per photo, by name.
        class_crops: the regularisation images that were written.
        class_refused: name and reason of those that may not be used.
        versions: of the packages that decided, by name.
    """

    trigger: str
    class_word: str
    options: DatasetOptions
    detector: str
    embedder: str
    heldout_variants_of_training: bool
    decisions: tuple[PhotoDecision, ...]
    class_crops: tuple[ClassCrop, ...] = ()
    class_refused: tuple[tuple[str, str], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def class_pictures(self) -> int:
        """How many regularisation images were written."""
        return len(self.class_crops)

    def of_state(self, state: State) -> tuple[PhotoDecision, ...]:
        """The decisions of one state, by name."""
        return tuple(d for d in self.decisions if d.state == state)


def write_manifest(folder: DatasetFolder, manifest: Manifest) -> None:
    """Write `manifest.json`; to be called last, since it is what makes a version count."""
    body = asdict(manifest)
    body["photos"] = body.pop("decisions")
    write_record(folder.manifest, SCHEMA, body)


def read_manifest(folder: DatasetFolder) -> Manifest:
    """Read `manifest.json`.

    Raises:
        WorkspaceError: missing or damaged.
        NewerSchemaError: written by a newer version.
    """
    record = read_record(folder.manifest, SCHEMA)
    try:
        return Manifest(
            trigger=str(record["trigger"]),
            class_word=str(record["class_word"]),
            options=DatasetOptions.from_mapping(record["options"]),
            detector=str(record["detector"]),
            embedder=str(record["embedder"]),
            heldout_variants_of_training=bool(record["heldout_variants_of_training"]),
            decisions=tuple(_decision(entry) for entry in record["photos"]),
            class_crops=tuple(_class_crop(entry) for entry in record.get("class_crops", ())),
            class_refused=tuple((str(p), str(r)) for p, r in record.get("class_refused", ())),
            versions={str(k): str(v) for k, v in record.get("versions", {}).items()},
        )
    except (*ODD_PARTS, FaultsError) as error:
        raise WorkspaceError(
            f"{folder.manifest} is damaged ({error!r}): build the dataset again."
        ) from error


def _decision(entry: Mapping[str, Any]) -> PhotoDecision:
    crop = entry["crop"]
    if entry["state"] not in ("kept", "held_out", "left_out"):
        raise ValueError(f"unknown state {entry['state']!r}")
    return PhotoDecision(
        photo=str(entry["photo"]),
        state=entry["state"],
        code=cast(Code, str(entry["code"])),
        reason=str(entry["reason"]),
        repaired=tuple(str(r) for r in entry["repaired"]),
        numbers={str(k): _number(v) for k, v in entry["numbers"].items()},
        crop=None if crop is None else (crop[0], crop[1], crop[2], crop[3]),
        file=str(entry["file"]),
        notes=tuple(str(n) for n in entry.get("notes", ())),
        sha256=str(entry.get("sha256", "")),
        crops=tuple(_drawn(crop) for crop in entry.get("crops", ())),
        turn=_turn(entry),
    )


def _drawn(entry: Mapping[str, Any]) -> DrawnCrop:
    width, height = (int(side) for side in entry["size"])
    head = entry.get("head")
    return DrawnCrop(
        framing=cast(Framing, str(entry["framing"])),
        file=str(entry["file"]),
        box=_rectangle(entry["box"]),
        size=(width, height),
        repeats=int(entry["repeats"]),
        caption=str(entry["caption"]),
        masks=tuple(_rectangle(mask) for mask in entry.get("masks", ())),
        head=None if head is None else _rectangle(head),
        by_hand=bool(entry["by_hand"]),
        upscaler=str(entry.get("upscaler", "")),
        sha256=str(entry.get("sha256", "")),
    )


def _class_crop(entry: Mapping[str, Any]) -> ClassCrop:
    width, height = (int(side) for side in entry["size"])
    names = (str(entry["photo"]), str(entry["sha256"]), str(entry["file"]))
    return ClassCrop(*names, _rectangle(entry["box"]), (width, height), _turn(entry))


def _turn(entry: Mapping[str, Any]) -> int:
    turn = int(entry.get("turn", 0))
    if turn not in (0, 90, 180, 270):
        raise ValueError(f"{turn} degrees are no turn")
    return turn


def _rectangle(sides: Sequence[float]) -> Rectangle:
    left, top, right, bottom = (float(side) for side in sides)
    return left, top, right, bottom


def _number(value: object) -> float:
    # Whole numbers stay whole, so that what is written again is the same.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    return value
