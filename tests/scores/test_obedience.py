from __future__ import annotations

from collections.abc import Sequence

import pytest
from generation_fakes import FakePainter, FakeTools, StopAfter

from lib_t2p.errors import StopRequested
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import read_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.scores.obedience import judge_obedience, plain_prompt
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.vision.results import Picture
from lib_t2p.workspace.person import GridFolder, PersonFolder


class RedJudge:
    """Pictures obey as they are red."""

    def __init__(self, name: str = "red") -> None:
        self.name = name
        self.prompts: list[str] = []

    def scores(self, pictures: Sequence[Picture], prompts: Sequence[str]) -> list[float]:
        self.prompts += prompts
        return [float(picture[..., 0].mean()) / 255 for picture in pictures]


@pytest.fixture
def scored(grid: GridFolder, person: PersonFolder) -> GridFolder:
    paint_cells(grid, FakePainter(), SilentReporter())
    score_grid(grid, person, FakeTools(), SilentReporter())
    return grid


def test_each_cell_is_judged_by_its_plain_prompt(scored: GridFolder, person: PersonFolder) -> None:
    assert read_scores(scored).obedience_by == ""
    judge = RedJudge()
    scores = judge_obedience(scored, person, judge, SilentReporter())
    assert scores == read_scores(scored)
    assert scores.obedience_by == "red"
    assert all(cell.obedience is not None for cell in scores.cells)
    assert "photo of woman" in judge.prompts
    assert not any("lora" in prompt or "nasax" in prompt for prompt in judge.prompts)


def test_what_was_judged_stays_and_a_changed_picture_is_judged_anew(
    scored: GridFolder, person: PersonFolder
) -> None:
    first = judge_obedience(scored, person, RedJudge(), SilentReporter())
    judge = RedJudge()
    assert judge_obedience(scored, person, judge, SilentReporter()) == first
    assert judge.prompts == []
    cell_path(scored, read_cells(scored)[2]).unlink()
    paint_cells(scored, FakePainter({"": 0.1}), SilentReporter())
    score_grid(scored, person, FakeTools(), SilentReporter())
    second = judge_obedience(scored, person, judge, SilentReporter())
    assert len(judge.prompts) == 1
    assert second.obedience_by == "red"
    assert second.cells[2].obedience != first.cells[2].obedience


def test_two_models_are_never_mixed(scored: GridFolder, person: PersonFolder) -> None:
    judge_obedience(scored, person, RedJudge(), SilentReporter())
    other = RedJudge("another")
    with pytest.raises(StopRequested):
        judge_obedience(scored, person, other, StopAfter(1))
    half = read_scores(scored)
    assert half.obedience_by == "another"
    assert sum(cell.obedience is not None for cell in half.cells) == 16
    whole = judge_obedience(scored, person, other, SilentReporter())
    assert len(other.prompts) == 40
    assert all(cell.obedience is not None for cell in whole.cells)


@pytest.mark.parametrize(
    ("prompt", "plain"),
    [
        ("photo of nasax woman<lora:t2p_x_e05:0.9>", "photo of woman"),
        ("(nasax:1.2) woman, [red] (dress:1.3)", "woman, red dress"),
        ("a nasaxy dog BREAK at night, nasax", "a nasaxy dog at night"),
        ("", ""),
    ],
)
def test_prompts_lose_what_only_painters_know(prompt: str, plain: str) -> None:
    assert plain_prompt(prompt, "nasax") == plain
