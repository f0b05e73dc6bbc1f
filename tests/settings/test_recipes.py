"""The recipes that ship with the extension."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.errors import InputError
from lib_t2p.settings.recipes import PRESETS, list_recipes, load_recipe
from lib_t2p.settings.settings import settings_from


@pytest.mark.parametrize("recipe", list_recipes(), ids=lambda recipe: recipe.name)
def test_a_shipped_recipe_passes_the_checks(recipe: object) -> None:
    loaded = load_recipe(recipe.name)  # type: ignore[attr-defined]
    assert settings_from(loaded.values).max_train_epochs
    assert loaded.title
    assert loaded.description


def test_the_final_recipe_is_the_guides() -> None:
    settings = settings_from(load_recipe("guide-final").values)
    assert (settings.network_dim, settings.network_alpha) == (192, 1.0)
    assert settings.optimizer_args == (
        "decouple=True",
        "weight_decay=0.20",
        "use_bias_correction=True",
    )
    assert (settings.noise_offset, settings.min_snr_gamma) == (0.0357, 5.0)
    assert settings.trains_text_encoder
    assert not settings_from(load_recipe("sdxl").values).trains_text_encoder


def test_an_unknown_recipe_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match="demo"):
        load_recipe("dmo")


def test_a_recipe_of_ones_own_takes_precedence(tmp_path: Path) -> None:
    (tmp_path / "demo.toml").write_text('schema = 1\ntitle = "Mine"\n[settings]\nseed = 2\n')
    assert load_recipe("demo", (PRESETS, tmp_path)).title == "Mine"
    assert load_recipe(str(tmp_path / "demo.toml")).values == {"seed": 2}


def test_a_file_that_is_no_recipe_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("seed = 2\n")
    with pytest.raises(InputError, match=r"x\.toml is no recipe"):
        load_recipe("x", (tmp_path,))
