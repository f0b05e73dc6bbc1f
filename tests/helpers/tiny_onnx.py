"""A WD14-like tagger by hand: the chance of each of three tags is the mean of one colour.

Field numbers: onnx.proto3 of ONNX (Apache-2.0).
"""

from __future__ import annotations

import struct
from pathlib import Path

FLOAT, INT, INTS = 1, 2, 7
TAGS = "tag_id,name,category,count\n0,blue_dress,0,9\n1,long_hair,0,8\n2,red_coat,0,7\n"


def write_tagger(folder: Path, side: int = 8, tags: str = TAGS) -> Path:
    """Write `model.onnx` (blue, green, red means by 255) and `selected_tags.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    mean = _node("ReduceMean", ["picture"], "mean", _ints("axes", [1, 2]) + _int("keepdims", 0))
    scaled = _node("Mul", ["mean", "scale"], "chances")
    scale = _number(1, 1) + _number(2, FLOAT) + _text(8, "scale")
    scale += _bytes(9, struct.pack("<f", 1 / 255))
    graph = _bytes(1, mean) + _bytes(1, scaled) + _text(2, "tagger") + _bytes(5, scale)
    graph += _bytes(11, _value("picture", [1, side, side, 3]))
    graph += _bytes(12, _value("chances", [1, 3]))
    opset = _text(1, "") + _number(2, 11)
    model = _number(1, 7) + _bytes(7, graph) + _bytes(8, opset)
    (folder / "model.onnx").write_bytes(model)
    (folder / "selected_tags.csv").write_text(tags, encoding="utf-8")
    return folder


def _node(kind: str, inputs: list[str], output: str, attributes: bytes = b"") -> bytes:
    named = b"".join(_text(1, name) for name in inputs)
    return named + _text(2, output) + _text(4, kind) + attributes


def _ints(name: str, values: list[int]) -> bytes:
    body = _text(1, name) + b"".join(_number(8, v) for v in values) + _number(20, INTS)
    return _bytes(5, body)


def _int(name: str, value: int) -> bytes:
    return _bytes(5, _text(1, name) + _number(3, value) + _number(20, INT))


def _value(name: str, sizes: list[int]) -> bytes:
    shape = b"".join(_bytes(1, _number(1, size)) for size in sizes)
    tensor = _number(1, FLOAT) + _bytes(2, shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])
