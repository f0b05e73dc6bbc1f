"""Files are taken by their content; what is not taken is named, in folders and in archives."""

from __future__ import annotations

import io
import os
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from dataset_fakes import draw_photo
from PIL import Image

from lib_t2p.dataset.captions.book import CaptionBook, read_captions, write_captions
from lib_t2p.dataset.importing import ImportResult, import_photos
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.events import Finished, Warned, from_line, to_line
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder

JXL = b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40)
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(40)


def picture(kind: str, seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (60, 80, 3), np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, kind)
    return data.getvalue()


TAKEN = {
    "IMG_0001": picture("JPEG", 1),
    "copy.pjpeg": picture("JPEG", 2),
    "photo.JPG_orig": picture("JPEG", 3),
    "photo.jpg_large": picture("JPEG", 4),
    "cut.j": picture("JPEG", 5),
    "old.jp2": picture("JPEG2000", 6),
    "download": picture("PNG", 7),
    "a.txt.png.webp_": picture("WEBP", 8),
    "scan.bin": picture("TIFF", 9),
    "wrong.zip.gif": picture("GIF", 10),
    "a name.dat": picture("AVIF", 11),
}
NAMED = {
    "new.jxl": (JXL, "JPEG XL"),
    "draft.psd": (b"8BPS\0\1" + bytes(40), "Photoshop"),
    "scan.pdf": (b"%PDF-1.4\n", "a PDF"),
    "logo.svg": (b"<svg/>", "SVG"),
    "raw.dng": (b"II*\0" + bytes(40), "camera raw"),
    "IMG_2.cr3": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "camera raw"),
    "old.rar": (b"Rar!\x1a\x07\0", "RAR"),
    "page.jpg": (b"<!DOCTYPE html><html>", "web page"),
    "x.tga": (bytes(60), "Targa"),
}
PASSED = {
    "notes.txt": b"no photo",
    "a.xmp": b"<x:xmpmeta/>",
    "a.aae": b"<?xml version='1.0'?><plist/>",
    "Thumbs.db": b"\xd0\xcf\x11\xe0" + bytes(40),
    ".DS_Store": b"\0\0\0\1Bud1",
    "__MACOSX/._IMG_0001": b"\0\5\x16\7" + bytes(40),
    "song.mp3": b"ID3\4" + bytes(40),
}


def everything(folder: Path) -> Path:
    files = {**TAKEN, **{name: data for name, (data, _) in NAMED.items()}, **PASSED}
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def as_archive(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            packed.write(path, path.relative_to(folder).as_posix())
    return archive


def check_all(done: ImportResult, warnings: list[str]) -> None:
    assert len(done.added) == len(TAKEN)
    reasons = dict(done.failed)
    for name, (_, word) in NAMED.items():
        assert word in reasons.pop(name)
    assert reasons == {}
    assert sorted(done.passed) == sorted(Path(name).name for name in PASSED)
    assert f"{len(PASSED)} files are no photos and were passed over" in warnings[-1]


def test_in_a_folder_all_that_decodes_is_taken_and_the_rest_named(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    check_all(import_photos(person, [everything(tmp_path / "in")], reporter), reporter.warnings)


def test_in_an_archive_the_same_holds(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    archive = as_archive(everything(tmp_path / "in"), tmp_path / "roll.zip")
    check_all(import_photos(person, [archive], reporter), reporter.warnings)


def test_files_that_were_named_themselves_get_a_reason_whatever_they_are(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    folder = everything(tmp_path / "in")
    named = sorted(p for p in folder.rglob("*") if p.is_file())
    done = import_photos(person, named, reporter)
    assert len(done.added) == len(TAKEN)
    refused = {name for name, _ in done.failed}
    assert refused | set(done.passed) == {*NAMED, *(Path(name).name for name in PASSED)}
    assert "is no picture" in dict(done.failed)["song.mp3"]


def test_videos_and_archives_within_an_archive_are_named(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    inner = as_archive(everything(tmp_path / "in"), tmp_path / "inner.zip")
    with zipfile.ZipFile(tmp_path / "roll.zip", "w") as packed:
        packed.writestr("film.mp4", FILM)
        packed.writestr("clip", FILM)
        packed.write(inner, "inner.zip")
        packed.writestr("a.png", picture("PNG", 1))
    done = import_photos(person, [tmp_path / "roll.zip"], reporter)
    assert done.added == ("a.png",)
    reasons = dict(done.failed)
    assert set(reasons) == {"film.mp4", "clip", "inner.zip"}
    assert all("unpack roll.zip first" in reason for reason in reasons.values())


def test_the_photos_left_out_unsaid_are_taken(
    person: PersonFolder, reporter: SilentReporter, shared: Path
) -> None:
    folder = shared / "cases" / "05-photos-left-out-unsaid"
    done = import_photos(person, [folder / "photos"], reporter)
    files = sorted(p.name for p in (folder / "photos").iterdir())
    assert len(done.added) + len(done.known) == len(files) and done.failed == ()
    done = import_photos(person, [folder / "header_only.jxl", folder / "photos"], reporter)
    assert "JPEG XL" in dict(done.failed)["header_only.jxl"]


ODD_SIZES = [(3000, 2), (2, 3000), (1, 1), (1, 400), (400, 1), (15_000, 3), (7, 5), (2, 2)]


@pytest.mark.parametrize("size", ODD_SIZES, ids=str)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_of_an_odd_shape_is_taken(
    person: PersonFolder,
    reporter: SilentReporter,
    tmp_path: Path,
    size: tuple[int, int],
    kind: str,
) -> None:
    Image.new("RGB", size, (200, 30, 30)).save(tmp_path / "odd", kind)
    assert len(import_photos(person, [tmp_path / "odd"], reporter).added) == 1


def spoilt(method: int) -> bytes:
    """A ZIP of two photos, the first of which cannot be unpacked."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as packed:
        packed.writestr("bad.png", picture("PNG", 1))
        packed.writestr("good.png", picture("PNG", 2))
    raw = bytearray(data.getvalue())
    raw[60:110] = b"\xff" * 50
    return bytes(raw)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_costs_only_itself(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path, method: int
) -> None:
    (tmp_path / "a.zip").write_bytes(spoilt(method))
    done = import_photos(person, [tmp_path / "a.zip"], reporter)
    assert done.added == ("good.png",)
    assert "is damaged" in dict(done.failed)["bad.png"]


@pytest.mark.parametrize("method", [9, 93, 95, 97, 99, 12345])
def test_a_method_of_packing_that_is_not_read_is_named(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path, method: int
) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("odd.png", picture("PNG", 1))
        packed.writestr("good.png", picture("PNG", 2))
    raw = bytearray(data.getvalue())
    raw[8:10] = struct.pack("<H", method)
    place = raw.find(b"PK\x01\x02")
    raw[place + 10 : place + 12] = struct.pack("<H", method)
    (tmp_path / "a.zip").write_bytes(bytes(raw))
    done = import_photos(person, [tmp_path / "a.zip"], reporter)
    assert done.added == ("good.png",)
    reason = dict(done.failed)["odd.png"]
    assert "not read" in reason or "damaged" in reason


ODD_NAMES = [
    "CON.png", "aux", "a" * 36 + ".png", "d/" * 16 + "a.png", "tab\tname.png", "line\nname.png",
    "\u202e gnp.exe.png", "trailing. .png", "*?<>|.png", "\ud83d.png", "", " ", ".", "a\\b\\c.png",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_an_odd_name_in_an_archive_costs_only_itself(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path, name: str
) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("good.png", picture("PNG", 2))
        packed.writestr("X" * 40, picture("PNG", 1))
    stand_in = b"X" * 40
    odd = name.encode("utf-8", "surrogatepass")[:40].ljust(40, b"\0")
    (tmp_path / "a.zip").write_bytes(data.getvalue().replace(stand_in, odd))
    done = import_photos(person, [tmp_path / "a.zip"], reporter)
    assert "good.png" in done.added
    assert len(done.added) + len(done.failed) + len(done.passed) == 2
    assert all(path.parent == person.photos for path in person.photos.iterdir())
    assert all(len(path.name) < 200 for path in person.photos.iterdir())


def test_a_name_that_claims_to_be_utf_8_and_is_not_costs_only_itself(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("good.png", picture("PNG", 2))
        packed.writestr("été.png", picture("PNG", 1))
    raw = (tmp_path / "a.zip").read_bytes().replace("été".encode(), b"\xe9t\xe9\xff\xfe")
    (tmp_path / "a.zip").write_bytes(raw)
    done = import_photos(person, [tmp_path / "a.zip"], reporter)
    assert len(done.added) == 2 and done.failed == ()


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_text_can_be_written_everywhere(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    files = {
        b"bad\xff\xe9.jpg": b"hello",
        b"good\xff.png": picture("PNG", 1),
        b"odd\xfe.jxl": JXL,
        b"film\xfe.mp4": FILM,
        b"zip\xfe.zip": b"PK\3\4 nothing",
        b"x\xfe.xmp": b"<x/>",
    }
    for name, data in files.items():
        (tmp_path / "in" / os.fsdecode(name)).write_bytes(data)
    draw_photo(tmp_path / "in" / "plain.png", 3)
    done = import_photos(person, [tmp_path / "in"], reporter)
    assert len(done.added) == 2 and len(done.failed) == 4 and len(done.passed) == 1
    texts = [*done.added, *done.passed, *(part for pair in done.failed for part in pair)]
    for text in [*texts, *reporter.warnings]:
        event = Finished(0.0, {"failed": [text]})
        assert from_line(to_line(event).encode("utf-8").decode("utf-8")) == event
        assert to_line(Warned(0.0, text)).encode("utf-8")
    assert import_photos(person, [tmp_path / "in"], reporter).added == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_and_a_missing_file_among_others_cost_only_themselves(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    good = draw_photo(tmp_path / "good.png", 1)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    sources = [tmp_path / "pipe", tmp_path / "gone.png", Path("/dev/zero"), good]
    done = import_photos(person, [*sources, tmp_path / "circle"], reporter)
    assert done.added == ("good.png",)
    reasons = dict(done.failed)
    assert "pipe or a device" in reasons["pipe"] and "pipe or a device" in reasons["zero"]
    assert "does not exist" in reasons["gone.png"]
    assert "link to nothing" in reasons["circle"]
    with pytest.raises(InputError, match="pipe or a device"):
        import_photos(person, [tmp_path / "pipe"], reporter)


def test_a_photo_that_vanishes_in_the_middle_is_told(person: PersonFolder, tmp_path: Path) -> None:
    draw_photo(tmp_path / "in" / "a.png", 1)
    gone = draw_photo(tmp_path / "in" / "b.png", 2)

    class Vanishing(SilentReporter):
        def check_stop(self) -> None:
            gone.unlink(missing_ok=True)

    done = import_photos(person, [tmp_path / "in"], Vanishing())
    assert done.added == ("a.png",)
    assert "b.png" in dict(done.failed)


def kohya(folder: Path) -> Path:
    """A training folder as kohya's GUI makes it."""
    inside = folder / "img" / "10_ohwx woman"
    for number in range(4):
        draw_photo(inside / f"p{number}.png", number)
    (inside / "p0.txt").write_text("ohwx woman, smiling,\n red coat\n", encoding="utf-8")
    (inside / "p1.caption").write_bytes("été, 夏".encode("utf-16"))
    (inside / "p2.txt").write_bytes("caf\xe9".encode("cp1252"))
    (inside / "alone.txt").write_text("nobody's")
    return folder


CAPTIONS = {"p0.png": "ohwx woman, smiling, red coat", "p1.png": "été, 夏", "p2.png": "café"}


@pytest.mark.parametrize("how", ["folder", "archive", "files"])
def test_captions_beside_photos_are_taken(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path, how: str
) -> None:
    folder = kohya(tmp_path / "in")
    sources = [folder]
    if how == "archive":
        sources = [as_archive(folder, tmp_path / "a.zip")]
    if how == "files":
        # Each upload lies in a folder of its own.
        sources = []
        for number, path in enumerate(sorted(p for p in folder.rglob("*") if p.is_file())):
            target = tmp_path / "waiting" / str(number) / path.name
            target.parent.mkdir(parents=True)
            shutil.copy(path, target)
            sources.append(target)
    done = import_photos(person, sources, reporter)
    assert (len(done.added), done.captions, done.passed) == (4, 3, ("alone.txt",))
    assert read_captions(person).own == CAPTIONS
    assert read_captions(person).undone().own == {}


def test_captions_that_a_person_wrote_stay(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    folder = kohya(tmp_path / "in")
    (folder / "img" / "10_ohwx woman" / "p3.txt").write_text("{nobody} knows")
    import_photos(person, [folder], reporter)
    write_captions(person, CaptionBook().changed({"p0.png": "mine"}, "edit"))
    done = import_photos(person, [folder], reporter)
    assert done.captions == 2
    assert read_captions(person).own == {**CAPTIONS, "p0.png": "mine"}
    assert any("p0.png: the caption that you wrote stays" in w for w in reporter.warnings)
    assert any("beside p3.png was not taken" in w for w in reporter.warnings)


def test_captions_beside_class_photos_are_told(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    import_photos(person.class_photos, [kohya(tmp_path / "in")], reporter)
    assert any("3 captions beside the photos were not taken" in w for w in reporter.warnings)
