"""Which config a log had."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_logs import STEPS, drawn, event_bytes, write_config, write_log

from lib_t2p.curves.logs import ImportedRun, import_logs


def only(folder: Path) -> ImportedRun:
    (run,) = import_logs(folder).runs
    return run


@pytest.mark.parametrize(
    ("run", "config"),
    [
        ("Page/logs/GR INF/0.15", "Page/configs/GR ∞/0.15.json"),
        ("Page/log/GR INF/dda_17.08", "Page/config/GR ∞/dda.json"),
        ("logs/Page/noreg_GR_INF", "configs/Page/noreg_GR_∞.json"),
        ("Page/Logs/Noe\u0308l", "Page/Configs/NO\u00cbL.json"),
        ("Page/logs/a b", "Page/configs/A_B.JSON"),
        ("Page/logs/GR_1.02", "Page/configs/GR_1.02.json"),
        ("Page/run", "Page/run.json"),
        ("logs/run/network_train", "configs/run.json"),
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_config_is_found_by_the_layout(
    tmp_path: Path, run: str, config: str, inside: bool
) -> None:
    write_log(tmp_path / run, event_bytes(drawn()))
    path = write_config(tmp_path / config)
    write_config(tmp_path / Path(config).parent / "another.json", {"network_dim": 99})
    found = only((tmp_path / run).parent if inside and "log" in run.casefold() else tmp_path)
    assert found.config.path is not None
    assert found.config.path.name == path.name
    assert found.config.values["network_dim"] == 8
    assert found.config.doubt == ""


def test_a_guess_is_said_to_be_one(tmp_path: Path) -> None:
    write_log(tmp_path / "first" / "my portrait", event_bytes(drawn()))
    write_config(tmp_path / "elsewhere" / "My_Portrait.json")
    assert "is a guess by the name" in only(tmp_path).config.doubt
    assert only(tmp_path).config.values["network_dim"] == 8


def test_a_bare_number_of_another_page_is_no_guess(tmp_path: Path) -> None:
    write_log(tmp_path / "Rank" / "logs" / "128", event_bytes(drawn()))
    write_config(tmp_path / "Alpha" / "configs" / "128.json")
    assert only(tmp_path).config.path is None


def test_several_that_could_be_it_are_told_and_none_is_taken(tmp_path: Path) -> None:
    write_log(tmp_path / "runs" / "portrait", event_bytes(drawn()))
    write_config(tmp_path / "one" / "portrait.json")
    write_config(tmp_path / "two" / "portrait.json", {"network_dim": 16})
    config = only(tmp_path).config
    assert config.path is None
    assert "one/portrait.json, two/portrait.json could be it, and they differ" in config.doubt


def test_the_log_itself_decides_between_two(tmp_path: Path) -> None:
    write_log(tmp_path / "runs" / "portrait", event_bytes(drawn(), rate=np.ones(STEPS)))
    write_config(tmp_path / "one" / "portrait.json")
    write_config(tmp_path / "two" / "portrait.json", {"lr_scheduler": "constant"})
    assert only(tmp_path).config.values["lr_scheduler"] == "constant"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lr_scheduler": "constant"}, "keeps the learning rate constant, which falls in the log"),
        ({"epoch": 10}, "it plans 10 epochs and the log has 30"),
        ({"optimizer": "AdamW", "learning_rate": "1e-4"}, "it names AdamW"),
    ],
)
def test_a_config_that_speaks_against_its_log_is_in_doubt(
    tmp_path: Path, values: dict[str, object], said: str
) -> None:
    write_log(tmp_path / "run", event_bytes(drawn()))
    write_config(tmp_path / "run.json", values)
    assert said in only(tmp_path).config.doubt
