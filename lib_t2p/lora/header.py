"""The header of a safetensors file, read without torch and without trusting its sizes.

Source of the format: https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from lib_t2p.errors import LoraError
from lib_t2p.json_io import loads
from lib_t2p.lora.other_content import HEAD_BYTES, other_content

MAX_HEADER_BYTES = 100_000_000
"""The limit that safetensors itself sets."""

DTYPE_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2,
    "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
}  # fmt: skip

AGAIN = "copy or download the file again"
"""What to do about a file that is damaged."""


class HeaderError(LoraError):
    """A file that is no whole safetensors file.

    Attributes:
        reason: what follows the file's name, such as "is empty".
        advice: what to do.
    """

    def __init__(self, path: Path, reason: str, advice: str = AGAIN) -> None:
        self.reason, self.advice = reason, advice
        super().__init__(f"{path} {reason}: {advice}.")


@dataclass(frozen=True)
class TensorInfo:
    """What the header says of one tensor.

    Attributes:
        dtype: safetensors' name, such as `F16`.
        shape: sizes, outermost first; empty for a scalar.
        begin: first byte, counted from the start of the file.
        end: byte after the last one.
    """

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class LoraHeader:
    """Metadata and tensors of a file.

    Attributes:
        metadata: the strings under `__metadata__`, such as `ss_network_dim`; what is no text is
            written as JSON.
        tensors: by name.
        odd_metadata: names of metadata that are no text. safetensors itself, and so every WebUI,
            refuses to open a file that has any.
    """

    metadata: dict[str, str]
    tensors: dict[str, TensorInfo]
    odd_metadata: tuple[str, ...] = ()


def read_header(path: Path) -> LoraHeader:
    """Read and check the header of a `.safetensors` file.

    Raises:
        LoraError: missing, cut off, not safetensors, with sizes that do not fit the file, or in a
            number format that is not supported.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            length = int.from_bytes(head[:8], "little")
            if size < 10 or length < 2 or length > min(size - 8, MAX_HEADER_BYTES):
                _refuse_length(path, head, length, size)
            file.seek(8)
            data = file.read(length)
    except OSError as error:
        raise LoraError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # a name with a null character
        raise LoraError(f"{str(path)!r} cannot be a file's name: {error}.") from error
    return _checked(path, _json(path, data, head, size), 8 + length, size)


def check_openable(path: Path, header: LoraHeader) -> None:
    """Refuse a file that safetensors itself cannot open, though its tensors are whole.

    Raises:
        LoraError: its metadata are no texts.
    """
    if header.odd_metadata:
        raise LoraError(f"{path.name}: {odd_metadata_words(header)}")


def odd_metadata_words(header: LoraHeader) -> str:
    """A sentence about metadata that are no text."""
    shown = ", ".join(header.odd_metadata[:3])
    more = f" and {len(header.odd_metadata) - 3} more" if len(header.odd_metadata) > 3 else ""
    return (
        f"Its metadata hold something that is no text ({shown}{more}): neither a WebUI nor any "
        "other program can open it so; save it again with texts only."
    )


def _refuse_length(path: Path, head: bytes, length: int, size: int) -> NoReturn:
    told, advice = other_content(head, size)
    if told:
        raise HeaderError(path, told, advice)
    if head[8:9] == b"{" and length > MAX_HEADER_BYTES and not any(head[6:8]):
        raise HeaderError(
            path,
            f"has a header of {length / 1e6:.0f} MB, more than the {MAX_HEADER_BYTES / 1e6:.0f} "
            "MB that safetensors allows",
        )
    if head[8:9] == b"{" and length <= MAX_HEADER_BYTES:
        raise HeaderError(
            path, f"is cut off within its header ({size} bytes of at least {length + 8})"
        )
    raise HeaderError(path, "is no whole safetensors file, its header does not fit in")


def _json(path: Path, data: bytes, head: bytes, size: int) -> dict[str, Any]:
    try:
        body = loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_number)
    except _TwiceError as error:
        raise HeaderError(path, f"is damaged, its header names {error} twice") from error
    except (ValueError, RecursionError) as error:  # a number of 5000 digits is a ValueError too
        told, advice = other_content(head, size)
        raise HeaderError(
            path,
            told or "is no safetensors file, its header is not JSON",
            advice or AGAIN,
        ) from error
    if not isinstance(body, dict):
        raise HeaderError(path, "is no safetensors file, its header is no JSON object")
    return body


class _TwiceError(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(ascii(name[:80]))
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _checked(path: Path, body: dict[str, Any], start: int, size: int) -> LoraHeader:
    raw = body.pop("__metadata__", None)
    if raw is not None and not isinstance(raw, Mapping):
        raise HeaderError(path, "has damaged metadata, which are no JSON object")
    tensors, foreign = {}, {}
    for name, entry in body.items():
        info = _tensor(path, name, entry, start, size)
        if info.dtype not in DTYPE_BYTES:
            foreign[info.dtype] = name
        tensors[_text(name)] = info
    _refuse_gaps(path, tensors.values(), start, size)
    if foreign:
        raise HeaderError(
            path,
            f"holds numbers in the format {_text(', '.join(foreign))}, which is not supported",
            "take a version of it in F16, BF16 or F32",
        )
    texts = (
        {_text(k): _text(v if isinstance(v, str) else _shown(v)) for k, v in raw.items()}
        if (raw)
        else {}
    )
    odd = [_text(k) for k, v in (raw or {}).items() if not isinstance(v, str) or v != _text(v)]
    return LoraHeader(texts, tensors, tuple(odd))


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(value: str) -> str:
    """Without halves of characters, which JSON may name and nothing can write."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _refuse_gaps(path: Path, tensors: Iterable[TensorInfo], start: int, size: int) -> None:
    """Refuse what safetensors itself refuses: the tensors fill the file one after the other."""
    at = start
    for begin, end in sorted((t.begin, t.end) for t in tensors):
        if begin != at:
            raise HeaderError(path, "is damaged, its tensors overlap or leave gaps in the file")
        at = end
    if at != size:
        raise HeaderError(path, f"is damaged, {size - at} bytes behind its tensors belong to none")


def _tensor(path: Path, name: str, entry: object, start: int, size: int) -> TensorInfo:
    shown = ascii(name[:120])
    lies = HeaderError(path, f"is damaged, what its header says of {shown} cannot be")
    if not isinstance(entry, dict) or not isinstance(entry.get("dtype"), str):
        raise lies
    shape, offsets = _naturals(entry.get("shape")), _naturals(entry.get("data_offsets"))
    if shape is None or offsets is None or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise lies
    dtype, (begin, end) = entry["dtype"], offsets
    if dtype in DTYPE_BYTES and end - begin != _bytes(dtype, shape, end - begin):
        raise lies
    if start + end > size:
        raise HeaderError(
            path,
            f"is damaged or cut off, {shown} ends at byte {start + end} and the file has {size}, "
            "as after a download that did not end",
        )
    return TensorInfo(dtype, tuple(shape), start + begin, start + end)


def _bytes(dtype: str, shape: list[int], most: int) -> int:
    """Bytes of a tensor; anything above `most` once it is larger."""
    if 0 in shape:
        return 0
    count = DTYPE_BYTES[dtype]
    for side in shape:
        count *= side
        if count > most:
            break
    return count


def _naturals(value: object) -> list[int] | None:
    if isinstance(value, list) and all(type(v) is int and v >= 0 for v in value):
        return value
    return None
