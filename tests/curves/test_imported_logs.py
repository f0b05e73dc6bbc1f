from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from event_file_helpers import event, record, training

from lib_t2p.curves.logs import import_logs
from lib_t2p.curves.logs.config_search import natural_key, without_date
from lib_t2p.errors import InputError

FILE = "events.out.tfevents.1691928966.HOST.1.0"


def write(folder: Path, data: bytes, name: str = FILE) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def averages(*values: float, start: float = 1e9) -> bytes:
    return b"".join(
        record(event("loss/average", step, value, start + step))
        for step, value in enumerate(values, 1)
    )


def test_each_folder_of_event_files_is_a_run(tmp_path: Path) -> None:
    write(tmp_path / "Rank" / "8", training(5))
    write(tmp_path / "Rank" / "16", training(3))
    write(tmp_path / "Rank" / "16" / "1691928966.5", record(b"\x09" + b"\0" * 8))
    assert [run.run for run in import_logs(tmp_path).runs] == ["Rank/8", "Rank/16"]


def test_the_files_of_a_resumed_run_are_put_together(tmp_path: Path) -> None:
    write(tmp_path / "run", averages(0.5, 0.4, 0.3))
    later = b"".join(record(event("loss/average", n, 0.2, 2e9 + n)) for n in (3, 4))
    write(tmp_path / "run", later, "events.out.tfevents.1791928966.HOST.1.0")
    run = import_logs(tmp_path).runs[0]
    assert run.curves.average.values.tolist() == pytest.approx([0.5, 0.4, 0.2, 0.2])


def test_what_is_no_number_is_null_in_json(tmp_path: Path) -> None:
    write(tmp_path / "run", averages(0.5, float("nan")))
    told = import_logs(tmp_path).runs[0].record()
    text = json.dumps(told, allow_nan=False)
    assert json.loads(text)["final_average_loss"] is None
    assert [finding["code"] for finding in told["findings"]] == ["nan-loss"]
    assert set(told) == {
        "run",
        "steps",
        "epochs",
        "final_average_loss",
        "peak_dlr",
        "seconds_per_step",
        "findings",
        "notes",
        "config",
    }


def test_a_damaged_file_is_told_and_its_whole_part_counts(tmp_path: Path) -> None:
    write(tmp_path / "run", averages(0.5, 0.4) + b"\xff" * 40)
    run = import_logs(tmp_path).runs[0]
    assert run.numbers.steps == 2
    assert "damaged" in run.faults[0]


@pytest.mark.parametrize("case", ["missing", "file", "empty"])
def test_a_folder_without_logs_is_refused(tmp_path: Path, case: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="give "):
        import_logs(tmp_path / case)


@pytest.mark.parametrize(
    ("name", "expected"), [("192_13.08", "192"), ("1.02_13.08", "1.02"), ("0.90", "0.90")]
)
def test_the_day_is_no_part_of_a_setting(name: str, expected: str) -> None:
    assert without_date(name) == expected


def test_numbers_in_names_sort_by_size() -> None:
    names = ["128", "GR 1.02", "32", "64_13.08", "64"]
    assert sorted(names, key=natural_key) == ["32", "64", "64_13.08", "128", "GR 1.02"]


@pytest.mark.parametrize("where", ["", "logs", "logs/Growth Rate"])
def test_configs_are_found_from_any_height(tmp_path: Path, shared: Path, where: str) -> None:
    write(tmp_path / "logs" / "Growth Rate" / "1.02_13.08", averages(0.5, 0.4))
    source = shared / "guide" / "configs" / "Growth Rate" / "1.02.json"
    target = tmp_path / "configs" / "Growth Rate" / "1.02.json"
    target.parent.mkdir(parents=True)
    shutil.copyfile(source, target)
    config = import_logs(tmp_path / where).runs[0].config
    assert config.path == target
    assert config.values["optimizer_type"] == "DAdaptAdam"


def test_a_config_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path / "run", averages(0.5, 0.4))
    (tmp_path / "run.json").write_text("{", encoding="utf-8")
    run = import_logs(tmp_path).runs[0]
    assert run.config.fault
    assert run.config.settings is None
