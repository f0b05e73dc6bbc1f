"""Several processes give the numbers of one."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import psutil
import pytest
from generation_fakes import FakePainter, FakeTools
from PIL import Image

from lib_t2p.errors import InputError, SetupError
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.scores import measuring_crew
from lib_t2p.scores.measuring import Measured, measure, one_by_one
from lib_t2p.scores.measuring_crew import MeasuringCrew, packed, unpacked
from lib_t2p.scores.scoring import score_grid
from lib_t2p.vision.faces.tools import VisionTools, load_tools
from lib_t2p.workspace.person import GridFolder, PersonFolder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dlib_tools() -> VisionTools:
    try:
        return load_tools()
    except SetupError as error:
        pytest.skip(str(error))


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    data = pytest.importorskip("skimage.data")
    portrait = Image.fromarray(data.astronaut()).crop((130, 20, 330, 220))
    paths = []
    for n in range(5):
        paths.append(tmp_path / f"Bild {n} ü.png")
        portrait.rotate(3 * n).resize((128 + 16 * n,) * 2).save(paths[-1])
    Image.new("RGB", (64, 64), (255, 40, 0)).save(paths[3])
    return paths


def numbers(measured: Measured) -> tuple[object, ...]:
    identity = None if measured.embedding is None else measured.embedding.tobytes()
    shape = measured.shape.tobytes()
    return measured.faces, identity, measured.sharpness, measured.burnt, shape


@pytest.mark.parametrize("processes", [2, 3])
def test_the_number_of_processes_changes_no_number(
    processes: int,
    pictures: list[Path],
    dlib_tools: VisionTools,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(measuring_crew, "FEW", 2)
    alone = [numbers(m) for m in one_by_one(dlib_tools)(pictures)]
    crew = MeasuringCrew(dlib_tools, "dlib", None, processes)
    assert [numbers(m) for m in crew(pictures)] == alone
    assert [m[0] for m in alone] == [1, 1, 1, 0, 1]
    assert caplog.records == []


def test_few_pictures_start_no_process(
    pictures: list[Path], dlib_tools: VisionTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring_crew, "Crew", None)
    assert len(list(MeasuringCrew(dlib_tools, "dlib", None, 2)(pictures))) == 5


def test_processes_without_the_same_tools_are_not_used(
    pictures: list[Path],
    dlib_tools: VisionTools,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(measuring_crew, "FEW", 2)
    crew = MeasuringCrew(dlib_tools, "sface", tmp_path / "nothing here", 2)
    with caplog.at_level(logging.WARNING):
        found = [numbers(m) for m in crew(pictures)]
    assert found == [numbers(measure(path, dlib_tools)) for path in pictures]
    assert "a process of a crew was not used" in caplog.text


def test_a_picture_that_cannot_be_read_is_named_and_no_process_stays(
    pictures: list[Path], dlib_tools: VisionTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring_crew, "FEW", 2)
    pictures[4].write_bytes(b"\x89PNG half")
    before = set(psutil.Process().children(recursive=True))
    with pytest.raises(InputError, match="Bild 4 ü.png cannot be read as a picture"):
        list(MeasuringCrew(dlib_tools, "dlib", None, 2)(pictures))
    assert set(psutil.Process().children(recursive=True)) <= before


def test_a_stop_ends_the_processes(
    pictures: list[Path], dlib_tools: VisionTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring_crew, "FEW", 2)
    before = set(psutil.Process().children(recursive=True))
    measuring = MeasuringCrew(dlib_tools, "dlib", None, 2)(pictures * 4)
    next(measuring)
    assert set(psutil.Process().children(recursive=True)) > before
    measuring.close()
    assert set(psutil.Process().children(recursive=True)) <= before


def test_nothing_is_lost_on_the_way() -> None:
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(2, 512)).astype(np.float32)
    one = Measured(2, vectors[0], 1 / 3, 0.1, vectors[1])
    assert numbers(unpacked(json.loads(json.dumps(packed(one))))) == numbers(one)


def test_a_grid_is_scored_by_whoever_measures(grid: GridFolder, person: PersonFolder) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    asked: list[Path] = []

    def measuring(paths):  # type: ignore[no-untyped-def]
        asked.extend(paths)
        yield from one_by_one(FakeTools())(paths)

    scores = score_grid(grid, person, FakeTools(), SilentReporter(), measuring)
    assert len(asked) == len(scores.cells) == 40
    grid.scores.unlink()
    assert score_grid(grid, person, FakeTools(), SilentReporter()) == scores
