"""Whatever lies in a folder: a reason per file, and the import goes on."""

from __future__ import annotations

import os
import shutil
import struct
import sys
import wave
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from dataset_fakes import draw_photo
from test_videos import film

from lib_t2p.dataset.importing import ImportResult, import_photos
from lib_t2p.dataset.photo_list import read_photo_list
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder

FULL = OSError(28, "No space left on device")


@pytest.fixture
def roll(tmp_path: Path) -> Path:
    """A folder with one good photo."""
    draw_photo(tmp_path / "in" / "good.png", 1)
    return tmp_path / "in"


def reasons_of(person: PersonFolder, roll: Path, *, good: int = 1) -> dict[str, str]:
    """Why each file was refused; the good ones are taken, and nothing else lies there."""
    done: ImportResult = import_photos(person, [roll], SilentReporter())
    assert len(done.added) == good
    assert {f.name for f in person.photos.iterdir()} == set(done.added)
    assert {f.name for f in read_photo_list(person).failed} == {name for name, _ in done.failed}
    return dict(done.failed)


def png_that_declares(width: int, height: int) -> bytes:
    """A few bytes that would be decoded to width x height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_unopened(person: PersonFolder, roll: Path) -> None:
    (roll / "bomb.png").write_bytes(png_that_declares(60_000, 60_000))
    (roll / "square.png").write_bytes(png_that_declares(15_000, 15_000))
    reasons = reasons_of(person, roll)
    for name in ("bomb.png", "square.png"):
        assert "limit" in reasons[name] and "megapixels" in reasons[name]


def test_files_that_are_called_what_they_are_not(person: PersonFolder, roll: Path) -> None:
    good = (roll / "good.png").read_bytes()
    draw_photo(roll / "other.png", 2).rename(roll / "really-a-png.heic")
    (roll / "text.mp4").write_text("no film")
    (roll / "empty.mov").write_bytes(b"")
    draw_photo(roll / "third.png", 3).rename(roll / "photo.zip")
    (roll / "empty.zip").write_bytes(b"")
    with zipfile.ZipFile(roll / "archive.zip", "w") as archive:
        archive.writestr("a.png", draw_photo(roll.parent / "fourth.png", 4).read_bytes())
    shutil.move(roll / "archive.zip", roll / "archive.jpg")
    reasons = reasons_of(person, roll, good=4)
    assert good == (person.photos / "good.png").read_bytes()
    assert (person.photos / "really-a-png.png").is_file()
    for name in ("text.mp4", "empty.mov"):
        assert "no video stream" in reasons[name]
    assert "no whole ZIP archive" in reasons["empty.zip"]


def test_a_film_that_is_cut_off_gives_what_is_whole_or_a_reason(
    person: PersonFolder, roll: Path
) -> None:
    whole = film(roll / "whole.avi", 3).read_bytes()
    (roll / "whole.avi").unlink()
    (roll / "cut.avi").write_bytes(whole[: len(whole) * 2 // 3])
    (roll / "head.avi").write_bytes(whole[:300])
    done = import_photos(person, [roll], SilentReporter())
    assert "good.png" in done.added
    assert "no video stream" in dict(done.failed)["head.avi"]
    frames = [name for name in done.added if name.startswith("cut")]
    assert frames or "cut.avi" in dict(done.failed)


@pytest.mark.parametrize("name", ["sound.mp4", "sound.avi", "sound.mkv"])
def test_a_file_with_sound_alone_has_no_video_stream(
    person: PersonFolder, roll: Path, name: str
) -> None:
    with wave.open(str(roll / name), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16_000))
    assert "no video stream" in reasons_of(person, roll)[name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(person: PersonFolder, roll: Path) -> None:
    os.mkfifo(roll / "a-pipe.jpg")
    assert "pipe or a device" in reasons_of(person, roll)["a-pipe.jpg"]


def test_links_to_nothing_and_in_circles_are_reasons(person: PersonFolder, roll: Path) -> None:
    (roll / "gone.png").symlink_to(roll / "nowhere.png")
    (roll / "circle.png").symlink_to(roll / "circle.png")
    (roll / "up").symlink_to(roll.parent)
    assert set(reasons_of(person, roll)) == {"gone.png", "circle.png"}


LONG = {
    "latin": "a" * 246,
    "german": "ü" * 120,
    "chinese": "照" * 80,
    "arabic": "صورة" * 30,
    "hindi": "फ़ोटो" * 16,
    "emoji": "\U0001f600" * 60,
    "combined": "é" * 80,
    "dots": "x." * 120,
}
"""Near the 255 bytes that file systems allow."""


@pytest.mark.parametrize("script", LONG)
def test_names_of_any_script_and_length_are_taken(
    person: PersonFolder, roll: Path, script: str
) -> None:
    name = f"{LONG[script]}.png"
    source = draw_photo(roll.parent / "plain.png", 3)
    assert len(name.encode()) <= 255
    shutil.copy(source, roll / name)
    packed = draw_photo(roll.parent / "packed.png", 4)
    with zipfile.ZipFile(roll / "more.zip", "w") as archive:
        archive.write(packed, f"{LONG[script]}/{LONG[script]}.png")
    assert reasons_of(person, roll, good=3) == {}
    longest = max(len(f.name.encode()) for f in person.photos.iterdir())
    # What builds and captions add to the name must fit too.
    assert longest <= 200


def test_a_name_of_250_characters_in_an_archive_is_taken(person: PersonFolder, roll: Path) -> None:
    packed = draw_photo(roll.parent / "packed.png", 4)
    with zipfile.ZipFile(roll / "more.zip", "w") as archive:
        archive.write(packed, "照" * 250 + ".png")
    assert reasons_of(person, roll, good=2) == {}


def test_names_that_differ_only_in_case_or_by_composition_are_two_photos(
    person: PersonFolder, roll: Path
) -> None:
    names = ("IMG_1.PNG", "img_1.png", "Img_1.png", "caf\u00e9.png", "cafe\u0301.png")
    for number, name in enumerate(names):
        draw_photo(roll / name, 10 + number)
    if len(list(roll.iterdir())) != len(names) + 1:
        pytest.skip("this file system cannot hold such names beside each other")
    assert reasons_of(person, roll, good=len(names) + 1) == {}
    assert len({f.name.lower() for f in person.photos.iterdir()}) == len(names) + 1


def refusing(original: Any, named: str, error: OSError) -> Any:
    """The function, but with an error where an argument has that name."""

    def function(first: Any, *more: Any, **given: Any) -> Any:
        if any(str(path).endswith(named) for path in (first, *more)):
            raise error
        return original(first, *more, **given)

    return function


def test_a_photo_and_a_folder_without_permission_are_told_and_passed(
    person: PersonFolder, roll: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_photo(roll / "locked.png", 2)
    draw_photo(roll / "private" / "a.png", 3)
    refused = PermissionError(13, "Permission denied")
    monkeypatch.setattr(Path, "open", refusing(Path.open, "locked.png", refused))
    locked = PermissionError(13, "Permission denied", str(roll / "private"))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir, "private", locked))
    reporter = Listening()
    done = import_photos(person, [roll], reporter)
    assert done.added == ("good.png",)
    assert "Permission denied" in dict(done.failed)["locked.png"]
    assert any("private was skipped" in sentence for sentence in reporter.warnings)


class Listening(SilentReporter):
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warning(self, sentence: str) -> None:
        self.warnings.append(sentence)


def test_a_disk_that_fills_in_the_middle_loses_only_what_did_not_fit(
    person: PersonFolder, roll: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        draw_photo(roll / f"p{number}.png", 20 + number)
    monkeypatch.setattr(os, "link", refusing(os.link, "p2.png", FULL))
    monkeypatch.setattr(shutil, "copyfile", refusing(shutil.copyfile, "p2.png.part", FULL))
    assert "disk is full" in reasons_of(person, roll, good=4)["p2.png"]
    monkeypatch.undo()
    assert import_photos(person, [roll], SilentReporter()).added == ("p2.png",)
    assert read_photo_list(person).failed == ()


@pytest.mark.skipif(sys.platform == "win32", reason="writes through os.open there")
def test_an_archive_is_not_called_damaged_when_the_disk_is_full(
    person: PersonFolder, roll: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(roll / "more.zip", "w") as archive:
        archive.write(draw_photo(roll.parent / "packed.png", 4), "packed.png")
    monkeypatch.setattr(Path, "open", refusing(Path.open, "photo.png", FULL))
    reason = reasons_of(person, roll)["packed.png"]
    assert "No space left" in reason and "damaged" not in reason
