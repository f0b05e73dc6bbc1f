"""Which caption file belongs to which photo, and what of an archive is owed a reason."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from dataset_fakes import draw_photo

from lib_t2p.dataset.captions.book import read_captions
from lib_t2p.dataset.importing import import_photos
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.photo_files.file_kinds import RAW, kind_of
from lib_t2p.workspace.person import PersonFolder


def as_archive(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            packed.write(path, path.relative_to(folder).as_posix())
    return archive


@pytest.mark.parametrize("how", ["folder", "archive", "files"])
def test_a_caption_may_keep_the_photos_ending_and_names_may_have_dots(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / "10_ohwx woman"
    files = {"a.png": "a.png.txt", "Mr. Smith": "Mr. Smith.txt", "c.d.png": "c.d.caption"}
    for number, (photo, caption) in enumerate(files.items()):
        draw_photo(folder / "drawn.png", number).rename(folder / photo)
        (folder / caption).write_text(f"text {number}")
    (folder / "c.d.txt").write_text("text 2, of two the one with .txt")
    sources = {
        "folder": [folder],
        "archive": [as_archive(folder, tmp_path / "a.zip")],
        "files": sorted(folder.iterdir()),
    }[how]
    done = import_photos(person, sources, reporter)
    assert done.passed == ("c.d.caption",)
    assert sorted(read_captions(person).own.values()) == [
        "text 0",
        "text 1",
        "text 2, of two the one with .txt",
    ]


def test_files_of_one_name_out_of_two_folders_keep_their_own_captions(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    sources = []
    for number, folder in enumerate(("one", "two")):
        draw_photo(tmp_path / folder / "photo.png", number)
        (tmp_path / folder / "photo.txt").write_text(folder)
        sources += sorted((tmp_path / folder).iterdir())
    import_photos(person, sources, reporter)
    assert read_captions(person).own == {"photo.png": "one", "photo-2.png": "two"}


def test_an_upload_that_could_have_two_captions_has_none(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    sources = [draw_photo(tmp_path / "0" / "photo.png", 0)]
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
        (tmp_path / number / "photo.txt").write_text(f"text {number}")
        sources.append(tmp_path / number / "photo.txt")
    done = import_photos(person, sources, reporter)
    assert (done.captions, done.passed) == (0, ("photo.txt", "photo.txt"))


@pytest.mark.parametrize("name", ["a.jpg_large", "b", "c.JPG_orig", "d.jxl"])
def test_a_member_with_a_password_gets_its_reason_whatever_it_is_called(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path, name: str
) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(name, b"secret")
    data = bytearray(archive.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(InputError, match=f"{name} in a.zip is protected by a password"):
        import_photos(person, [archive], reporter)


def test_a_folder_in_an_archive_with_backslashes_is_no_file(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    photo = draw_photo(tmp_path / "p.png", 1)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("photos\\", b"")
        packed.writestr("photos\\p.png", photo.read_bytes())
    done = import_photos(person, [tmp_path / "a.zip"], reporter)
    assert (len(done.added), done.passed) == (1, ())


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("tags", "is_raw"),
    [({50706: 1}, True), ({254: 1, 330: 99}, True), ({254: 0, 330: 99}, False), ({}, False)],
)
def test_a_raw_file_is_known_without_its_ending(
    order: str, tags: dict[int, int], is_raw: bool
) -> None:
    entries = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, tags[tag]) for tag in sorted(tags))
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HIH", 42, 8, len(tags)) + entries + bytes(4)
    assert (kind_of(head, ".jpg") == RAW) == is_raw
