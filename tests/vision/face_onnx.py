"""ONNX files of a few numbers, written field by field as onnx.proto3 numbers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

FLOAT, INT64 = 1, 7


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value)


def _part(tag: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return _varint(tag << 3 | 2) + _varint(len(data)) + data


def _constant(name: str, value: np.ndarray) -> bytes:
    kind = INT64 if value.dtype == np.int64 else FLOAT
    dims = b"".join(_number(1, size) for size in value.shape)
    return _part(5, dims + _number(2, kind) + _part(8, name) + _part(9, value.tobytes()))


def _place(tag: int, name: str, shape: Iterable[int | str]) -> bytes:
    dims = [_number(1, d) if isinstance(d, int) else _part(2, d) for d in shape]
    sizes = b"".join(_part(1, dim) for dim in dims)
    kind = _part(1, _number(1, FLOAT) + _part(2, sizes))
    return _part(tag, _part(1, name) + _part(2, kind))


def _ints(name: str, values: Sequence[int]) -> bytes:
    return _part(5, _part(1, name) + b"".join(_number(8, v) for v in values) + _number(20, 7))


@dataclass
class TinyModel:
    """Nodes are added in order; `save` gives the bytes of the file."""

    nodes: bytes = b""
    constants: bytes = b""
    outputs: bytes = b""
    count: int = 0
    taken: set[str] = field(default_factory=set)

    def add(
        self,
        operation: str,
        inputs: Sequence[str | np.ndarray],
        output: str = "",
        ints: Mapping[str, Sequence[int]] | None = None,
    ) -> str:
        """Add a node; arrays among its inputs become constants. Gives the output's name."""
        names = []
        for given in inputs:
            if isinstance(given, np.ndarray):
                self.count += 1
                self.constants += _constant(f"c{self.count}", given)
                given = f"c{self.count}"
            names.append(given)
        self.count += 1
        output = output or f"n{self.count}"
        attributes = b"".join(_ints(name, values) for name, values in (ints or {}).items())
        self.nodes += _part(
            1,
            b"".join(_part(1, name) for name in names)
            + _part(2, output)
            + _part(3, f"{operation}_{self.count}")
            + _part(4, operation)
            + attributes,
        )
        return output

    def give(self, name: str, shape: Iterable[int | str]) -> None:
        """Make a value an output."""
        self.outputs += _place(12, name, shape)

    def save(self, name: str, shape: Iterable[int | str]) -> bytes:
        """The file; its input's name and shape are given."""
        graph = self.nodes + _part(2, "tiny") + self.constants + _place(11, name, shape)
        opset = _part(8, _part(1, "") + _number(2, 13))
        return _number(1, 8) + _part(7, graph + self.outputs) + opset


def recogniser(size: int = 128, *, seed: int = 0, scales_itself: bool = False) -> bytes:
    """A face recogniser: 8 x 8 means of each channel times a random matrix.

    Names and shapes are those of SFace (`data`, `fc1`), which insightface's files may have as well.
    """
    model, chance = TinyModel(), np.random.default_rng(seed)
    at = "data"
    if scales_itself:
        at = model.add("Sub", [at, np.array([127.5], np.float32)])
        at = model.add("Mul", [at, np.array([1 / 127.5], np.float32)])
    one = np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1)
    at = model.add("Conv", [at, one], ints={"kernel_shape": [1, 1]})
    at = model.add("AveragePool", [at], ints={"kernel_shape": [14, 14], "strides": [14, 14]})
    at = model.add("Reshape", [at, np.array([1, 192], np.int64)])
    matrix = chance.normal(size=(192, size)).astype(np.float32)
    model.add("MatMul", [at, matrix - matrix.mean(axis=0)], "fc1")
    model.give("fc1", (1, size))
    return model.save("data", (1, 3, 112, 112))


def red_detector() -> bytes:
    """YuNet's twelve outputs; a face is a cell of 32 x 32 pixels that is red in blue-green-red."""
    model = TinyModel()
    eyes_nose_mouth = np.array([0.3, 0.3, 0.7, 0.3, 0.5, 0.5, 0.35, 0.7, 0.65, 0.7], np.float32)
    box = np.array([0.5, 0.5, 0.0, 0.0], np.float32)
    for stride in (8, 16, 32):
        ints = {"kernel_shape": [stride] * 2, "strides": [stride] * 2}
        pooled = model.add("AveragePool", ["input"], ints=ints)
        red = np.array([-1, -1, 1], np.float32) / 255 * (stride == 32)
        heads = {"cls": (red, 0.0), "obj": (red, 0.0), "bbox": (None, box)}
        heads["kps"] = (None, eyes_nose_mouth)
        for head, (weights, bias) in heads.items():
            offset = np.atleast_1d(np.asarray(bias, np.float32))
            kernel = np.zeros((offset.size, 3, 1, 1), np.float32)
            if weights is not None:
                kernel[0, :, 0, 0] = weights
            at = model.add("Conv", [pooled, kernel, offset], ints={"kernel_shape": [1, 1]})
            at = model.add("Transpose", [at], ints={"perm": [0, 2, 3, 1]})
            shape = np.array([1, -1, offset.size], np.int64)
            model.add("Reshape", [at, shape], f"{head}_{stride}")
            model.give(f"{head}_{stride}", (1, "n", offset.size))
    return model.save("input", (1, 3, 640, 640))
