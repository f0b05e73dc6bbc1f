"""Photos in ZIP archives, taken out one at a time and never trusted.

`zipfile` gives up the whole archive over one name that claims to be UTF-8 and is not. Its mark is
taken away while the directory is read, so that the name is read as the code page of old instead.
"""

from __future__ import annotations

import errno
import io
import lzma
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lib_t2p.dataset.caption_files import MOST_BYTES as MOST_CAPTION
from lib_t2p.dataset.caption_files import TextsBeside, caption_of, keys_of
from lib_t2p.dataset.found import INSIDE, Found, Listing, Refused, printable
from lib_t2p.dataset.sorting import CAPTIONS, is_hidden, sort_file
from lib_t2p.errors import PhotoError, WorkspaceError
from lib_t2p.vision.photo_files import HEAD, SUFFIXES

_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
"""Signatures by PKWARE's APPNOTE 6.3.10, 4.3.12 and 4.3.16."""
_END_SIZE, _ENTRY_SIZE = 22, 46
_LONGEST_COMMENT = 1 << 16
_UTF_8 = 0x08
"""In the higher byte of an entry's flags."""


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive for reading; raises what `zipfile` raises for damaged ones."""
    try:
        archive = zipfile.ZipFile(path)
    except UnicodeDecodeError:
        with path.open("rb") as file, zipfile.ZipFile(_Mended(file)) as mended:
            yield mended
        return
    with archive:
        yield archive


class _Mended(io.RawIOBase):
    """The file, with other bytes in some places."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._bytes = dict(_wrong_marks(file))

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        start = self._file.tell()
        data = bytearray(self._file.read(size))
        for place, byte in self._bytes.items():
            if start <= place < start + len(data):
                data[place - start] = byte
        return bytes(data)


def _wrong_marks(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Places of the flags of names that are no UTF-8, and what should stand there."""
    size = file.seek(0, io.SEEK_END)
    tail_start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_SIZE:
        return
    length, claimed = struct.unpack("<LL", tail[end + 12 : end + 20])
    start = max(0, tail_start + end - length)
    file.seek(start)
    directory = file.read(length)
    place = 0
    while directory[place : place + 4] == _ENTRY and len(directory) - place >= _ENTRY_SIZE:
        name, extra, comment = struct.unpack("<HHH", directory[place + 28 : place + 34])
        first = place + _ENTRY_SIZE
        if directory[place + 9] & _UTF_8 and not _is_utf_8(directory[first : first + name]):
            byte = directory[place + 9] & ~_UTF_8
            yield start + place + 9, byte
            # The file's own header repeats the mark; bytes before the archive shift it.
            header = struct.unpack("<L", directory[place + 42 : place + 46])[0]
            yield header + start - claimed + 7, byte
        place = first + name + extra + comment


def _is_utf_8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


MOST_ENTRIES = 20_000
"""More files in one archive are refused."""
MOST_BYTES = 512 << 20
"""Largest photo in an archive, bytes."""
MOST_RATIO = 200.0
"""Pictures are compressed already; what packs better than this is a bomb."""
HARMLESS_BYTES = 4 << 20
"""Below this size any ratio will do: drawn pictures of one colour pack very well."""
_BLOCK = 1 << 20
_FULL = (errno.ENOSPC, errno.EROFS, errno.EACCES)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    IndexError,
    KeyError,
    OverflowError,
)
"""What `zipfile` and its decompressors raise for damaged archives."""


def list_archive(archive: Path, scratch: Path) -> Listing:
    """List an archive; nothing is unpacked but the first bytes, which tell what a file is.

    Args:
        archive: a ZIP file.
        scratch: folder for one unpacked photo at a time.
    """
    listing = Listing()
    where = printable(archive.name)
    try:
        with open_archive(archive) as opened:
            entries = [entry for entry in opened.infolist() if not _is_folder(entry)]
            if len(entries) > MOST_ENTRIES:
                reason = f"{where} holds {len(entries)} files; at most {MOST_ENTRIES} are looked at"
                _refuse(listing, archive, "", f"{reason}. Unpack it and point at the folder.")
                return listing
            texts = TextsBeside()
            for entry in entries:
                _list_entry(archive, opened, entry, scratch, listing, texts)
    except _BROKEN as error:
        _refuse(listing, archive, "", f"{where} is no whole ZIP archive: {printable(str(error))}.")
        return listing
    texts.give(listing)
    return listing


def _list_entry(
    archive: Path,
    opened: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    scratch: Path,
    listing: Listing,
    texts: TextsBeside,
) -> None:
    path = PurePosixPath(printable(entry.filename.replace("\\", "/")))
    name = path.name or "a file without a name"
    if is_hidden(path):
        listing.passed.append(name)
        return
    reason = _refusal(printable(archive.name), entry, path, name)
    try:
        head = b"" if reason else _first_bytes(opened, entry, HEAD)
        text = b"" if reason or path.suffix.lower() not in CAPTIONS else _text(opened, entry)
    except (*_BROKEN,) as error:
        reason, head, text = _damage(archive, entry, error), b"", b""
    found = sort_file(name, head)
    where = f"{name} in {printable(archive.name)}"
    if found.fate == "caption":
        texts.add(name, f"{archive}{INSIDE}{path}", caption_of(text))
    elif reason:
        _refuse(listing, archive, str(path), reason)
    elif found.fate == "refused":
        _refuse(listing, archive, str(path), found.reason)
    elif found.fate in ("video", "archive"):
        what = "a video" if found.fate == "video" else "an archive within an archive"
        _refuse(listing, archive, str(path), f"{where} is {what}: unpack {archive.name} first.")
    elif found.fate == "photo":
        listing.found.append(
            Found(
                name,
                f"{archive}{INSIDE}{path}",
                partial(_unpacked, archive, entry, scratch),
                is_temporary=True,
                beside=keys_of(f"{archive}{INSIDE}{path}"),
            )
        )
    else:
        listing.passed.append(name)


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    """Folders end in a slash; archives of some Windows programs have backslashes."""
    return entry.filename.endswith("/") or (entry.filename.endswith("\\") and entry.file_size == 0)


def _refuse(listing: Listing, archive: Path, path: str, reason: str) -> None:
    name = PurePosixPath(path).name if path else printable(archive.name)
    source = f"{archive}{INSIDE}{path}" if path else str(archive)
    listing.refused.append(Refused(name, reason, source))


def _refusal(archive: str, entry: zipfile.ZipInfo, path: PurePosixPath, name: str) -> str:
    where = f"{name} in {archive}"
    if path.is_absolute() or ".." in path.parts or any(":" in part for part in path.parts[:1]):
        return f"{where} has a path that leads out of the archive: it was not unpacked."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return f"{where} is a link, not a photo: it was not followed."
    if entry.flag_bits & 0x1:
        return f"{where} is protected by a password: unpack the archive yourself."
    if entry.file_size > MOST_BYTES:
        return f"{where} would unpack to {entry.file_size >> 20} MB; no photo is that large."
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > HARMLESS_BYTES and ratio > MOST_RATIO:
        return f"{where} would grow {ratio:.0f} times when unpacked: it was taken for a zip bomb."
    return ""


def _first_bytes(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, count: int) -> bytes:
    with opened.open(entry) as packed:
        return packed.read(count)


def _text(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    return _first_bytes(opened, entry, MOST_CAPTION + 1)


def _damage(archive: Path, entry: zipfile.ZipInfo, error: BaseException) -> str:
    name = PurePosixPath(printable(entry.filename.replace("\\", "/"))).name
    where = f"{name} in {printable(archive.name)}"
    if isinstance(error, NotImplementedError):
        return (
            f"{where} is packed in a way that is not read (method {entry.compress_type}): unpack "
            "the archive yourself."
        )
    return f"{where} is damaged ({printable(str(error))}): make the archive again."


@contextmanager
def _unpacked(archive: Path, entry: zipfile.ZipInfo, scratch: Path) -> Iterator[Path]:
    with scratch_folder(scratch) as folder:
        suffix = PurePosixPath(printable(entry.filename)).suffix.lower()
        target = folder / f"photo{suffix if suffix in SUFFIXES else ''}"
        try:
            _unpack(archive, entry, target)
        except (*_BROKEN,) as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                # Nothing is wrong with the archive.
                raise
            raise PhotoError(_damage(archive, entry, error)) from error
        yield target


def _unpack(archive: Path, entry: zipfile.ZipInfo, target: Path) -> None:
    with (
        open_archive(archive) as opened,
        opened.open(entry) as packed,
        target.open("wb") as file,
    ):
        left = entry.file_size
        while block := packed.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise zipfile.BadZipFile("more bytes than it declares")
            file.write(block)


@contextmanager
def scratch_folder(scratch: Path) -> Iterator[Path]:
    """A folder for one photo, gone afterwards; raises `WorkspaceError` when it cannot be made."""
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        raise WorkspaceError(
            f"{scratch} cannot be written ({error.strerror}): check its permissions and the free "
            "space."
        ) from error
