"""The whole guide's repository, where `T2P_GUIDE` names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lib_t2p.curves.logs import ImportedLogs, import_logs
from lib_t2p.curves.logs.config_search import plain, without_date
from lib_t2p.curves.logs.log_comparison import compare
from lib_t2p.curves.logs.repeated_runs import repeats_of, told_once

BAD = {
    "Batch Size/logs/GR 1.02/11": "short-warmup",
    "Noise Offset/logs/GR INF/0.15": "collapse",
    "Precision/logs/GR 1.02/fp16_full_fp16": "lr-stuck",
    "Total Steps/logs/GR 1.02/1650": "short-warmup",
}
THREADS = "Comparison/Number of CPU Threads per Core/logs/GR 1.02"


@pytest.fixture(scope="module")
def guide() -> ImportedLogs:
    folder = os.environ.get("T2P_GUIDE")
    if not folder:
        pytest.skip("T2P_GUIDE names no checkout of the guide's repository")
    return import_logs(Path(folder))


def test_the_config_of_each_log_is_found_where_it_belongs(guide: ImportedLogs) -> None:
    assert len(guide.runs) == 182
    for run in guide.runs:
        config = run.config
        assert config.path is not None, run.run
        assert (config.settings is not None, config.fault, config.doubt) == (True, "", "")
        page = run.run.split("/")[1]
        assert config.path.parts[config.path.parts.index("Comparison") + 1] == page
        assert plain(config.path.stem) in (plain(run.name), plain(without_date(run.name)))
        assert ("GR INF" in run.run) == ("GR ∞" in str(config.path))


def test_findings_name_the_four_bad_runs_and_no_other(guide: ImportedLogs) -> None:
    found = {run.run: [f.code for f in run.findings] for run in guide.runs if run.findings}
    assert found == {f"Comparison/{run}": [code] for run, code in BAD.items()}


def test_the_collapse_has_its_epochs(guide: ImportedLogs) -> None:
    (run,) = (run for run in guide.runs if run.run.endswith("GR INF/0.15"))
    (finding,) = run.findings
    assert finding.epochs == (15, 36)
    assert "collapsed and recovered" in finding.message


def test_the_two_tracks_differ_by_a_steady_factor_and_repeats_by_nothing(
    guide: ImportedLogs,
) -> None:
    told = told_once(repeats_of(guide.runs))
    assert {len(r.tracks) for r in told} == {2}
    (threads,) = (r for r in told if r.page == THREADS)
    assert [sorted(run.name for run in track) for track in threads.tracks] == [
        ["1", "16", "2_13.08", "4"],
        ["2_17.08", "8"],
    ]
    assert threads.noise == pytest.approx(0.00001, abs=0.000005)
    for repeat in told:
        assert "a steady factor of 1.047 (1.046 to 1.049)" in repeat.sentences[-1]
        assert "no noise figure" in repeat.sentences[-1]


def test_settings_are_compared_on_one_track(guide: ImportedLogs) -> None:
    page = guide.pages()["Comparison/Network Alpha/logs/GR 1.02"]
    rows = compare(page, repeats_of(page)).rows
    assert {row.against for row in rows} == {"1_13.08"}
    assert {row.run: round(row.pair.ratio, 3) for row in rows} == {
        "32": 0.984, "64": 0.981, "128": 0.979, "192": 0.978,
    }  # fmt: skip


@pytest.mark.parametrize("page", ["Noise Offset", "Min SNR Gamma", "Resolution"])
def test_pages_that_change_what_the_loss_measures_are_not_compared(
    guide: ImportedLogs, page: str
) -> None:
    for name, runs in guide.pages().items():
        if name.startswith(f"Comparison/{page}/"):
            assert compare(runs, repeats_of(runs)).rows == ()


def test_checkpoints_are_compared_with_none(guide: ImportedLogs) -> None:
    for name, runs in guide.pages().items():
        if name.startswith("Comparison/Checkpoint/"):
            assert compare(runs, repeats_of(runs)).rows == ()


def test_part_filled_buckets_are_noted_at_the_six_runs_that_had_them(guide: ImportedLogs) -> None:
    noted = {r.run for r in guide.runs if any("planned epochs" in note for note in r.notes)}
    assert noted == {
        f"Comparison/{page}/logs/GR {rate}/{run}"
        for rate in ("1.02", "INF")
        for page, run in (
            ("Aspect Ratio", "non_cropped"),
            ("Resolution", "1024x1024"),
            ("Resolution", "1280x1280"),
        )
    }


def test_the_run_without_decouple_is_noted_to_have_learned_as_little(guide: ImportedLogs) -> None:
    noted = {r.run for r in guide.runs if any("learned nothing" in note for note in r.notes)}
    assert noted == {"Comparison/Decouple/logs/false"}
