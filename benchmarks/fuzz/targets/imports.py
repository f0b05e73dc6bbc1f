"""Photos, archives and folders of logs as they come from elsewhere, through the whole import."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from benchmarks.fuzz.odd import near_bytes, near_json, near_text, texts
from benchmarks.fuzz.pictures import KINDS, event_file, picture
from benchmarks.fuzz.planted import planted_workspace
from benchmarks.fuzz.target import Call, Target, as_bytes, texts_of
from lib_t2p.curves.logs import import_logs
from lib_t2p.dataset.importing import import_photos
from lib_t2p.errors import PhotoError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.json_io import json_text, parse_json
from lib_t2p.vision.photo_files.file_kinds import HEAD, kind_of

HEADS = (
    b"\x00\x00\x00\x0cJXL \r\n\x87\n", b"\xff\x0a", b"\x00\x00\x00\x0cjP  \r\n\x87\n",
    b"\x00\x00\x00 ftypheic\0\0\0\0mif1heic", b"GIF89a", b"8BPS\0\x01", b"<!DOCTYPE html><html>",
    b"version https://git-lfs.github.com/spec/v1\n", b"%PDF-1.7", b"PK\x03\x04", b"II*\0", b"MM\0+",
    b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"photo of ohwx",
)  # fmt: skip
ENDINGS = ("", ".jpg", ".HEIC", ".zip", ".txt", ".png", ".jxl", ".arw", ".gif", ".caption")
GUI = {"LoRA_type": "Standard", "network_dim": 32, "max_resolution": "512,512", "epoch": 10}


def targets() -> list[Target]:
    """Import of archives and of files, and of logs with configs beside them."""
    archives = [_archive(how) for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
    archives += [_archive(how) for how in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)]
    contents = near_bytes([*HEADS, *(picture(kind) for kind in KINDS)])
    names = st.sampled_from(("run", "20240101-run", "GR INF", "network_train")) | texts
    config = near_json([GUI]) | near_text(['network_dim = 4\nlogging_dir = "x"\n'])
    return [
        Target("import: archive", near_bytes(archives), _importing("a.zip"), renewed=100),
        Target(
            "import: file of any kind",
            st.tuples(st.sampled_from(ENDINGS), contents).map(list),
            _importing(""),
            renewed=100,
        ),
        Target("import: kind by its head", contents, _kinds),
        Target(
            "logs: configs found by name",
            st.tuples(names, names, names, config).map(list),
            _logs,
            typed=True,
        ),
    ]


def _archive(how: int) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        archive.writestr("img/ä b.jpg", picture("JPEG"))
        archive.writestr("img/ä b.txt", "a caption")
        archive.writestr("c.jxl", HEADS[0])
        archive.writestr("../x.png", picture("PNG"))
    return file.getvalue()


def _importing(name: str) -> Any:
    """Gives a call that takes bytes, or with an empty name the ending of the file and bytes."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Call]:
        workspace = planted_workspace(folder / "w", folder.with_name("planted"))
        person = workspace.person("ann")

        def call(given: Any) -> object:
            ending, data = ("", given) if name else (*given, "", b"")[:2]
            path = folder / (name or f"given{ending if ending in ENDINGS else ''}")
            # What was imported may be a link to the same file.
            path.unlink(missing_ok=True)
            path.write_bytes(as_bytes(data))
            return import_photos(person, [path], SilentReporter())

        yield call

    return opened


@contextmanager
def _kinds(_: Path) -> Iterator[Call]:
    yield lambda given: [kind_of(as_bytes(given)[:HEAD], ending) for ending in ENDINGS]


@contextmanager
def _logs(folder: Path) -> Iterator[Call]:
    """Two pages of logs of which one keeps its name; the given one may be no name at all."""
    made: list[Path] = []
    _write(folder / "logs" / "page" / "base" / "events.out.tfevents.1", event_file(), [])

    def call(given: Any) -> object:
        page, run, config, body = texts_of(given, 4)
        while made:
            made.pop().unlink(missing_ok=True)
        logs = folder / "logs" / _part(page) / _part(run)
        _write(logs / "events.out.tfevents.2", event_file(), made)
        _write(folder / "configs" / _part(page) / f"{_part(config)}.json", as_bytes(body), made)
        found = import_logs(folder / "logs")
        return [parse_json(json_text(one.record()), "x", strict=True) for one in found.runs]

    yield call


def _part(name: str) -> str:
    """One part of a path, within the folder."""
    part = Path(name.replace("\0", "").replace("\\", "")[:60]).name
    return part if part.strip(". ") else "x"


def _write(path: Path, data: bytes, made: list[Path]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        made.append(path)
    except (OSError, ValueError) as error:
        raise PhotoError("no system has such a name") from error
