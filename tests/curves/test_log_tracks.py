"""Equal draws are compared step by step, on one track; a gap between tracks is no noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_logs import drawn, event_bytes, learned, write_config, write_log

from lib_t2p.curves.logs import ImportedLogs, import_logs
from lib_t2p.curves.logs.log_comparison import Comparison, compare
from lib_t2p.curves.logs.repeated_runs import repeats_of


def two_tracks(folder: Path) -> None:
    """A base run made on two tracks, a setting on each, as in the guide."""
    loss = drawn()
    for start, (name, losses) in enumerate(
        {
            "192_13.08": loss * 1.047,
            "192_17.08": loss,
            "32": learned(loss, 0.1),
            "64": learned(loss * 1.047, 0.1),
        }.items()
    ):
        write_log(folder / "logs" / "Alpha" / name, event_bytes(losses, start=1e9 + 1e6 * start))
    for name, alpha in (("192", 1), ("32", 32), ("64", 64)):
        write_config(folder / "configs" / "Alpha" / f"{name}.json", {"network_alpha": alpha})


def compared(logs: ImportedLogs, page: str) -> Comparison:
    runs = logs.pages()[page]
    return compare(runs, repeats_of(runs))


def test_a_steady_factor_between_equal_runs_is_named_and_is_no_noise(tmp_path: Path) -> None:
    two_tracks(tmp_path)
    (repeat,) = repeats_of(import_logs(tmp_path / "logs").runs)
    assert repeat.noise is None
    (sentence,) = repeat.sentences
    assert (
        "steady factor of 1.047 (1.047 to 1.047) from the first step on, cause unknown" in sentence
    )
    assert "no noise figure" in sentence


def test_settings_are_compared_with_the_base_on_their_own_track(tmp_path: Path) -> None:
    two_tracks(tmp_path)
    found = compared(import_logs(tmp_path / "logs"), "Alpha")
    assert {(row.run, row.against) for row in found.rows} == {
        ("32", "192_17.08"),
        ("64", "192_13.08"),
    }
    for row in found.rows:
        assert row.said == "lower"
        assert row.pair.ratio == pytest.approx(0.955, abs=0.01)
        assert row.pair.low < row.pair.ratio < row.pair.high < 1


def test_repeats_on_one_track_give_the_noise(tmp_path: Path) -> None:
    loss = drawn()
    for threads in (1, 2, 4):
        losses = loss * (1 + 1e-6 * threads)
        write_log(tmp_path / "logs" / str(threads), event_bytes(losses, start=1e9 + 1e6 * threads))
        write_config(
            tmp_path / "configs" / f"{threads}.json", {"num_cpu_threads_per_process": threads}
        )
    (repeat,) = repeats_of(import_logs(tmp_path / "logs").runs)
    assert [len(track) for track in repeat.tracks] == [3]
    assert repeat.noise == pytest.approx(0, abs=1e-6)
    assert "1, 2 and 4 repeat one training on one track" in repeat.sentences[0]


def test_equal_configs_of_runs_with_other_names_are_no_repeats(tmp_path: Path) -> None:
    for start, name in enumerate(("dreamshaper", "photon")):
        write_log(tmp_path / "logs" / name, event_bytes(drawn() * 1.02**start, start=1e9 + start))
        write_config(tmp_path / "configs" / f"{name}.json")
    logs = import_logs(tmp_path / "logs")
    assert repeats_of(logs.runs) == []
    found = compared(logs, "")
    assert found.rows == ()
    assert "another track or another checkpoint" in found.notes[0]


def test_checkpoints_of_nearly_the_same_level_are_on_no_common_track(tmp_path: Path) -> None:
    of_steps = np.random.default_rng(9).normal(1, 0.008, len(drawn()))
    for start, (name, losses) in enumerate({"a": drawn(), "b": drawn() * of_steps}.items()):
        write_log(tmp_path / "logs" / name, event_bytes(losses, start=1e9 + start))
        write_config(tmp_path / "configs" / f"{name}.json")
    found = compared(import_logs(tmp_path / "logs"), "")
    assert found.rows == ()
    assert "another track or another checkpoint" in found.notes[0]


def test_other_draws_are_told_and_not_compared(tmp_path: Path) -> None:
    for start, name in enumerate(("8_13.08", "8_17.08", "16")):
        write_log(tmp_path / "logs" / name, event_bytes(drawn(start), start=1e9 + start))
    for name in ("8", "16"):
        write_config(tmp_path / "configs" / f"{name}.json", {"network_dim": int(name)})
    logs = import_logs(tmp_path / "logs")
    (repeat,) = repeats_of(logs.runs)
    assert "with other draws" in repeat.sentences[0]
    found = compared(logs, "")
    assert found.rows == ()
    assert found.notes == (
        "8_13.08, 8_17.08 and 16: not compared by loss: other numbers were drawn.",
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("noise_offset", "noise offset"),
        ("min_snr_gamma", "min-SNR gamma"),
        ("max_resolution", "resolution"),
    ],
)
def test_what_the_loss_measures_differs_so_nothing_is_compared(
    tmp_path: Path, key: str, words: str
) -> None:
    values = {"max_resolution": ("512,512", "768,768")}.get(key, (0.05, 0.1))
    for start, value in enumerate(values):
        write_log(tmp_path / "logs" / f"run{start}", event_bytes(drawn(), start=1e9 + start))
        write_config(tmp_path / "configs" / f"run{start}.json", {key: value})
    found = compared(import_logs(tmp_path / "logs"), "")
    assert found.rows == ()
    assert f"differ in {words}" in found.notes[0]


@pytest.mark.parametrize("with_one", [False, True])
def test_without_configs_nothing_is_claimed_of_losses(tmp_path: Path, with_one: bool) -> None:
    page = tmp_path / "logs" / "Some page"
    for start, name in enumerate(("0.05", "0.10")):
        write_log(page / name, event_bytes(learned(drawn(), start / 9), start=1e9 + start))
    if with_one:
        write_config(tmp_path / "configs" / "Some page" / "0.05.json")
    found = compared(import_logs(tmp_path / "logs"), "Some page")
    assert found.rows == ()
    assert "not known whether the losses measure the same thing" in found.notes[0]


def test_copies_of_one_log_are_no_repeat(tmp_path: Path) -> None:
    for name in ("1_13.08", "1_14.08"):
        write_log(tmp_path / name, event_bytes(drawn()))
    assert repeats_of(import_logs(tmp_path).runs) == []


def test_a_run_whose_losses_are_those_of_one_that_learned_nothing_is_noted(tmp_path: Path) -> None:
    loss = drawn()
    stuck = event_bytes(loss, rate=None).replace(b"lr/d*lr", b"lr/dzlr")
    write_log(tmp_path / "logs" / "usual", event_bytes(learned(loss, 0.1), start=2e9))
    write_log(tmp_path / "logs" / "held", event_bytes(loss * 1.0002, start=3e9))
    write_log(tmp_path / "logs" / "stuck", stuck + _flat_dlr(len(loss)))
    told = {run.run: run for run in import_logs(tmp_path / "logs").runs}
    assert [f.code for f in told["stuck"].findings] == ["lr-stuck"]
    assert told["held"].findings == told["usual"].findings == ()
    assert "those of stuck, which learned nothing" in told["held"].notes[0]
    assert told["usual"].notes == ()


def _flat_dlr(steps: int) -> bytes:
    from curve_helpers import cosine
    from event_file_helpers import event, record

    rates = cosine(steps) * 1e-6
    return b"".join(
        record(event("lr/d*lr", n, float(rates[n - 1]), 1e9 + n)) for n in range(1, steps + 1)
    )
