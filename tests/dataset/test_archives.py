import stat
import zipfile
from pathlib import Path

from dataset_fakes import draw_photo

from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.photo_list import read_photo_list
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder


def pack(archive: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            packed.writestr(name, data)
    return archive


def test_photos_of_an_archive_are_taken_and_a_second_import_adds_nothing(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    a = draw_photo(tmp_path / "a.png", 1).read_bytes()
    b = draw_photo(tmp_path / "b.png", 2).read_bytes()
    entries = [("deep/ä b.png", a), ("A.png", b), ("__MACOSX/._A.png", b"x"), ("n.txt", b"x")]
    archive = pack(tmp_path / "roll.zip", *entries)
    done = import_photos(person, [archive], reporter)
    assert (done.added, done.failed) == (("ä-b.png", "a.png"), ())
    assert (person.photos / "a.png").read_bytes() == b
    assert read_photo_list(person).photos[0].source == f"{archive}!A.png"
    again = import_photos(person, [tmp_path / "roll.zip"], reporter)
    assert (again.added, again.known) == ((), ("ä-b.png", "a.png"))
    assert list((person.workspace.cache / "import").iterdir()) == []


def test_entries_that_lead_out_or_are_links_or_bombs_are_refused_one_by_one(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    good = draw_photo(tmp_path / "a.png", 1).read_bytes()
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = pack(
        tmp_path / "bad.zip",
        ("../up.png", good),
        ("/root.png", good),
        ("C:\\drive.png", good),
        ("..\\back.png", good),
        (link, b"/etc/passwd"),
        ("bomb.png", bytes(20 << 20)),
        ("cut.png", good[:500]),
        ("good.png", good),
    )
    done = import_photos(person, [archive], reporter)
    assert done.added == ("good.png",)
    reasons = dict(done.failed)
    for name in ("up.png", "root.png", "drive.png", "back.png"):
        assert "leads out" in reasons[name]
    assert "is a link" in reasons["link.png"]
    assert "zip bomb" in reasons["bomb.png"]
    assert "cut.png is damaged" in reasons["cut.png"]
    assert sorted(f.name for f in person.photos.iterdir()) == ["good.png"]


def test_a_broken_archive_is_one_reason_and_the_import_goes_on(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "in" / "a.png", 1)
    (tmp_path / "in" / "b.zip").write_bytes(b"PK\x03\x04 nothing")
    done = import_photos(person, [tmp_path / "in"], reporter)
    assert done.added == ("a.png",)
    assert "no whole ZIP archive" in dict(done.failed)["b.zip"]


def test_an_entry_that_unpacks_to_more_than_it_declares_is_refused(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    good = draw_photo(tmp_path / "a.png", 1).read_bytes()
    archive = pack(tmp_path / "lie.zip", ("a.png", good), ("lie.png", good + bytes(50_000)))
    data = archive.read_bytes()
    real, lied = (len(good) + 50_000).to_bytes(4, "little"), len(good).to_bytes(4, "little")
    archive.write_bytes(data.replace(real, lied))
    done = import_photos(person, [archive], reporter)
    assert done.added == ("a.png",)
    assert "damaged" in dict(done.failed)["lie.png"]


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_followed(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    inside = draw_photo(tmp_path / "in" / "a.png", 1)
    outside = draw_photo(tmp_path / "secret.png", 2)
    (tmp_path / "in" / "b.png").symlink_to(outside)
    (tmp_path / "in" / "c.png").symlink_to(inside)
    done = import_photos(person, [tmp_path / "in"], reporter)
    assert (done.added, done.known) == (("a.png",), ("a.png",))
    assert "leads out of the folder" in dict(done.failed)["b.png"]
