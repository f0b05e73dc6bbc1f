import pytest

from lib_t2p.cli.values import numbers, pairs
from lib_t2p.errors import FaultsError


def test_pairs_read_toml_values_and_plain_text() -> None:
    found = pairs(["network_dim=64", "learning_rate=1e-4", "flip_aug=true", "optimizer_type=AdamW"])
    assert found == {
        "network_dim": 64,
        "learning_rate": 1e-4,
        "flip_aug": True,
        "optimizer_type": "AdamW",
    }


def test_pairs_name_every_bad_text_at_once() -> None:
    with pytest.raises(FaultsError) as caught:
        pairs(["network_dim", "=3", "a=1"])
    assert len(caught.value.faults) == 2


def test_numbers_name_every_bad_part_at_once() -> None:
    assert numbers("0.5, 1", float, "--weights") == (0.5, 1.0)
    with pytest.raises(FaultsError) as caught:
        numbers("1,x,", int, "--seeds")
    assert len(caught.value.faults) == 2
