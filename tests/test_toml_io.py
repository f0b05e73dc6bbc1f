"""What is written is read back the same."""

from __future__ import annotations

import pytest

from lib_t2p.errors import InputError
from lib_t2p.toml_io import dump_toml, parse_toml


def test_tables_in_tables_come_back_as_they_were() -> None:
    table = {
        "schema": 1,
        "axes": {"network_dim": [32, 64], "optimizer_args.growth_rate": [1.02, 1.06]},
        "choices": {"precision": {"full bf16": {"full_bf16": True}, "fp32": {"a.b": ""}}},
    }
    assert parse_toml(dump_toml(table), "test") == table


@pytest.mark.parametrize("path", ["C:\\my\\x", "C:\\Users\\me", "D:\\new\\v a"])
def test_a_windows_path_in_double_quotes_is_told_how_to_be_written(path: str) -> None:
    with pytest.raises(InputError, match="Write a Windows path in single quotes"):
        parse_toml(f'network_dim = 8\nvae = "{path}"\n', "a.toml")


def test_other_faults_say_nothing_of_paths() -> None:
    with pytest.raises(InputError) as caught:
        parse_toml("network_dim = \n", "a.toml")
    assert "Windows" not in str(caught.value)
