"""The header of a safetensors file is read without trusting it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.errors import LoraError
from lib_t2p.lora.header import read_header


def write(path: Path, header: Any, data: bytes = b"", length: int | None = None) -> Path:
    body = header if isinstance(header, bytes) else json.dumps(header).encode()
    size = len(body) if length is None else length
    path.write_bytes(size.to_bytes(8, "little") + body + data)
    return path


def tensor(dtype: str = "F16", shape: Any = (2, 2), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def test_metadata_and_shapes_are_read(tmp_path: Path) -> None:
    header = {"__metadata__": {"ss_network_dim": "4"}, "a": tensor()}
    read = read_header(write(tmp_path / "a.safetensors", header, bytes(8)))
    assert read.metadata == {"ss_network_dim": "4"}
    assert (read.tensors["a"].dtype, read.tensors["a"].shape) == ("F16", (2, 2))


def test_a_file_that_safetensors_writes_is_read(tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    import numpy as np

    path = tmp_path / "b.safetensors"
    numpy.save_file({"x": np.ones((3, 5), np.float32), "y": np.float32(1)[None]}, path)
    assert read_header(path).tensors["x"].shape == (3, 5)


@pytest.mark.parametrize(
    ("header", "data", "length"),
    [
        pytest.param({"a": tensor()}, bytes(7), None, id="cut off"),
        pytest.param({"a": tensor()}, bytes(8), 1 << 60, id="header longer than the file"),
        pytest.param({"a": tensor(shape=(4, 4))}, bytes(8), None, id="shape larger than data"),
        pytest.param({"a": tensor(offsets=(8, 0))}, bytes(8), None, id="end before begin"),
        pytest.param({"a": tensor(offsets=(-8, 0))}, bytes(8), None, id="negative offset"),
        pytest.param({"a": tensor(shape=(True, 4))}, bytes(8), None, id="a flag as a size"),
        pytest.param({"a": tensor(dtype="X9")}, bytes(8), None, id="unknown type"),
        pytest.param({"a": tensor()}, bytes(9), None, id="bytes of no tensor"),
        pytest.param({"a": tensor(), "b": tensor()}, bytes(8), None, id="two on one place"),
        pytest.param({"a": tensor(offsets=(2, 10))}, bytes(10), None, id="a gap in front"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", b"", None, id="a number of 5000 digits"),
        pytest.param({"a": "text"}, b"", None, id="no object"),
        pytest.param([], b"", None, id="a list"),
        pytest.param(b"{" * 5000, b"", None, id="nested braces"),
        pytest.param({"__metadata__": [1]}, b"", None, id="metadata is a list"),
        pytest.param(b"\xff\xfe{}", b"", None, id="no UTF-8"),
    ],
)
def test_a_lying_header_is_refused(
    tmp_path: Path, header: Any, data: bytes, length: int | None
) -> None:
    path = write(tmp_path / "lie.safetensors", header, data, length)
    with pytest.raises(LoraError, match=r"lie\.safetensors"):
        read_header(path)


def test_missing_and_empty_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.safetensors").touch()
    for name in ("empty.safetensors", "none.safetensors"):
        with pytest.raises(LoraError, match=name):
            read_header(tmp_path / name)
