import io
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from lib_t2p.vision.photo_files.file_kinds import OTHER, PICTURE, RAW, kind_of
from lib_t2p.vision.photo_files.photo_formats import formats


def drawn(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    data = io.BytesIO()
    Image.fromarray(np.zeros((*size[::-1], 3), np.uint8)).save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize("kind", sorted(set(formats()) - {"HEIF"}))
def test_every_format_that_is_opened_is_told_a_picture(kind: str) -> None:
    assert kind_of(drawn(kind)) == PICTURE


def test_a_heic_and_a_bare_jpeg_2000_stream_are_pictures() -> None:
    assert kind_of(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") == PICTURE
    assert kind_of(b"\0\0\0\x1cftypmsf1\0\0\0\0isomheicmif1") == PICTURE
    assert kind_of(b"\xff\x4f\xff\x51\0\x2f") == PICTURE


@pytest.mark.parametrize(
    ("start", "group", "word"),
    [
        (b"\xff\x0a\xfa\x7f", "unread", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "unread", "JPEG XL"),
        (b"8BPS\0\1", "unread", "Photoshop"),
        (b"%PDF-1.7", "unread", "PDF"),
        (b'<?xml version="1.0"?>\n<!-- x --><svg xmlns="http', "unread", "SVG"),
        (b"  <svg width='3'>", "unread", "SVG"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "unread", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "unread", "Git LFS"),
        (b"Rar!\x1a\x07\x01\0", "unread", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "unread", "7-Zip"),
        (b"\x1f\x8b\x08", "unread", "gzip"),
        (b"FUJIFILMCCD-RAW", "unread", "camera raw"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "unread", "camera raw"),
        (b"II*\0\x10\0\0\0CR\2\0", "unread", "camera raw"),
        (b"II\xbc\1", "unread", "JPEG XR"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video", "video"),
        (b"\0\0\0\x14ftypqt  ", "video", "video"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video", "video"),
        (b"RIFF\0\0\0\0AVI LIST", "video", "video"),
        (b"\x1aE\xdf\xa3", "video", "video"),
        (b"RIFF\0\0\0\0WAVEfmt ", "other", "sound"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42", "other", "sound"),
        (b"ohwx woman, smiling", "text", "text"),
        ("été, 夏".encode(), "text", "text"),
    ],
)
def test_kinds_are_told_by_their_first_bytes(start: bytes, group: str, word: str) -> None:
    kind = kind_of(start)
    assert kind.group == group
    assert word in kind.name
    assert bool(kind.advice) is (group == "unread")


def test_a_tiff_with_a_raw_name_is_a_raw_file_and_one_without_is_a_picture() -> None:
    tiff = drawn("TIFF")
    assert kind_of(tiff, ".NEF") == RAW
    assert kind_of(tiff, ".tif") == kind_of(tiff) == PICTURE


def test_archives_and_documents_are_told_apart() -> None:
    plain, office, tar = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(plain, "w") as packed:
        packed.writestr("a.png", b"x")
    with zipfile.ZipFile(office, "w") as packed:
        packed.writestr("[Content_Types].xml", b"x")
    with tarfile.open(fileobj=tar, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("a.png"))
    assert kind_of(plain.getvalue()).group == "archive"
    assert kind_of(office.getvalue()).name == "a document or a program"
    assert kind_of(tar.getvalue()).name == "a tar archive"


@pytest.mark.parametrize("data", [b"", b"\0", b"B", b"BM", b"BMW is a car\0", b"\x80\x81\0\1" * 9])
def test_what_is_nothing_known_is_no_picture(data: bytes) -> None:
    assert kind_of(data).group in ("other", "text")
    assert kind_of(b"\x80\x81\0\1" * 9) == OTHER


@pytest.mark.parametrize(("packet", "first"), [(188, 0), (192, 4)])
def test_a_camcorders_stream_is_a_video(packet: int, first: int) -> None:
    one = bytearray(packet)
    one[first] = ord("G")
    assert kind_of(bytes(one) * 5).group == "video"
    assert kind_of(b"G" + bytes(1000)).group != "video"


def test_a_jpeg_ls_picture_is_named() -> None:
    assert kind_of(b"\xff\xd8\xff\xf7" + bytes(40), ".jpg").name == "a JPEG-LS picture"
