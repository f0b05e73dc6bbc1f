"""Where to begin: chosen by checkpoint, photos and memory, each choice with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lib_t2p.diffusion.families import Family
from lib_t2p.errors import InputError, SettingsError, WorkspaceError
from lib_t2p.preflight.defaults import choose_defaults
from lib_t2p.preflight.forecasts.space import vram_mb
from lib_t2p.settings.recipes import list_recipes, load_recipe, recipe_folders, save_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import open_workspace


@pytest.mark.parametrize(
    ("family", "photos", "free", "recipe", "changed"),
    [
        (Family.SD15, 33, 24000, "guide-final", ()),
        (Family.SD15, 33, 7000, "low-vram", ()),
        (Family.SD15, 33, None, "guide-final", ()),
        (Family.SD15, 11, 24000, "guide-final", ("max_train_epochs", "save_every_n_epochs")),
        (Family.SDXL, 33, 24000, "sdxl", ()),
        (Family.SDXL, 33, 12000, "sdxl", ("gradient_accumulation_steps", "train_batch_size")),
    ],
)
def test_defaults_follow_the_facts(
    family: Family, photos: int, free: int | None, recipe: str, changed: tuple[str, ...]
) -> None:
    got = choose_defaults(family, photos, free)
    assert (got.recipe, tuple(sorted(got.changes))) == (recipe, changed)
    settings_from({**load_recipe(got.recipe).values, **got.changes})
    assert all(reason.endswith(".") for reason in got.reasons)


@pytest.mark.parametrize("free", [9000, 10000, 12000, 16000])
def test_sdxl_is_made_to_fit(free: int) -> None:
    got = choose_defaults(Family.SDXL, 33, free)
    settings = settings_from({**load_recipe("sdxl").values, **got.changes})
    assert vram_mb(settings, Family.SDXL) <= free


@pytest.mark.parametrize(("photos", "epochs"), [(5, 30), (16, 21), (33, 10), (66, 5), (500, 4)])
def test_epochs_make_up_for_the_number_of_photos(photos: int, epochs: int) -> None:
    got = choose_defaults(Family.SD15, photos, 24000)
    assert got.changes.get("max_train_epochs", 10) == epochs


def test_few_photos_and_a_missing_card_are_said() -> None:
    assert "few" in choose_defaults(Family.SD15, 5, 24000).reasons[-1]
    assert any("no graphics card" in r for r in choose_defaults(Family.SDXL, 33, 0).reasons)


def test_a_saved_recipe_is_listed_with_the_presets(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    values: dict[str, Any] = {"network_dim": 48, "network_alpha": 1.0, "optimizer_args": ["eps=1"]}
    saved = save_recipe(workspace, "Émilie's own!", values, description="For her.")
    assert saved.name == "émilie-s-own"
    folders = recipe_folders(workspace)
    assert saved.name in [r.name for r in list_recipes(folders)]
    assert load_recipe(saved.name, folders) == saved
    # The default, alpha 1, is not written.
    assert saved.values == {"network_dim": 48, "optimizer_args": ["eps=1"]}
    assert saved.title == "Émilie's own!"


def test_a_recipe_replaces_no_other(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    save_recipe(workspace, "mine", {"network_dim": 48})
    for taken in ("mine", "Mine ", "guide-final"):
        with pytest.raises(InputError, match="exists already"):
            save_recipe(workspace, taken, {"network_dim": 8})
    with pytest.raises(SettingsError):
        save_recipe(workspace, "bad", {"network_dim": 0})
    with pytest.raises(WorkspaceError, match="no letter"):
        save_recipe(workspace, "../..", {})


def test_a_damaged_recipe_of_ones_own_hides_no_other(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    save_recipe(workspace, "mine", {"network_dim": 48})
    (workspace.recipes / "torn.toml").write_text("schema = 1\n[sett")
    names = [r.name for r in list_recipes(recipe_folders(workspace))]
    assert "mine" in names
    assert "torn" not in names
