from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lib_t2p.class_images.checkpoint_hash import checkpoint_digest
from lib_t2p.class_images.class_painting import paint_set, picture_path
from lib_t2p.class_images.class_plan import ClassPlan, read_set, write_set
from lib_t2p.errors import FaultsError, StopRequested
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.workspace.person import Workspace, open_workspace

PLAN = ClassPlan("base", "photo of a {class_word}", 3)


class FakePainter:
    name = "fake"

    def __init__(self, stop_after: int = 99) -> None:
        self.asked: list[CellRequest] = []
        self.stop_after = stop_after

    def faults(self, requests: list[CellRequest]) -> list[str]:
        return [] if all(one.checkpoint for one in requests) else ["no checkpoint"]

    def paint(self, request: CellRequest) -> PaintedCell:
        if len(self.asked) >= self.stop_after:
            raise StopRequested("stopped")
        self.asked.append(request)
        file = io.BytesIO()
        Image.new("RGB", (8, 8)).save(file, "PNG")
        return PaintedCell(file.getvalue(), request.prompt, 0.1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


def expand(template: str, seed: str) -> str:
    return f"{template.replace('{class_word}', 'woman')} {seed}" if template else ""


def test_a_set_goes_on_where_it_stopped_and_grows(workspace: Workspace) -> None:
    folder = write_set(workspace, PLAN, "aa", expand)
    with pytest.raises(StopRequested):
        paint_set(folder, "base", FakePainter(stop_after=1), SilentReporter())
    rest = FakePainter()
    done = paint_set(folder, "moved/base", rest, SilentReporter())
    assert (done.painted, done.resumed) == (2, 1)
    assert [one.checkpoint for one in rest.asked] == ["moved/base"] * 2
    larger = write_set(workspace, replace(PLAN, count=5, checkpoint="other name"), "aa", expand)
    assert larger == folder
    again = FakePainter()
    assert paint_set(folder, "base", again, SilentReporter()).resumed == 3
    assert [one.seed for one in again.asked] == [4, 5]
    assert picture_path(folder, 5).is_file()
    # A smaller wish later takes nothing away.
    assert len(read_set(write_set(workspace, PLAN, "aa", expand))) == 5


def test_another_prompt_or_checkpoint_is_another_set(workspace: Workspace) -> None:
    names = {
        write_set(workspace, plan, digest, expand).slug
        for plan in (PLAN, replace(PLAN, prompt="drawing of a {class_word}"))
        for digest in ("aa", "bb")
    }
    assert len(names) == 4


def test_a_damaged_picture_is_painted_again(workspace: Workspace) -> None:
    folder = write_set(workspace, PLAN, "aa", expand)
    paint_set(folder, "base", FakePainter(), SilentReporter())
    whole = picture_path(folder, 2).read_bytes()
    picture_path(folder, 2).write_bytes(whole[:-20])
    again = FakePainter()
    paint_set(folder, "base", again, SilentReporter())
    assert [one.seed for one in again.asked] == [2]


def test_all_faults_of_a_plan_are_said_at_once() -> None:
    with pytest.raises(FaultsError) as caught:
        ClassPlan("b", "photo of {trigger}", 0, width=100)
    assert len(caught.value.faults) == 3


def test_a_checkpoint_is_hashed_once(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "a.bin").write_bytes(b"one")
    looks: list[int] = []
    first = checkpoint_digest(workspace, folder, lambda: looks.append(1))
    assert checkpoint_digest(workspace, folder, lambda: looks.append(1)) == first
    assert len(looks) == 1
    (folder / "b.bin").write_bytes(b"two")
    assert checkpoint_digest(workspace, folder, lambda: None) != first
