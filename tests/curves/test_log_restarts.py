"""Folders of logs that hold more or less than one whole training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from drawn_logs import STEPS, drawn, event_bytes, write_config, write_log
from event_file_helpers import event, record

from lib_t2p.curves.logs import ImportedRun, import_logs
from lib_t2p.errors import InputError


def runs(folder: Path) -> tuple[ImportedRun, ...]:
    return import_logs(folder).runs


def logged(steps: int, tags: Sequence[str]) -> bytes:
    return b"".join(
        record(event(tag, step, 0.1 + step / 1e4, 1e9 + step))
        for step in range(1, steps + 1)
        for tag in tags
    )


@pytest.mark.parametrize("in_one_file", [True, False], ids=["one file", "two files"])
def test_two_trainings_in_one_folder_are_two_runs(tmp_path: Path, in_one_file: bool) -> None:
    first, second = event_bytes(drawn(1)), event_bytes(drawn(2, 100), start=2e9)
    write_log(tmp_path / "a", first + second if in_one_file else first)
    if not in_one_file:
        (tmp_path / "a" / "events.out.tfevents.1691999999.HOST.2.0").write_bytes(second)
    found = runs(tmp_path)
    assert [(run.run, run.numbers.steps) for run in found] == [("a (1)", STEPS), ("a (2)", 100)]
    np.testing.assert_allclose(found[1].curves.loss.values, drawn(2, 100), rtol=1e-6)
    assert all("2 trainings lie in this folder" in " ".join(run.notes) for run in found)


def test_a_resumed_training_stays_one_run(tmp_path: Path) -> None:
    whole = drawn()
    again = b"".join(
        record(event("loss/current", step, float(whole[step - 1]), 2e9 + step))
        for step in range(201, STEPS + 1)
    )
    write_log(tmp_path / "a", event_bytes(whole) + again)
    (run,) = runs(tmp_path)
    assert (run.run, run.notes) == ("a", ())


def test_a_file_that_ends_within_a_record_is_told(tmp_path: Path) -> None:
    write_log(tmp_path / "a", event_bytes(drawn())[:-7])
    (run,) = runs(tmp_path)
    assert "ends within a record" in run.faults[0]


@pytest.mark.parametrize("content", [bytes(4096), b"<html>no</html>" * 99, b"abc"])
def test_damaged_files_alone_are_named(tmp_path: Path, content: bytes) -> None:
    write_log(tmp_path / "a", content)
    with pytest.raises(InputError, match=r"with numbers\. .*tfevents.* (damaged|ends within)"):
        runs(tmp_path)


def test_losses_under_other_names_are_told(tmp_path: Path) -> None:
    write_log(tmp_path / "a", logged(20, ["train/loss", "train/lr"]))
    (run,) = runs(tmp_path)
    assert "train/loss, train/lr, and are not judged" in run.notes[0]


def test_rates_of_numbered_groups_are_read(tmp_path: Path) -> None:
    tags = ["loss/current", "lr/group0", "lr/d*lr/group0", "lr/d*lr/group1"]
    write_log(tmp_path / "a", logged(20, tags))
    (run,) = runs(tmp_path)
    assert run.numbers.peak_dlr == pytest.approx(0.102)
    assert len(run.curves.rate) == 20


def test_nothing_is_counted_with_a_config_that_the_log_contradicts(tmp_path: Path) -> None:
    write_log(tmp_path / "logs" / "a", event_bytes(drawn()))
    told = {"epoch": 99, "optimizer": "AdamW", "lr_scheduler": "constant"}
    write_config(tmp_path / "configs" / "a.json", told)
    (run,) = runs(tmp_path)
    assert "may not be its config" in run.config.doubt
    assert not run.notes
