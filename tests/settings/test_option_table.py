"""One table knows every option of every pinned tag, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.settings.options.option import SD_SCRIPTS, Option
from lib_t2p.settings.options.table import all_options, option_table, path_options, run_options
from lib_t2p.settings.settings import Settings, settings_from

SCRIPTS = {"sd15": "train_network", "sdxl": "sdxl_train_network"}
PAIRS = [(trainer, family) for trainer in SD_SCRIPTS for family in SCRIPTS]


def theirs(shared: Path, trainer: str, family: str) -> dict[str, dict[str, Any]]:
    # The contracts call the 0.10 line by its first two numbers.
    tag = trainer.removeprefix("sd-scripts-").replace("v0.10.1", "v0.10")
    file = shared / f"contracts/sd-scripts/options/{tag}-{SCRIPTS[family]}.json"
    options = json.loads(file.read_text(encoding="utf-8"))["options"]
    return {option["dest"]: option for option in options}


def ours(trainer: str, family: str) -> dict[str, Option]:
    return {n: o for n, o in all_options().items() if o.known_to(trainer, family)}


@pytest.mark.parametrize(("trainer", "family"), PAIRS)
def test_the_table_and_the_tag_have_the_same_options(
    shared: Path, trainer: str, family: str
) -> None:
    assert set(ours(trainer, family)) == set(theirs(shared, trainer, family))


def test_no_option_is_without_a_trainer_and_a_family() -> None:
    lost = [n for n, o in all_options().items() if not o.trainers or not o.families]
    assert not lost


@pytest.mark.parametrize(("trainer", "family"), PAIRS)
def test_defaults_are_those_of_the_tag(shared: Path, trainer: str, family: str) -> None:
    real = theirs(shared, trainer, family)
    different = {
        name: (option.original, real[name]["default"])
        for name, option in ours(trainer, family).items()
        if _plain(option.original) != _plain(real[name]["default"])
    }
    assert not different


def _plain(default: Any) -> Any:
    # Ours has no None for a text or a list: both mean that nothing is given.
    return None if default in ("", ()) else default


@pytest.mark.parametrize(("trainer", "family"), PAIRS)
def test_types_are_those_of_the_tag(shared: Path, trainer: str, family: str) -> None:
    real = theirs(shared, trainer, family)
    kinds = {n: (o.kind_for(trainer), _kind(real[n])) for n, o in ours(trainer, family).items()}
    assert {n: pair for n, pair in kinds.items() if not _same_kind(*pair)} == {
        # argparse says float, its code takes a share below 1 and whole steps above.
        "token_warmup_step": ("int | float", "float"),
    }


def _kind(option: dict[str, Any]) -> str:
    if option["action"] == "store_true":
        return "bool"
    one = {"int_or_float": "int | float", "Path": "str"}.get(option["type"], option["type"])
    return f"tuple[{one}, ...]" if option["nargs"] == "*" else one


def _same_kind(mine: str, real: str) -> bool:
    return mine.replace(" | None", "") in (real, f"float | {real}")


@pytest.mark.parametrize(("trainer", "family"), PAIRS)
def test_choices_are_those_of_the_tag(shared: Path, trainer: str, family: str) -> None:
    real = theirs(shared, trainer, family)
    for name, option in ours(trainer, family).items():
        given = real[name]["choices"]
        if option.trust == "code" or given is None:
            # A listed set of ours, where the tag takes any text.
            assert given is None and (option.trust or not option.choices), name
        else:
            wanted = {str(choice) for choice in given if choice is not None}
            assert set(option.choices_for(trainer)) == wanted, name


def test_only_these_defaults_are_our_own() -> None:
    own = {n for n, o in all_options().items() if _plain(o.default) != _plain(o.original)}
    assert own == {
        "network_module",
        "network_dim",
        "train_data_dir",
        "resolution",
        "optimizer_type",
        "save_last_n_epochs_state",
    }


def test_every_option_can_be_shown_in_a_form() -> None:
    for option in all_options().values():
        assert option.label, option.name
        assert option.help.endswith((".", ")")), option.name
        assert option.group, option.name
    labels = [option.label for option in all_options().values()]
    assert sorted(labels) == sorted(set(labels))


def test_every_number_has_a_range_or_choices() -> None:
    for option in all_options().values():
        if "int" in option.kind or "float" in option.kind:
            ranged = option.minimum is not None and option.maximum is not None
            assert ranged or option.choices or option.name == "base_weights_multiplier", option.name


def test_settings_hold_what_a_run_does_not_decide() -> None:
    assert {o.name for o in option_table()} == set(Settings.__dataclass_fields__)
    assert not {o.name for o in run_options()} & set(Settings.__dataclass_fields__)
    assert {o.role for o in option_table()} == {"setting"}


def test_secrets_are_no_settings() -> None:
    secret = {n for n in all_options() if n.endswith(("_key", "_token"))}
    assert secret and secret <= {o.name for o in run_options()}


def test_every_setting_that_sounds_like_a_path_is_marked_as_one() -> None:
    sound = re.compile(r"(_dir|_path|_file|_weights|_config|_json|^vae|^resume)$")
    marked = set(path_options())
    assert {n for n in Settings.__dataclass_fields__ if sound.search(n)} - marked == {
        "dim_from_weights",  # a tick
        "log_config",  # a tick
    }
    assert "sample_prompts" in marked


def test_every_default_passes_its_own_checks() -> None:
    values = {o.name: o.default for o in option_table()}
    assert settings_from(values) == Settings()
