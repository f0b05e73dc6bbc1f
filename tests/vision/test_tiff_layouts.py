"""TIFFs of every byte order, size of places, depth and order of colours are read right."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib_t2p.errors import PhotoError
from lib_t2p.vision.photo_files.images import OpenedPhoto, open_photo

T = Image.Transpose
UNDO = {1: None, 3: T.ROTATE_180, 6: T.ROTATE_90, 7: T.TRANSVERSE}
SIZE = (320, 400)


def marked() -> Image.Image:
    """Red left, blue right, a green corner at the top left."""
    image = Image.new("RGB", SIZE, (220, 20, 20))
    image.paste((20, 20, 220), (160, 0, 320, 400))
    image.paste((20, 220, 20), (0, 0, 80, 100))
    return image


def stored(turn: int) -> Image.Image:
    undo = UNDO[turn]
    return marked() if undo is None else marked().transpose(undo)


def is_right(opened: OpenedPhoto) -> bool:
    small = marked().resize(opened.picture.shape[1::-1])
    apart = np.abs(np.asarray(small).astype(int) - opened.picture).mean()
    return bool((opened.width, opened.height) == SIZE and apart < 15)


def tiff_of(planes: list[np.ndarray], order: str, turn: int, *, is_big: bool) -> bytes:
    """An unpacked RGB TIFF: one plane with all colours, or three."""
    deep = planes[0].dtype.itemsize
    wide, count_format, entry = ("Q", "Q", "HHQ") if is_big else ("I", "H", "HHI")
    header = (b"II" if order == "<" else b"MM") + (
        struct.pack(f"{order}HHH", 43, 8, 0) if is_big else struct.pack(f"{order}H", 42)
    )
    body = b"".join(plane.astype(plane.dtype.newbyteorder(order)).tobytes() for plane in planes)
    start = len(header) + struct.calcsize(wide)
    places = [start + n * planes[0].nbytes for n in range(len(planes))]
    tables = [[8 * deep] * 3, places, [planes[0].nbytes] * len(planes)]
    end, values = start + len(body), b""
    tags: list[tuple[int, str, list[int]]] = [
        (256, "I", [planes[0].shape[1]]),
        (257, "I", [planes[0].shape[0]]),
        (258, "H", tables[0]),
        (259, "H", [1]),
        (262, "H", [2]),
        (273, "I", tables[1]),
        (274, "H", [turn]),
        (277, "H", [3]),
        (278, "I", [planes[0].shape[0]]),
        (279, "I", tables[2]),
        (284, "H", [1 if len(planes) == 1 else 2]),
    ]
    entries = b""
    for tag, form, numbers in tags:
        data = struct.pack(f"{order}{len(numbers)}{form}", *numbers)
        entries += struct.pack(f"{order}{entry}", tag, 3 if form == "H" else 4, len(numbers))
        if len(data) > struct.calcsize(wide):
            entries += struct.pack(f"{order}{wide}", end + len(values))
            values += data + b"\0" * (len(data) % 2)
        else:
            entries += data.ljust(struct.calcsize(wide), b"\0")
    directory = struct.pack(f"{order}{count_format}", len(tags)) + entries
    first = struct.pack(f"{order}{wide}", end + len(values))
    return header + first + body + values + directory + struct.pack(f"{order}{wide}", 0)


@pytest.mark.parametrize("longest", [None, 133])
@pytest.mark.parametrize("turn", [1, 3, 6, 7])
@pytest.mark.parametrize("planes", [1, 3])
@pytest.mark.parametrize("depth", [1, 257])
@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_of_any_layout_is_right(
    tmp_path: Path,
    order: str,
    is_big: bool,
    depth: int,
    planes: int,
    turn: int,
    longest: int | None,
) -> None:
    pixels = np.asarray(stored(turn)).astype(np.uint8 if depth == 1 else np.uint16) * depth
    parts = [pixels] if planes == 1 else [pixels[..., n] for n in range(3)]
    (tmp_path / "a.tif").write_bytes(tiff_of(parts, order, turn, is_big=is_big))
    if is_big and order == ">" and planes == 3:
        with pytest.raises(PhotoError, match="not read: save it"):
            open_photo(tmp_path / "a.tif", longest)
        return
    assert is_right(open_photo(tmp_path / "a.tif", longest))
