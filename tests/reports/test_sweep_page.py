"""The page of a sweep says what came of each run, and which differences are noise."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from curve_helpers import training
from drawn_logs import drawn, learned
from training_fakes import TINY

from lib_t2p.curves.tracks import Comparison, compare_on_tracks
from lib_t2p.jobs.events.events import Metric, Warned, append_event
from lib_t2p.jobs.queue import Queue
from lib_t2p.reports.plots import PlotPage
from lib_t2p.reports.sweep.sweep_facts import told_by
from lib_t2p.reports.sweep.sweep_page import page_body
from lib_t2p.reports.sweep.sweep_rows import table_csv
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.seed_spread import groups_of, noise_sentence
from lib_t2p.sweeps.sweep import Sweep, checked_sweep
from lib_t2p.sweeps.sweep_axes import axis_of
from lib_t2p.sweeps.sweep_results import RunResult, read_results, write_results
from lib_t2p.workspace.person import PersonFolder, SweepFolder, open_workspace

BASE = Point({**TINY, "network_dim": 64}, 1, "/models/photon v1.safetensors")


def result(name: str, loss: float | None = 0.1, **more: Any) -> RunResult:
    group = name.partition(" seed")[0]
    state = "finished" if loss is not None else "failed"
    found = RunResult(
        name=name,
        group=group,
        run=f"r-{name}",
        state=state,
        reason="",
        labels={"network_dim": group.rpartition("=")[2]},
        seed=1,
        last_loss=loss,
        models=("a_e01", "a_e02"),
        minutes=3.5,
    )
    return replace(found, **more)


def page_of(
    folder: SweepFolder, results: list[RunResult], beside: Comparison | None = None, **more: Any
) -> str:
    sweep = checked_sweep(
        Sweep("ranks", "ada", "Network rank", BASE, (axis_of("network_dim", [32, 64]),), **more)
    )
    return str(page_body(folder, sweep, results, PlotPage((), Path(), ()), "Zoë <b>", beside))


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    return PersonFolder(tmp_path / "people/ada").sweep("ranks")


def test_equal_settings_tell_which_differences_are_noise() -> None:
    results = [result("d=32", 0.0950), result("d=32 seed 2", 0.0900), result("d=64", 0.08)]
    groups = groups_of(results)
    assert groups[0].spread == pytest.approx(0.005)
    assert "up to 0.0050" in noise_sentence(groups, [])
    assert "smaller differences between settings are noise" in noise_sentence(groups, [])


def test_settings_within_the_noise_are_called_equal() -> None:
    results = [result("d=32", 0.09), result("d=32 seed 2", 0.08), result("d=64", 0.086)]
    assert noise_sentence(groups_of(results), []).endswith("no difference seen.")


def test_runs_with_equal_draws_are_compared_step_by_step(folder: SweepFolder) -> None:
    curves = {
        "d=32": training(300, loss=drawn()),
        "d=64": training(300, loss=learned(drawn(), 0.1)),
        "d=64 seed 2": training(300, loss=drawn(2)),
    }
    html = page_of(folder, [result("d=32"), result("d=64")], compare_on_tracks(curves))
    assert "<h2>Compared step by step</h2>" in html
    assert re.search(r"d=64</td><td[^>]*>d=32</td><td[^>]*>-4.\d % \(-\d.\d to -\d.\d\)", html)
    assert "d=64 seed 2: not compared by loss: other numbers were drawn." in html
    assert "<h2>Compared step by step" not in page_of(folder, [result("d=32"), result("d=64")])


def test_without_repeats_nothing_is_said_of_noise() -> None:
    text = noise_sentence(groups_of([result("d=32"), result("d=64", 0.2)]), [])
    assert text.startswith("Nothing was repeated")


def test_losses_of_other_measures_are_not_compared() -> None:
    assert "do not compare it" in noise_sentence([], ["noise offset"])


def test_failed_refused_and_merged_runs_are_named(folder: SweepFolder) -> None:
    html = page_of(
        folder,
        [
            result("network_dim=32", also=("base",)),
            result("network_dim=64", None, reason="The card ran out of memory."),
            result("network_dim=0", None, state="refused", reason="must be 1 to 4096"),
        ],
    )
    assert "3 runs, 1 finished, 1 failed, 1 skipped" in html
    assert "failed: The card ran out of memory." in html
    assert "<strong>network_dim=0</strong>: must be 1 to 4096" in html
    assert "also base" in html
    assert html.count('<td class="name">') == 2


def test_what_was_found_of_all_runs_is_said_once(folder: SweepFolder) -> None:
    results = [
        result("network_dim=32", findings=("few steps", "alpha is large")),
        result("network_dim=64", findings=("few steps",)),
    ]
    html = page_of(folder, results)
    assert html.count("few steps") == 1
    assert "All runs: few steps" in html
    assert html.count("alpha is large") == 1


def test_texts_of_people_are_escaped_and_nothing_is_fetched(folder: SweepFolder) -> None:
    html = page_of(folder, [result("network_dim=32", reason="<script>alert(1)</script>")])
    assert "Zoë &lt;b&gt;" in html
    assert "<script" not in html
    assert "http" not in html
    assert 'src="/' not in html


def test_a_grid_of_the_models_is_offered_for_two_settings(folder: SweepFolder) -> None:
    one = [result("network_dim=32"), result("network_dim=32 seed 2")]
    assert "t2p.py grid" not in page_of(folder, one)
    html = page_of(folder, [*one, result("network_dim=64")])
    assert "t2p.py grid ada --name ranks --run" in html
    assert "seed 2&#39; --run" not in html


def test_repeats_get_a_table_of_their_own(folder: SweepFolder) -> None:
    html = page_of(folder, [result("network_dim=32", 0.1), result("network_dim=32 seed 2", 0.2)])
    assert "<h2>Repeats</h2>" in html
    assert "0.1500" in html
    assert "<h2>Repeats</h2>" not in page_of(folder, [result("network_dim=32")])


def test_the_table_as_csv_holds_every_number() -> None:
    text = table_csv([result("network_dim=32", peak_dlr=1.5e-3, steps=4)], ["network_dim"])
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["network_dim"], row["peak_dlr"], row["steps"]) == ("32", "0.0015", "4")
    assert row["models"] == "a_e01 a_e02"


def test_results_are_read_back_and_a_damaged_file_is_none(folder: SweepFolder) -> None:
    results = [result("network_dim=32", findings=("odd",), also=("base",))]
    write_results(folder, results)
    assert read_results(folder) == results
    folder.results.write_text('{"schema": 1, "runs": [{"name": 1}]}', encoding="utf-8")
    assert read_results(folder) == []


def test_all_tries_of_a_run_are_told_together(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    now = [100.0]
    queue = Queue(workspace, lambda: now[0])
    for value in (0.9, 0.5):
        job = queue.submit("train.run", {"run": "r"}, lane="gpu")
        queue.claim(["gpu"], "test")
        for step in (1, 2):
            append_event(
                workspace.job(job.id).events, Metric(now[0], "loss/average", step, value / step)
            )
        append_event(workspace.job(job.id).events, Warned(now[0], "slow"))
        now[0] += 30.0
        queue.fail(job.id, "killed")
    told = told_by(queue.jobs(), None, workspace)
    assert told.curves.average.values.tolist() == [0.5, 0.25]
    assert (told.warnings, told.minutes) == (("slow",), 1.0)
