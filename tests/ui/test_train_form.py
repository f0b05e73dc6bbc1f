from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ui_fakes import FakeHost, Page

from lib_t2p.environment.planning import Plan
from lib_t2p.errors import SetupError
from lib_t2p.jobs.queue import Queue
from lib_t2p.settings.recipes import load_recipe, save_recipe
from lib_t2p.settings.settings import option_table
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}


def checked(page: Page, base: Path, **given: Any) -> str:
    told = page.press("t2p_train_check", "click", **WHO, train_checkpoint=str(base), **given)
    return str(told["t2p_train_findings"])


def test_the_check_forecasts_and_names_traps_with_a_button(
    page: Page, person: PersonFolder, base: Path
):
    told = checked(page, base, train_network_dim="4")
    assert "1 setting changed from the recipe demo" in told
    assert "epochs" in told
    assert 'data-code="strong-scale"' in told


def test_a_value_that_cannot_be_used_is_an_error_with_its_range(
    page: Page, person: PersonFolder, base: Path
):
    told = checked(page, base, train_train_batch_size="0")
    assert "Must be changed" in told
    assert "train_batch_size is 0" in told


def test_a_fix_changes_its_fields_only(page: Page, person: PersonFolder, base: Path):
    given = {**WHO, "train_checkpoint": str(base), "train_network_alpha": "32"}
    told = checked(page, base, train_network_dim="4", train_network_alpha="32")
    act = told.split('data-t2p-act="', 1)[1].split('"', 1)[0]
    shown = page.press(
        "t2p_train_fix_act", "click", **given, train_network_dim="4", train_fix_act_value=act
    )
    assert "Changed:" in shown["t2p_train_message"]
    changed = {
        k for k, v in shown.items() if isinstance(v, (str, bool)) and k != "t2p_train_message"
    }
    named = shown["t2p_train_message"].split("Changed: ", 1)[1]
    assert changed
    assert all(k.removeprefix("t2p_train_") in named for k in changed)


def test_a_fix_of_a_finding_that_is_gone_is_a_message(page: Page, person: PersonFolder, base: Path):
    shown = page.press(
        "t2p_train_fix_act",
        "click",
        **WHO,
        train_checkpoint=str(base),
        train_fix_act_value="7 no-such",
    )
    assert "gone already" in shown["t2p_train_message"]


def test_only_options_of_the_trainer_are_shown_and_changes_are_marked(
    page: Page, person: PersonFolder, base: Path
):
    given = {**WHO, "train_checkpoint": str(base)}
    style = page.press("t2p_train_check", "click", **given, train_seed="5")["t2p_train_style"]
    hidden, marked = style.split("display: none", 1)
    assert "#t2p_train_xformers," in hidden
    assert "#t2p_train_seed " in marked
    assert "#t2p_train_seed," not in hidden
    kohya = page.press("t2p_train_check", "click", **given, train_trainer="sd-scripts-v0.10.1")[
        "t2p_train_style"
    ]
    assert "#t2p_train_xformers" not in kohya


def test_every_option_has_a_field(page: Page):
    lacking = [o.name for o in option_table() if f"t2p_train_{o.name}" not in page.parts]
    assert lacking == []


def test_a_search_leaves_what_it_names(page: Page, person: PersonFolder, base: Path):
    shown = page.press(
        "t2p_train_search", "change", **WHO, train_checkpoint=str(base), train_search="bucket"
    )
    hidden = shown["t2p_train_style"].split("display: none", 1)[0]
    assert "#t2p_train_bucket_reso_steps" not in hidden
    assert "#t2p_train_seed" in hidden
    assert shown["t2p_train_expert_data"]["open"] is True


def test_choose_for_me_says_why(page: Page, person: PersonFolder, base: Path):
    shown = page.press("t2p_train_choose", "click", **WHO, train_checkpoint=str(base))
    assert "<li>guide-final, since" in shown["t2p_train_message"]
    assert "photos" in shown["t2p_train_message"]
    assert shown["t2p_train_recipe"] == "guide-final"
    assert shown["t2p_train_max_train_epochs"] == "30"


def test_a_recipe_of_ones_own_is_saved_and_deleted_when_asked_twice(
    page: Page, workspace: Workspace, person: PersonFolder
):
    kept = page.press(
        "t2p_train_recipe_save", "click", train_recipe_name="Été", train_network_dim="7"
    )
    name = kept["t2p_train_recipe"]["value"]
    assert name in kept["t2p_train_recipe"]["choices"]
    assert load_recipe(name, [workspace.recipes]).values["network_dim"] == 7
    asked = page.press("t2p_train_recipe_delete", "click", train_recipe=name)
    assert asked["t2p_train_recipe_delete_confirm"]["visible"] is True
    assert list(workspace.recipes.glob("*.toml"))
    page.press("t2p_train_recipe_delete_confirm", "click", train_recipe=name)
    assert list(workspace.recipes.glob("*.toml")) == []


def test_a_shipped_recipe_stays(page: Page, workspace: Workspace):
    asked = page.press("t2p_train_recipe_delete", "click", train_recipe="guide-final")
    assert asked["t2p_train_recipe_delete_confirm"]["visible"] is False
    told = page.press("t2p_train_recipe_delete_confirm", "click", train_recipe="guide-final")
    assert "no recipe of your own" in told["t2p_train_recipe_message"]


def test_a_run_of_ones_own_recipe_starts(
    page: Page, workspace: Workspace, person: PersonFolder, base: Path
):
    values = {**load_recipe("demo").values, "network_dim": 9}
    save_recipe(workspace, "mine", values)
    filled = page.press("t2p_train_recipe", "input", train_recipe="mine")
    assert filled["t2p_train_network_dim"] == "9"


def test_a_gui_file_comes_back_unchanged(page: Page, tmp_path: Path, shared: Path):
    given = shared / "guide" / "configs" / "config_SD1.5.json"
    taken = page.press("t2p_train_import", "click", train_import_path=str(given))
    assert "settings read" in taken["t2p_train_import_message"]
    fields = {k.removeprefix("t2p_"): v for k, v in taken.items() if k.startswith("t2p_train_")}
    fields.pop("train_import_message")
    page.keep_state("t2p_train_export", taken["state1"])
    made = page.press("t2p_train_export", "click", **fields)
    written = Path(made["t2p_train_export_file"]["value"]).read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(given.read_text(encoding="utf-8"))


def test_a_file_outside_the_allowed_folders_is_not_read(page: Page, host: FakeHost, tmp_path: Path):
    host.allowed = [tmp_path / "only"]
    told = page.press("t2p_train_import", "click", train_import_path=str(tmp_path / "config.json"))
    assert "outside" in told["t2p_train_import_message"]


def test_a_trainer_that_is_not_set_up_is_refused_with_what_to_do(
    page: Page, person: PersonFolder, base: Path, monkeypatch: pytest.MonkeyPatch
):
    def missing(tag: str) -> None:
        raise SetupError(f"sd-scripts {tag} is not set up: press Set up.")

    monkeypatch.setattr("lib_t2p.environment.find_sd_scripts", missing)
    told = page.press(
        "t2p_train_start",
        "click",
        **WHO,
        train_checkpoint=str(base),
        train_trainer="sd-scripts-v0.9.1",
    )
    assert "press Set up" in told["t2p_train_message"]
    assert person.runs() == []


def test_setting_up_shows_the_plan_and_asks_once(
    page: Page, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    made = Plan("v0.9.1", ("Clone it.", "Install packages."), 570, "/py", "own")
    monkeypatch.setattr("lib_t2p.environment.plan", lambda tag: made)
    told = page.press("t2p_train_setup", "click", train_trainer="sd-scripts-v0.9.1")
    assert "<li>Clone it.</li>" in told["t2p_train_setup_plan"]
    assert "570 MB" in told["t2p_train_setup_plan"]
    assert told["t2p_train_setup_confirm"]["visible"] is True
    assert Queue(workspace).jobs() == []
    page.press("t2p_train_setup_confirm", "click", train_trainer="sd-scripts-v0.9.1")
    (job,) = Queue(workspace).jobs()
    assert (job.kind, job.params["tag"], job.params["python"]) == ("env.build", "v0.9.1", "/py")


def test_unlisted_code_needs_the_tick(
    page: Page, workspace: Workspace, person: PersonFolder, base: Path
):
    given = {**WHO, "train_checkpoint": str(base), "train_optimizer_type": "somebodys.Optimizer"}
    told = page.press("t2p_train_start", "click", **given)
    assert "say explicitly that you trust it" in told["t2p_train_message"]
    assert person.runs() == []


def test_a_restricted_page_saves_and_imports_nothing_away(page: Page, host: FakeHost):
    host.closed = "This page is open to others."
    told = page.press("t2p_train_recipe_save", "click", train_recipe_name="mine")
    assert "open to others" in told["t2p_train_recipe_message"]
    told = page.press("t2p_train_setup", "click", train_trainer="sd-scripts-v0.9.1")
    assert "open to others" in told["t2p_train_setup_plan"]
