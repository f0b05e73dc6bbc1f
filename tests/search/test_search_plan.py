"""A search's plan is kept and checked; its study is read again or refused in a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lib_t2p.errors import SettingsError, WorkspaceError
from lib_t2p.painting.compared_pictures import ComparedPictures
from lib_t2p.search.search_plan import (
    RUNGS,
    Rung,
    SearchPlan,
    read_search,
    rung_epoch,
    survivors,
    write_search,
)
from lib_t2p.search.study import Study
from lib_t2p.workspace.person import SweepFolder

PLAN = SearchPlan("tpe", ComparedPictures(prompts=("{trigger}, ä",), width=96), trials=5, seed=3)
SPACE = {"network_dim": ["16", "32", "64"], "optimizer_type": ["AdamW", "Prodigy"]}


@pytest.fixture
def place(tmp_path: Path) -> SweepFolder:
    return SweepFolder(tmp_path / "people" / "ada" / "sweeps" / "ä b")


def test_a_plan_is_read_as_it_was_written(place: SweepFolder) -> None:
    write_search(place, PLAN)
    assert read_search(place) == PLAN


def test_all_faults_are_told_at_once(place: SweepFolder) -> None:
    bad = replace(
        PLAN,
        look=replace(PLAN.look, prompts=("a photo",), seeds=()),
        trials=-1,
        rungs=(Rung(0.5, 2.0), Rung(0.2, 0.1)),
    )
    with pytest.raises(SettingsError) as caught:
        write_search(place, bad)
    told = str(caught.value)
    for part in ("no seed", "{trigger}", "trials is -1", "0.5, 0.2: they must grow"):
        assert part in told
    assert not place.search.exists()


@pytest.mark.parametrize(
    ("epochs", "every", "share", "wanted"),
    [(10, 1, 0.2, 2), (10, 3, 0.2, 3), (10, 3, 0.5, 6), (10, 0, 0.2, 10), (10, 1, 1.0, 10)],
)
def test_a_rung_ends_with_a_saved_epoch(epochs: int, every: int, share: float, wanted: int) -> None:
    assert rung_epoch(epochs, every, Rung(share, 0.5)) == wanted


def test_the_rungs_train_less_than_45_percent_of_12_runs() -> None:
    left, before, epochs = 12, 0.0, 0.0
    for rung in RUNGS:
        epochs += left * (rung.trained - before)
        left, before = survivors(12, rung), rung.trained
    assert epochs <= 0.45 * 12
    assert survivors(1, RUNGS[0]) == 1


def test_a_study_remembers_trials_and_scores(place: SweepFolder) -> None:
    study = Study(place, PLAN, SPACE)
    first = study.propose(2)
    assert all(set(trial.params) == set(SPACE) for trial in first)
    study.report(0, 0, 0.7)
    study.end(0, "stopped early")
    study.end(1, "failed")

    again = Study(place, PLAN, SPACE)
    assert [trial.state for trial in again.trials()] == ["stopped early", "failed"]
    assert again.trials()[0].scores == {0: 0.7}
    assert [t.params for t in again.trials()] == [t.params for t in first]


def test_a_trial_whose_choice_was_cut_short_is_completed(place: SweepFolder) -> None:
    Study(place, PLAN, {"network_dim": SPACE["network_dim"]}).propose(1)
    (trial,) = Study(place, PLAN, SPACE).propose(1)
    assert set(trial.params) == set(SPACE)


def test_the_grid_tries_every_combination_once(place: SweepFolder) -> None:
    study = Study(place, replace(PLAN, sampler="grid", trials=0), SPACE)
    trials = study.propose(study.wanted)
    assert len({tuple(sorted(trial.params.items())) for trial in trials}) == 6


def test_a_damaged_study_is_refused_in_a_sentence(place: SweepFolder) -> None:
    place.root.mkdir(parents=True)
    place.study.write_bytes(b"no database at all, but long enough to look like one" * 40)
    with pytest.raises(WorkspaceError, match="move it away and continue"):
        Study(place, PLAN, SPACE)
