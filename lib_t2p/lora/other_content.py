"""What a file is that is called `.safetensors` and is none, told by its first and last bytes."""

from __future__ import annotations

import re

HEAD_BYTES = 4096
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|\?xml|title)", re.I | re.S)
_LFS = b"version https://git-lfs.github.com/spec/"
_POINTERS = re.compile(
    rb"(?:\.git)?/annex/objects/|# xet version|(?:\.\./)+\.git/annex/|(?:\.\./)+blobs/"
)
_TAR_AT, _TAR = 257, b"ustar"
_AGAIN = "download the file itself again"


def other_content(head: bytes, size: int) -> tuple[str, str]:
    """Name what stands in a file.

    Args:
        head: its first `HEAD_BYTES` bytes.
        size: bytes of the whole file.

    Returns:
        what it is, such as "is a web page (HTML)", and what to do; both empty when it is nothing
        known.
    """
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if size == 0:
        return "is empty", f"{_AGAIN}, it was not loaded at all"
    if not head.strip(b"\0"):
        return "begins with zeros only, as a download that did not end does", _AGAIN
    if plain.startswith(_LFS):
        return (
            "is a Git LFS pointer, a note of 3 lines where the file should be",
            "run `git lfs pull` in its folder, or download the file itself",
        )
    if _POINTERS.match(plain):
        return "is a pointer to the file, a short note where the file should be", _AGAIN
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR and not _may_be_length(head):
        return "is a tar archive", "unpack it first"
    if plain[:2] in (b"\xff\xfe", b"\xfe\xff") and not _may_be_length(head):
        words = plain.decode("utf-16", "ignore")
        return _text(words.encode("utf-8"), len(words) + HEAD_BYTES) or ("", "")
    if _HTML.match(plain):
        return (
            "is a web page (HTML) that was saved under this name",
            f"{_AGAIN}; the site may want you to log in first",
        )
    return _container(plain) or _text(plain, size) or ("", "")


_CONTAINERS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "is a zip archive or a pickled file (.pt, .ckpt) under another ending",
     "take the .safetensors version, or unpack the archive"),
    (b"PK\x05\x06", "is an empty zip archive", _AGAIN),
    (b"\x80\x02", "is a pickled file (.pt, .ckpt) under another ending, which can run programs "
     "when it is opened", "take the .safetensors version of it"),
    (b"\x80\x03", "is a pickled file under another ending", "take the .safetensors version of it"),
    (b"\x80\x04", "is a pickled file under another ending", "take the .safetensors version of it"),
    (b"\x80\x05", "is a pickled file under another ending", "take the .safetensors version of it"),
    (b"GGUF", "is a GGUF file under another ending", "take the .safetensors version of it"),
    (b"\x1f\x8b", "is a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive", "unpack it first"),
    (b"Rar!", "is a RAR archive", "unpack it first"),
    (b"BZh", "is a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ", "is an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is a zstd archive", "unpack it first"),
    (b"\x89PNG", "is a picture (PNG)", _AGAIN),
    (b"\xff\xd8\xff", "is a picture (JPEG)", _AGAIN),
    (b"RIFF", "is a picture, sound or film (RIFF)", _AGAIN),
    (b"\x89HDF", "is an HDF5 file under another ending", "take the .safetensors version of it"),
    (b"%PDF", "is a PDF", _AGAIN),
)  # fmt: skip


def _container(head: bytes) -> tuple[str, str] | None:
    for mark, told, advice in _CONTAINERS:
        # A zlib of 0x80 bytes of header would begin alike: a pickle's second byte is its protocol,
        # and a safetensors header's third byte of length is followed by five zeros at most.
        if head.startswith(mark) and not _may_be_length(head):
            return told, advice
    return None


def _may_be_length(head: bytes) -> bool:
    """Whether the first 8 bytes are a length and a JSON object follows, as in safetensors."""
    return head[8:9] == b"{" and not any(head[4:8])


def _text(head: bytes, size: int) -> tuple[str, str] | None:
    start = head[:256].lstrip()
    try:
        words = start.decode("utf-8", "strict" if size < len(start) else "ignore")
    except UnicodeDecodeError:
        return None
    if not words or sum(c.isprintable() or c.isspace() for c in words) < len(words):
        return None
    # The limit keeps a page's whole text out of a sentence.
    shown = " ".join(words.split())[:80]
    kind = "is a JSON text" if words[0] in "{[" else "is a text"
    return (
        f"{kind} that was saved under this name, such as a site's message of an error ({shown!r})",
        _AGAIN,
    )
