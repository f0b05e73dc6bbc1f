"""A killed import or build, begun again, gives what an undisturbed one gives: to the byte."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from dataset_fakes import BLUE, GREEN, RED, draw_photo

SCRIPT = Path(__file__).with_name("killed_build.py")
KILLS = 12
"""So many of the writes are killed at, chosen by a seed; all with T2P_KILL_EVERYWHERE set."""

pytestmark = [pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork"), pytest.mark.slow]


def start(folder: Path, sources: Path, *kills: int) -> subprocess.Popen[str]:
    places = (str(SCRIPT.parent), str(SCRIPT.parents[2]))
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(folder), str(sources), *map(str, kills)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> int:
    """How often it wrote, after it has ended well."""
    out, err = process.communicate()
    assert process.returncode == 0, err[-2000:]
    return int(out.split("WRITES ")[-1])


def left_by(workspace: Path) -> dict[str, bytes]:
    """All files of the person but what is only remembered for speed."""
    (person,) = (workspace / "people").iterdir()
    names = ("photos", "datasets", "class")
    found = {}
    for file in sorted(person.rglob("*")):
        place = file.relative_to(person)
        if file.is_file() and place.parts[0].startswith(names):
            found[place.as_posix()] = file.read_bytes()
    return found


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("given")
    for n in range(4):
        draw_photo(root / "roll" / f"p{n}.png", n, (RED, 140 + 3 * n, 117, 83), size=(403, 301))
    couple = ((RED, 150, 120, 80), (GREEN, 232, 120, 80))
    draw_photo(root / "roll" / "Übung" / "p1.png", 23, *couple)
    (root / "roll" / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    packed = draw_photo(root / "packed.png", 31, (RED, 120, 90, 90))
    with zipfile.ZipFile(root / "roll" / "more.zip", "w") as archive:
        archive.write(packed, "holiday/p7.png")
    draw_photo(root / "others" / "other.png", 50, (BLUE, 151, 122, 77))
    return root


@pytest.fixture(scope="module")
def undisturbed(
    sources: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, bytes], int]:
    folder = tmp_path_factory.mktemp("whole")
    writes = finished(start(folder, sources, 0))
    return left_by(folder / "0"), writes


def test_the_undisturbed_build_has_all_kinds_of_files(
    undisturbed: tuple[dict[str, bytes], int],
) -> None:
    files, writes = undisturbed
    assert writes > len(files) > 20
    for part in ("photos.json", "datasets/001/manifest.json", "/reg/", ".txt", "heldout"):
        assert any(part in name for name in files), part


def test_killed_before_a_write_it_ends_the_same(
    undisturbed: tuple[dict[str, bytes], int], sources: Path, tmp_path: Path
) -> None:
    files, writes = undisturbed
    every = range(1, writes + 1)
    chosen = sorted(random.Random(7).sample(every, KILLS))
    kills = every if os.environ.get("T2P_KILL_EVERYWHERE") else chosen
    finished(start(tmp_path, sources, *kills))
    for number in kills:
        assert left_by(tmp_path / str(number)) == files, number


def test_killed_at_seeded_moments_it_ends_the_same(
    undisturbed: tuple[dict[str, bytes], int], sources: Path, tmp_path: Path
) -> None:
    files, _ = undisturbed
    chance = random.Random(5)
    for _ in range(3):
        process = start(tmp_path, sources, 0)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(0.5, 4.0))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        for made in (tmp_path / "0").glob("people/*/datasets/[0-9][0-9][0-9]"):
            shutil.rmtree(made)
    finished(start(tmp_path, sources, 0))
    assert left_by(tmp_path / "0") == files
