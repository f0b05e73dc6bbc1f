from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from generation_fakes import (
    FakeDetector,
    FakeEmbedder,
    FakePainter,
    FakeTools,
    StopAfter,
    face_picture,
    make_dataset,
    make_person,
    make_plan,
)

from lib_t2p.errors import InputError, NewerSchemaError, StopRequested, WorkspaceError
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import expand, read_cells, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.scores import scoring
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.vision.results import Face, Picture
from lib_t2p.workspace.person import GridFolder, PersonFolder, open_workspace

E06 = "t2p_nasa_first_e06"


class CountingDetector(FakeDetector):
    def __init__(self) -> None:
        self.calls = 0

    def detect(self, picture: Picture) -> list[Face]:
        self.calls += 1
        return super().detect(picture)


def _painted(grid: GridFolder, **identities: float) -> None:
    paint_cells(grid, FakePainter({"": 0.8, **identities}), SilentReporter())


def test_distances_are_those_of_the_embeddings(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid, **{E06: 0.12})
    scores = score_grid(grid, person, FakeTools(), SilentReporter())
    cell = next(c for c in scores.cells if c.model == E06 and c.seed == 4)
    identity = (round(0.12 * 255 + (4 * 37) % 11 - 5)) / 255
    held_out = [round(v * 255) / 255 for v in (0.10, 0.14)]
    training = [round(v * 255) / 255 for v in (0.08, 0.12, 0.16, 0.18)]
    assert cell.distances == pytest.approx([abs(identity - v) for v in held_out], abs=0.005)
    assert cell.distance == pytest.approx(np.mean([abs(identity - v) for v in held_out]), abs=0.005)
    assert cell.nearest_training == pytest.approx(
        min(abs(identity - v) for v in training), abs=0.005
    )
    assert cell.sharpness is not None
    assert cell.sharpness > 0
    assert read_scores(grid) == scores


def test_real_photos_are_compared_leaving_each_out(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid)
    real = score_grid(grid, person, FakeTools(), SilentReporter()).real
    assert (real.held_out, real.training, real.without_face) == (2, 4, 0)
    assert real.distances == pytest.approx([0.04, 0.04, 0.04, 0.02, 0.04, 0.06], abs=0.005)
    assert real.nearest == pytest.approx([0.04, 0.04, 0.02, 0.02, 0.02, 0.02], abs=0.005)
    assert not real.heldout_are_variants


def test_a_picture_without_a_face_has_no_distance(grid: GridFolder, person: PersonFolder) -> None:
    paint_cells(grid, FakePainter(faceless_seeds=(2,)), SilentReporter())
    scores = score_grid(grid, person, FakeTools(), SilentReporter())
    blank = [c for c in scores.cells if c.seed == 2]
    assert len(blank) == 10
    assert all(
        (c.faces, c.distance, c.distances, c.sharpness) == (0, None, None, None) for c in blank
    )
    assert all(c.distance is not None for c in scores.cells if c.seed != 2)


def test_scoring_goes_on_where_it_stopped(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid)
    with pytest.raises(StopRequested):
        score_grid(grid, person, FakeTools(), StopAfter(6 + 9))
    assert len(read_scores(grid).cells) == 9
    counting = CountingDetector()
    scores = score_grid(grid, person, FakeTools(counting), SilentReporter())
    assert counting.calls == 6 + 31
    assert len(scores.cells) == 40
    score_grid(grid, person, FakeTools(counting), SilentReporter())
    assert counting.calls == 6 + 31


def test_only_a_changed_picture_is_scored_again(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid)
    score_grid(grid, person, FakeTools(), SilentReporter())
    cell_path(grid, read_cells(grid)[2]).unlink()
    paint_cells(grid, FakePainter({"": 0.5}), SilentReporter())
    counting = CountingDetector()
    scores = score_grid(grid, person, FakeTools(counting), SilentReporter())
    assert counting.calls == 6 + 1
    assert scores.cells[2].distance == pytest.approx(0.38, abs=0.03)


def test_other_photos_mean_that_all_is_scored_again(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid)
    score_grid(grid, person, FakeTools(), SilentReporter())
    face_picture(0.3).save(person.dataset(1).heldout / "003.png")
    counting = CountingDetector()
    score_grid(grid, person, FakeTools(counting), SilentReporter())
    assert counting.calls == 7 + 40


class OtherEmbedder(FakeEmbedder):
    name = "fake embedder 2 0123456789abcdef"


def test_two_embedders_are_never_mixed_and_the_change_is_told(
    grid: GridFolder, person: PersonFolder
) -> None:
    _painted(grid)
    with pytest.raises(StopRequested):
        score_grid(grid, person, FakeTools(), StopAfter(6 + 9))
    counting, reporter = CountingDetector(), SilentReporter()
    scores = score_grid(grid, person, FakeTools(counting, OtherEmbedder()), reporter)
    assert counting.calls == 6 + 40
    assert scores.embedder == OtherEmbedder.name
    (warning,) = reporter.warnings
    assert "fake embedder, and now by" in warning
    assert "measured again" in warning


def test_what_is_painted_is_scored_while_the_rest_is_painted(
    grid: GridFolder, person: PersonFolder
) -> None:
    with pytest.raises(InputError, match="No picture of grid first is painted yet"):
        score_grid(grid, person, FakeTools(), SilentReporter(), which="painted")
    with pytest.raises(StopRequested):
        paint_cells(grid, FakePainter(), StopAfter(13))
    counting = CountingDetector()
    early = score_grid(grid, person, FakeTools(counting), SilentReporter(), which="painted")
    assert len(early.cells) == len(list(grid.cells.glob("*.png"))) == counting.calls - 6
    assert 0 < len(early.cells) < 40
    _painted(grid)
    whole = score_grid(grid, person, FakeTools(counting), SilentReporter())
    assert counting.calls == 6 + len(early.cells) + 6 + 40 - len(early.cells)
    grid.scores.unlink()
    assert score_grid(grid, person, FakeTools(), SilentReporter()) == whole


def test_half_of_the_cells_without_a_face_are_scored_all_the_same(
    grid: GridFolder, person: PersonFolder
) -> None:
    paint_cells(grid, FakePainter(faceless_seeds=(1, 3)), SilentReporter())
    scores = score_grid(grid, person, FakeTools(), SilentReporter())
    assert sum(cell.distance is None for cell in scores.cells) == 20
    assert all(cell.burnt is not None and cell.copied is not None for cell in scores.cells)


def test_thousands_of_cells_are_not_written_over_and_over(
    grid: GridFolder, person: PersonFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _painted(grid)
    kept: list[int] = []
    monkeypatch.setattr(scoring, "KEEP_EVERY", 1)
    monkeypatch.setattr(scoring, "KEEP_SHARE", 4)
    monkeypatch.setattr(scoring, "write_scores", lambda _, scores: kept.append(len(scores.cells)))
    score_grid(grid, person, FakeTools(), SilentReporter())
    assert kept == [1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 18, 23, 30, 39, 40]


def test_an_unpainted_grid_is_refused_in_a_sentence(grid: GridFolder, person: PersonFolder) -> None:
    with pytest.raises(InputError, match="40 of 40 pictures of grid first are not painted"):
        score_grid(grid, person, FakeTools(), SilentReporter())


def test_a_grid_of_two_painters_is_refused(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid)
    with pytest.raises(StopRequested):
        paint_cells(grid, FakePainter(name="the WebUI"), StopAfter(3))
    with pytest.raises(InputError, match="fake painter and the WebUI"):
        score_grid(grid, person, FakeTools(), SilentReporter())


def test_held_out_photos_without_a_face_are_refused(tmp_path: Path) -> None:
    person = make_person(open_workspace(tmp_path))
    dataset = make_dataset(person)
    for path in dataset.heldout.iterdir():
        face_picture(0.1, face=False).save(path)
    grid = person.grid("g")
    plan = make_plan(person, prompts=("one",), seeds=(1,))
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    _painted(grid)
    with pytest.raises(InputError, match="no held-out photo with a face"):
        score_grid(grid, person, FakeTools(), SilentReporter())


@pytest.mark.parametrize(("text", "variants"), [('{"schema": 1}', True), (None, False)])
def test_memorisation_is_judged_only_when_the_manifest_allows(
    grid: GridFolder, person: PersonFolder, text: str | None, variants: bool
) -> None:
    if text:
        person.dataset(1).manifest.write_text(text, encoding="utf-8")
    _painted(grid)
    real = score_grid(grid, person, FakeTools(), SilentReporter()).real
    assert real.heldout_are_variants is variants


def test_damaged_scores_are_measured_anew(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid)
    scores = score_grid(grid, person, FakeTools(), SilentReporter())
    grid.scores.write_text(grid.scores.read_text(encoding="utf-8")[:-50], encoding="utf-8")
    reporter = SilentReporter()
    assert score_grid(grid, person, FakeTools(), reporter) == scores
    assert "measured again" in reporter.warnings[0]


def test_scores_with_strange_keys_or_a_newer_schema_are_refused(
    grid: GridFolder, person: PersonFolder
) -> None:
    _painted(grid)
    score_grid(grid, person, FakeTools(), SilentReporter())
    record = json.loads(grid.scores.read_text(encoding="utf-8"))
    record["cells"][0]["likeness"] = 1
    grid.scores.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="damaged"):
        read_scores(grid)
    grid.scores.write_text(json.dumps({**record, "schema": 2}), encoding="utf-8")
    with pytest.raises(NewerSchemaError):
        score_grid(grid, person, FakeTools(), SilentReporter())


def test_a_lost_manifest_is_said_in_one_sentence(grid: GridFolder, person: PersonFolder) -> None:
    _painted(grid)
    person.dataset(1).manifest.unlink()
    with pytest.raises(InputError, match="has lost its manifest"):
        score_grid(grid, person, FakeTools(), SilentReporter())
