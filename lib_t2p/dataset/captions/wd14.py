"""A tagger of the WD14 kind from a local folder: `model.onnx` and `selected_tags.csv`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lib_t2p.errors import InputError
from lib_t2p.vision import Picture
from lib_t2p.vision.faces import require_module

MODEL, TAGS = "model.onnx", "selected_tags.csv"
GENERAL = "0"
"""Category of tags that say what is seen; 4 is for characters, 9 for ratings."""
WHITE = 255


class Wd14Tagger:
    """Tags of a picture, likeliest first.

    Args:
        folder: holds the two files.
        threshold: least probability, 0 to 1.

    Raises:
        InputError: a file is missing or does not fit.
        SetupError: onnxruntime is missing.
    """

    name = "tagger"

    def __init__(self, folder: Path, threshold: float) -> None:
        require_module("onnxruntime", "onnxruntime")
        self._tags = _read_tags(folder / TAGS)
        self._threshold = threshold
        self._session = _load(folder / MODEL)
        (given,) = self._session.get_inputs()
        side = given.shape[1]
        if len(given.shape) != 4 or not isinstance(side, int) or given.shape[3] != 3:
            raise InputError(
                f"{folder / MODEL} takes {given.shape}, not pictures of (1, side, side, 3): choose "
                "a WD14 tagger."
            )
        self._side, self._input = side, given.name

    def words(self, picture: Picture) -> list[str]:
        """Tags of an RGB picture (uint8, height x width x 3)."""
        (found,) = self._session.run(None, {self._input: _prepared(picture, self._side)})
        chances = np.asarray(found, np.float32).ravel()
        if len(chances) != len(self._tags):
            raise InputError(
                f"The tagger gives {len(chances)} numbers for {len(self._tags)} tags: {TAGS} "
                "belongs to another model."
            )
        order = np.argsort(-chances, kind="stable")
        good = [int(n) for n in order if chances[n] >= self._threshold]
        return [tag for n in good if (tag := self._tags[n])]


def _prepared(picture: Picture, side: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """BGR from 0 to 255 on a white square, as the models were trained."""
    image = Image.fromarray(picture)
    square = Image.new("RGB", (max(image.size),) * 2, (WHITE,) * 3)
    square.paste(image, ((square.width - image.width) // 2, (square.height - image.height) // 2))
    pixels = np.asarray(square.resize((side, side), Image.Resampling.BICUBIC), np.float32)
    return np.ascontiguousarray(pixels[None, :, :, ::-1])


def _read_tags(path: Path) -> list[str]:
    """Names of the general tags, empty for the others, in the order of the model's numbers."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["name"], row["category"]) for row in csv.DictReader(file)]
    except FileNotFoundError as error:
        raise InputError(f"{path} is missing: choose the folder of a WD14 tagger.") from error
    except KeyError as error:
        raise InputError(
            f"{path} has no column {error}: choose the folder of a WD14 tagger."
        ) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{path} cannot be read as a list of tags ({error}): choose a WD14 tagger's folder."
        ) from error
    return [_spoken(name) if category == GENERAL else "" for name, category in rows]


def _spoken(name: str) -> str:
    # Faces such as ^_^ are tags too and keep their underscore.
    return name.replace("_", " ") if len(name) > 3 else name


def _load(path: Path) -> Any:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    if not path.is_file():
        raise InputError(f"{path} is missing: choose the folder of a WD14 tagger.")
    try:
        return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except (
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NotImplemented,
        state.RuntimeException,
        RuntimeError,
        ValueError,
    ) as error:
        raise InputError(f"{path} is no ONNX model that can be read: {error}.") from error
