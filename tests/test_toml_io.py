"""What is written is read back the same."""

from __future__ import annotations

from lib_t2p.toml_io import dump_toml, parse_toml


def test_tables_in_tables_come_back_as_they_were() -> None:
    table = {
        "schema": 1,
        "axes": {"network_dim": [32, 64], "optimizer_args.growth_rate": [1.02, 1.06]},
        "choices": {"precision": {"full bf16": {"full_bf16": True}, "fp32": {"a.b": ""}}},
    }
    assert parse_toml(dump_toml(table), "test") == table
