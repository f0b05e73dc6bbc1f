"""A search finds the best run of a sweep and trains the others only as far as it must."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from search_helpers import Pretender
from training_fakes import TINY, make_person

from lib_t2p.actions.sweeps import sweeps
from lib_t2p.actions.sweeps.searches import SearchWish, newest_step
from lib_t2p.actions.sweeps.sweep_request import SweepRequest
from lib_t2p.errors import InputError, SettingsError
from lib_t2p.files import write_text
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.runs.runs import read_run
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace.people import Person
from lib_t2p.workspace.person import SweepFolder, Workspace, open_workspace

pytestmark = pytest.mark.slow

BASE = Path(__file__).resolve().parents[2] / "lib_t2p" / "demo" / "tiny_base"
RANKS = tuple(range(1, 13))
EPOCHS = 10


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    workspace = open_workspace(tmp_path / "wörk space")
    person = make_person(workspace.root)
    who = Person("Ada", "blh", "woman", "herself", "2026-01-01T00:00:00")
    write_text(person.record, dump_toml({"schema": 1, **vars(who)}))
    write_text(person.dataset(1).manifest, "{}")
    write_text(person.dataset(1).heldout / "kept_back.png", "")
    return workspace


def begin(workspace: Workspace, wish: SearchWish, **more: Any) -> SweepFolder:
    request = SweepRequest(
        checkpoint=str(BASE),
        recipe="demo",
        name="Ranks",
        **{
            "axes": {"network_dim": list(RANKS)},
            "overrides": {**TINY, "network_args": [], "max_train_epochs": EPOCHS},
            **more,
        },
    )
    return sweeps.new_sweep(workspace, "ada", request, wish)


def planted(best: int) -> dict[int, float]:
    return {rank: 0.4 + 0.03 * abs(rank - best) for rank in RANKS}


def result(workspace: Workspace, place: SweepFolder) -> dict[str, Any]:
    step = newest_step(Queue(workspace), place)
    assert step.state is JobState.FINISHED, step.reason
    return step.result


def test_the_best_of_12_is_found_with_at_most_45_percent_of_the_epochs(
    workspace: Workspace,
) -> None:
    place = begin(workspace, SearchWish("grid"))
    worker = Pretender(workspace, planted(best=7))
    worker.do_all()
    assert result(workspace, place)["best"] == "network_dim=7"
    assert result(workspace, place)["distance"] == pytest.approx(0.4)
    assert sum(worker.trained.values()) <= 0.45 * len(RANKS) * EPOCHS
    assert sorted(worker.trained.values()) == [2] * 8 + [5] * 2 + [10] * 2
    assert worker.grids == ["ranks-search-1-1", "ranks-search-1-2", "ranks-search-1-3"]
    (page,) = sweeps.page_jobs(workspace, place)
    assert page.state is JobState.FINISHED


def test_a_worker_that_dies_after_any_job_changes_nothing(workspace: Workspace) -> None:
    place = begin(workspace, SearchWish("grid"))
    trained: dict[str, int] = {}
    for _ in range(500):
        # Each job is done by a worker that knows nothing but the files.
        worker = Pretender(workspace, planted(best=3), trained=dict(trained))
        if not worker.do_one():
            break
        trained = worker.trained
        queue = Queue(workspace)
        queue.recover()
    assert result(workspace, place)["best"] == "network_dim=3"
    assert sorted(trained.values()) == [2] * 8 + [5] * 2 + [10] * 2


def test_without_early_stopping_every_run_is_trained_to_its_end(workspace: Workspace) -> None:
    place = begin(workspace, SearchWish("grid", early=False))
    worker = Pretender(workspace, planted(best=2))
    worker.do_all()
    assert result(workspace, place)["best"] == "network_dim=2"
    assert set(worker.trained.values()) == {EPOCHS}


@pytest.mark.parametrize("sampler", ["random", "tpe"])
def test_a_sampler_begins_as_many_runs_as_it_may(workspace: Workspace, sampler: Any) -> None:
    place = begin(workspace, SearchWish(sampler, trials=6))
    worker = Pretender(workspace, planted(best=5))
    worker.do_all()
    found = result(workspace, place)
    assert len(found["trials"]) == 6
    ranks = {int(trial[0]) for trial in found["trials"]}
    best = min(ranks, key=lambda rank: abs(rank - 5))
    assert abs(int(found["best"].removeprefix("network_dim=")) - 5) == abs(best - 5)


def test_runs_that_fail_are_left_out_and_the_search_goes_on(workspace: Workspace) -> None:
    place = begin(workspace, SearchWish("grid"))
    Pretender(workspace, planted(best=7), failing=frozenset({7, 8})).do_all()
    found = result(workspace, place)
    assert found["best"] == "network_dim=6"
    assert [trial[1] for trial in found["trials"]].count("failed") == 2


def test_a_stopped_search_goes_on_where_it_was(workspace: Workspace) -> None:
    place = begin(workspace, SearchWish("grid"))
    worker = Pretender(workspace, planted(best=4))
    for _ in range(9):
        worker.do_one()
    sweeps.stop_sweep(workspace, "ada", place.id)
    assert not worker.do_one()
    before = dict(worker.trained)
    sweeps.continue_sweep(workspace, "ada", place.id)
    worker.do_all()
    assert before.items() <= {k: min(v, 2) for k, v in worker.trained.items()}.items()
    assert result(workspace, place)["best"] == "network_dim=4"


def test_one_setting_at_a_time_can_be_searched_too(workspace: Workspace) -> None:
    axes = {"network_dim": [2, 6], "network_alpha": [1, 2]}
    place = begin(workspace, SearchWish("grid"), axes=axes, mode="one_at_a_time")
    Pretender(workspace, {2: 0.6, 4: 0.5, 6: 0.4}).do_all()
    assert result(workspace, place)["best"] == "network_dim=6"


def test_runs_save_where_they_are_compared(workspace: Workspace) -> None:
    overrides = {**TINY, "network_args": [], "max_train_epochs": 10, "save_every_n_epochs": 5}
    overrides["save_state"] = False
    place = begin(workspace, SearchWish("grid"), overrides=overrides)
    Pretender(workspace, planted(best=1)).do_one()
    settings = [read_run(folder).settings for folder in place.person.runs()]
    assert {(s.save_every_n_epochs, s.save_state) for s in settings} == {(2, True)}


def test_what_no_grid_can_compare_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="cannot compare values of dataset"):
        begin(workspace, SearchWish("grid"), axes={"dataset": ["1"]})
    with pytest.raises(SettingsError, match="needs a number of trials"):
        begin(workspace, SearchWish("tpe"))
