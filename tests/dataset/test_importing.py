import os
import shutil
from pathlib import Path

import pytest
from dataset_fakes import RED, draw_photo

from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.photo_list import read_photo_list
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder


def test_a_folder_is_searched_and_only_photos_are_taken(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "in" / "My Photo.PNG", 1, (RED, 10, 10, 50))
    draw_photo(tmp_path / "in" / "deep" / "my photo.png", 2)
    (tmp_path / "in" / "notes.txt").write_text("no photo")
    done = import_photos(person, [tmp_path / "in"], reporter)
    assert done.added == ("my-photo.png", "my-photo-2.png")
    assert done.failed == ()
    assert sorted(f.name for f in person.photos.iterdir()) == ["my-photo-2.png", "my-photo.png"]


def test_originals_stay_as_they_are(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    source = draw_photo(tmp_path / "in" / "a.png", 1)
    before = (source.read_bytes(), source.stat().st_mtime_ns)
    import_photos(person, [source], reporter)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before
    assert (person.photos / "a.png").read_bytes() == before[0]


def test_a_photo_is_copied_where_it_cannot_be_linked(
    person: PersonFolder,
    reporter: SilentReporter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    source = draw_photo(tmp_path / "in" / "a.png", 1)
    import_photos(person, [source], reporter)
    assert (person.photos / "a.png").read_bytes() == source.read_bytes()
    assert not list(person.photos.glob("*.part"))


def test_a_second_import_adds_only_what_is_new(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "in" / "a.png", 1)
    import_photos(person, [tmp_path / "in"], reporter)
    shutil.copy(tmp_path / "in" / "a.png", tmp_path / "in" / "the same again.png")
    draw_photo(tmp_path / "in" / "b.png", 2)
    done = import_photos(person, [tmp_path / "in"], reporter)
    assert done.added == ("b.png",)
    assert done.known == ("a.png", "a.png")


def test_a_photo_that_a_killed_import_did_not_list_is_known(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    source = draw_photo(tmp_path / "in" / "a.png", 1)
    person.photos.mkdir(exist_ok=True)
    os.link(source, person.photos / "a.png")
    (person.photos / "b.png.part").write_bytes(b"half")
    done = import_photos(person, [source], reporter)
    assert (done.added, done.known) == ((), ("a.png",))
    assert [p.source for p in read_photo_list(person).photos] == [str(source)]


def test_bad_files_are_recorded_with_reasons_and_lose_nothing(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    good = draw_photo(tmp_path / "in" / "good.png", 1)
    (tmp_path / "in" / "empty.jpg").write_bytes(b"")
    (tmp_path / "in" / "half.png").write_bytes(good.read_bytes()[:900])
    (tmp_path / "in" / "raw.CR2").write_bytes(b"II*\0")
    (tmp_path / "in" / "text.jpg").write_text("hello")
    done = import_photos(person, [tmp_path / "in"], reporter)
    assert done.added == ("good.png",)
    reasons = dict(done.failed)
    assert "0 bytes" in reasons["empty.jpg"]
    assert "cut off" in reasons["half.png"]
    assert "raw file" in reasons["raw.CR2"]
    assert "no picture" in reasons["text.jpg"]
    assert [f.name for f in read_photo_list(person).failed] == [
        "empty.jpg",
        "half.png",
        "raw.CR2",
        "text.jpg",
    ]


def test_a_photo_that_was_mended_is_imported_and_its_failure_forgotten(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "in" / "a.png", 1)
    (tmp_path / "in" / "b.png").write_bytes(b"")
    import_photos(person, [tmp_path / "in"], reporter)
    draw_photo(tmp_path / "in" / "b.png", 2)
    assert import_photos(person, [tmp_path / "in"], reporter).added == ("b.png",)
    assert read_photo_list(person).failed == ()


def test_a_misnamed_photo_gets_the_suffix_of_its_content(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "x.png", 1).rename(tmp_path / "x.jpg")
    assert import_photos(person, [tmp_path / "x.jpg"], reporter).added == ("x.png",)


@pytest.mark.parametrize("name", ["...png", "???.png", "\U0001f600.png", "con.png", "été 1.png"])
def test_any_name_becomes_a_safe_one(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path, name: str
) -> None:
    source = draw_photo(tmp_path / "plain.png", 1).rename(tmp_path / name)
    (added,) = import_photos(person, [source], reporter).added
    assert (person.photos / added).parent == person.photos
    assert (person.photos / added).is_file()
    assert added not in ("con.png", ".png")


def test_a_folder_without_photos_is_named(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="no photos in .*none"):
        import_photos(person, [tmp_path / "none"], reporter)
    with pytest.raises(InputError, match="gone does not exist"):
        import_photos(person, [tmp_path / "gone"], reporter)


def test_only_bad_photos_are_one_clear_error_that_names_the_first(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"")
    with pytest.raises(InputError, match=r"None of the 1 photos.*a\.jpg is empty"):
        import_photos(person, [tmp_path / "in"], reporter)
    assert len(read_photo_list(person).failed) == 1


def test_an_unreadable_folder_is_named(
    person: PersonFolder,
    reporter: SilentReporter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "locked").mkdir()

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match="locked cannot be read .Permission denied"):
        import_photos(person, [tmp_path / "locked"], reporter)


def test_a_full_disk_is_said_and_leaves_no_half_photo(
    person: PersonFolder,
    reporter: SilentReporter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(InputError, match="disk is full"):
        import_photos(person, [draw_photo(tmp_path / "a.png", 1)], reporter)
    assert list(person.photos.iterdir()) == []
