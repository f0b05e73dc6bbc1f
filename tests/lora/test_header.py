"""The header of a safetensors file is read without trusting it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.actions.runs.loras import list_loras
from lib_t2p.diffusion.families import recognise
from lib_t2p.errors import CheckpointError, LoraError
from lib_t2p.lora.family import check_lora
from lib_t2p.lora.header import read_header
from lib_t2p.lora.odd_weights import oddities
from lib_t2p.lora.summary import summarise


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


ODD: dict[str, tuple[bytes, str]] = {
    "a web page": (b"<!DOCTYPE html><html><head><title>Log in</title>", r"web page \(HTML\)"),
    "a web page with a mark": (b"\xef\xbb\xbf  <html>" + b" " * 90, r"web page \(HTML\)"),
    "a site's error": (b'{"error":"Unauthorized","message":"log in"}', "JSON text.*Unauthorized"),
    "a text": (b"Access denied: please log in to download.", "is a text.*Access denied"),
    "a Git LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS pointer"),
    "a pickle": (b"\x80\x02}q\x00X\x05" + b"a" * 90, "pickled file"),
    "a newer pickle": (b"\x80\x04\x95" + b"a" * 90, "pickled file"),
    "a zipped pickle": (b"PK\x03\x04" + b"archive/data.pkl" * 9, "zip archive or a pickled"),
    "a pointer of git-annex": (
        b"/annex/objects/SHA256E-s1--abc.safetensors\n", "a pointer to the file"),
    "a pointer of Xet": (b"# xet version 0\nfilesize = 1\n", "a pointer to the file"),
    "a link saved as text": (b"../../blobs/0123456789abcdef", "a pointer to the file"),
    "a tar archive": (b"a.txt" + bytes(252) + b"ustar\x0000" + bytes(300), "a tar archive"),
    "a message in UTF-16": ("Entry not found".encode("utf-16"), "'Entry not found'"),
    "a GGUF": (b"GGUF\x03\0\0\0" + b"a" * 90, "GGUF"),
    "an archive": (b"Rar!\x1a\x07" + b"a" * 90, "RAR archive"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"a" * 90, "picture"),
    "nothing": (b"", "is empty"),
    "zeros": (bytes(4000), "zeros only"),
    "half a header": (
        (900).to_bytes(8, "little") + b'{"a":{"dtype":"F16"', "cut off within its header"),
    "a header of 200 MB": ((200_000_000).to_bytes(8, "little") + b'{"a":1}', "header of 200 MB"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), ODD.values(), ids=list(ODD))
def test_what_is_saved_under_the_ending_is_named(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(content)
    for read, error in ((read_header, LoraError), (recognise, CheckpointError)):
        with pytest.raises(error, match=rf"odd\.safetensors.*{reason}") as caught:
            read(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": {}, "shape": [1], "data_offsets": [0, 2]},
        {"dtype": [], "shape": [1], "data_offsets": [0, 2]},
        {"dtype": None, "shape": [1], "data_offsets": [0, 2]},
        {"dtype": "F16", "shape": ["1"], "data_offsets": [0, 2]},
        {"dtype": "F16", "shape": [-1], "data_offsets": [0, 2]},
        {"dtype": "F16", "shape": [10**30, 10**30], "data_offsets": [0, 2]},
        {"dtype": "F16", "shape": {}, "data_offsets": [0, 2]},
        {"dtype": "F16", "shape": [1], "data_offsets": [0]},
        {"dtype": "F16", "shape": [1.0], "data_offsets": [0, 2]},
        {"shape": [1], "data_offsets": [0, 2]},
        [],
        None,
        7,
    ],
)
def test_odd_entries_are_named(entry: object, tmp_path: Path) -> None:
    path = write(tmp_path / "odd.safetensors", {"x.lora_down.weight": entry}, bytes(2))
    with pytest.raises(LoraError, match=r"is damaged, what its header says of 'x\.lora_down"):
        read_header(path)


@pytest.mark.parametrize("dtype", ["F8_E8M0", "F4", "F6_E2M3", "C64", "F8_E4M3FNUZ", "X9"])
def test_newer_number_formats_are_not_supported_and_no_damage(dtype: str, tmp_path: Path) -> None:
    path = write(tmp_path / "new.safetensors", {"a": tensor(dtype)}, bytes(8))
    with pytest.raises(LoraError, match=f"format {dtype}, which is not supported") as caught:
        read_header(path)
    assert "damaged" not in str(caught.value)
    assert "again" not in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        b'{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},'
        b'"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}',
        b'{"__metadata__":{"x":NaN},"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_proper_json_is_refused(header: bytes, tmp_path: Path) -> None:
    with pytest.raises(LoraError, match="names 'a' twice|is not JSON"):
        read_header(write(tmp_path / "a.safetensors", header, bytes(8)))


@pytest.mark.parametrize("value", [5, None, {"a": {"b": 1}}, ["x"], True, 1.5, "\ud800"])
def test_metadata_that_are_no_text_are_odd_and_cost_nothing_else(
    value: object, tmp_path: Path
) -> None:
    header = {"__metadata__": {"ss_epoch": value, "ss_steps": "7"}, "a": tensor()}
    read = read_header(write(tmp_path / "a.safetensors", header, bytes(8)))
    assert (read.odd_metadata, read.metadata["ss_steps"]) == (("ss_epoch",), "7")
    read.metadata["ss_epoch"].encode("utf-8")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("c64", "format C64, which is not supported"),
        ("f4", "format F4, which is not supported"),
        ("f8_e8m0", "format F8_E8M0, which is not supported"),
        ("f8_fnuz", "format F8_E4M3FNUZ, which is not supported"),
        ("int_meta", r"no text \(ss_epoch\): neither a WebUI nor"),
        ("nested_meta", r"no text \(ss_tag_frequency\): neither a WebUI nor"),
    ],
)
def test_public_headers(shared: Path, name: str, reason: str) -> None:
    path = shared / "cases" / "14-safetensors-odd-headers" / f"{name}.safetensors"
    if not path.is_file():
        pytest.skip("../shared/cases is not here")
    with pytest.raises(LoraError, match=reason):
        check_lora(path)
    if "meta" in name:
        assert any("no text" in odd for odd in oddities(summarise(path)))
    (listed,) = [one for one in list_loras(path.parent) if one.stem == name]
    assert listed.fault
