"""Our axes in the WebUI's own X/Y/Z plot."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from trained_people import SDXL, lora, person, save, swept, trained
from webui_standin import Standin
from xyz_standin import AxisOption, Plot, install_plot

from lib_t2p.errors import FaultsError
from lib_t2p.hosts.webui.flags import workspace_root
from lib_t2p.hosts.webui.xyz_axes import OFFERED
from lib_t2p.hosts.webui.xyz_options import MARK, ROWS, add_axes
from lib_t2p.workspace.person import Workspace, open_workspace

PROMPT = "<lora:t2p_ann_first_e03:0.9> (ohwx woman:1.2), portrait"


@pytest.fixture
def workspace(webui: Standin) -> Workspace:
    """Ann, trained twice and in a sweep, and Bob, trained once."""
    opened = open_workspace(workspace_root())
    ann = person(opened, "Ann", "ohwx", "woman")
    trained(ann, "first", 3)
    trained(person(opened, "Bob", "bobx", "man"), "his", 2)
    return opened


@pytest.fixture
def plot(webui: Standin, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Plot:
    found = install_plot(monkeypatch)
    add_axes()
    return found


def test_the_axes_are_added_once_also_after_reload_ui(plot: Plot) -> None:
    add_axes()
    assert [option.label for option in plot.axis_options] == [MARK + row.label for row in ROWS]
    assert set(OFFERED) == {row.kind for row in ROWS}


def test_every_axis_offers_what_lies_on_disk_and_no_lora(plot: Plot) -> None:
    offered = {option.label: option.choices() for option in plot.axis_options}
    assert offered["[T2P] Person"] == ["no LoRA", "ann", "bob"]
    assert set(offered["[T2P] Run"]) == {"no LoRA", "ann/first", "bob/his"}
    assert "t2p_bob_his_e02" in offered["[T2P] Saved model"]
    assert "1.5" in offered["[T2P] LoRA weight"]
    assert {choices[0] for choices in offered.values()} == {"no LoRA"}


def test_epochs_are_a_range_of_the_run_that_the_prompt_names(plot: Plot) -> None:
    cells = plot.run(PROMPT, {"[T2P] Saved model": ["1-3 (+1)", "no LoRA"]})
    assert [re.findall("<lora:[^>]*>", cell) for cell in cells] == [
        ["<lora:t2p_ann_first_e01:0.9>"],
        ["<lora:t2p_ann_first_e02:0.9>"],
        ["<lora:t2p_ann_first_e03:0.9>"],
        [],
    ]
    assert all("(ohwx woman:1.2)" in cell for cell in cells)


def test_models_under_test_lie_where_prompts_find_them(plot: Plot, webui: Standin) -> None:
    plot.run(PROMPT, {"[T2P] Saved model": ["1", "2"]})
    placed = (webui.root / "models" / "Lora" / "t2p" / "_trial").glob("*.safetensors")
    assert sorted(file.stem for file in placed) == ["t2p_ann_first_e01", "t2p_ann_first_e02"]


def test_another_person_is_named_by_trigger_and_class_word(plot: Plot) -> None:
    cells = plot.run(PROMPT, {"[T2P] Person": ["ann", "bob"]})
    assert cells == [PROMPT, "<lora:t2p_bob_his_e02:0.9> (bobx man:1.2), portrait"]


def test_placeholders_are_filled_for_whoever_is_painted(plot: Plot) -> None:
    cells = plot.run("photo of {trigger} {class_word}", {"[T2P] Run": ["bob/his", "ann/first"]})
    assert cells == [
        "photo of bobx man <lora:t2p_bob_his_e02:1>",
        "photo of ohwx woman <lora:t2p_ann_first_e03:1>",
    ]


def test_axes_complete_each_other_in_any_order(plot: Plot) -> None:
    axes = {
        "[T2P] Saved model": ["1-2"],
        "[T2P] Person": ["ann", "bob"],
        "[T2P] LoRA weight": ["0-1 [2]"],
    }
    tags = {re.findall("<lora:([^>]*)>", cell)[0] for cell in plot.run("of {trigger}", axes)}
    stems = ("t2p_ann_first_e01", "t2p_ann_first_e02", "t2p_bob_his_e01", "t2p_bob_his_e02")
    assert tags == {f"{stem}:{weight}" for stem in stems for weight in "01"}


def test_weights_change_the_tag_and_the_trigger(plot: Plot) -> None:
    axes = {"[T2P] LoRA weight": ["0.5"], "[T2P] Trigger weight": ["0-1 (+0.5)"]}
    assert plot.run(PROMPT, axes) == [
        f"<lora:t2p_ann_first_e03:0.5> (ohwx woman:{weight}), portrait"
        for weight in ("0", "0.5", "1")
    ]
    assert plot.run("<lora:foreign:1> x", {"[T2P] LoRA weight": ["0.3"]}) == [
        "<lora:foreign:0.3> x"
    ]


def test_a_swept_value_is_the_last_model_of_its_run(plot: Plot, workspace: Workspace) -> None:
    stems = swept(workspace.person("Ann"), "ranks", network_dim=[4, 8], network_alpha=[1, 2])
    option = plot.option("[T2P] Sweep value")
    assert "ann/ranks: network_dim=8" in option.choices()
    axes = {option.label: ["ann/ranks: network_dim=4", "ann/ranks: network_dim=8"]}
    first = re.findall("<lora:([^:>]*)", plot.run("of {trigger}", axes)[1])[0]
    assert first == stems["network_dim=8, network_alpha=1"]


def test_all_bad_values_come_in_one_message_before_the_first_image(plot: Plot) -> None:
    with pytest.raises(FaultsError) as told:
        plot.run(PROMPT, {"[T2P] Saved model": ["t2p_gone_e01", "1", "7-1 (+1)"]})
    assert "never gets from 7 to 1" in str(told.value)
    with pytest.raises(FaultsError) as told:
        plot.run(PROMPT, {"[T2P] Saved model": ["t2p_gone_e01", "2", "t2p_lost_e02"]})
    assert "'t2p_gone_e01'" in str(told.value)
    assert "'t2p_lost_e02'" in str(told.value)
    with pytest.raises(FaultsError) as told:
        plot.run(PROMPT, {"[T2P] Person": ["carl", "ann"]})
    assert "there are ann, bob" in str(told.value)


def test_epochs_that_one_of_the_runs_lacks_are_named(plot: Plot) -> None:
    axes = {"[T2P] Run": ["ann/first", "bob/his"], "[T2P] Saved model": ["2-4"]}
    with pytest.raises(FaultsError) as told:
        plot.run(PROMPT, axes)
    assert [f.partition(":")[0] for f in told.value.faults] == [
        "ann/first has no saved model of epoch 4",
        "bob/his has no saved model of epoch 3",
        "bob/his has no saved model of epoch 4",
    ]


def test_a_weight_out_of_range_and_an_empty_axis_are_refused(plot: Plot) -> None:
    for values in (["9"], ["heavy"], [" "]):
        with pytest.raises(FaultsError):
            plot.run(PROMPT, {"[T2P] LoRA weight": values})


def test_a_trigger_that_nobody_wrote_cannot_be_weighed(plot: Plot) -> None:
    with pytest.raises(FaultsError, match="write {trigger} in it"):
        plot.run("a castle", {"[T2P] Trigger weight": ["1.2"]})


def test_a_lora_of_the_other_family_is_refused(
    plot: Plot, webui: Standin, workspace: Workspace
) -> None:
    from webui_standin import SD15, write_header

    title = webui.offer_checkpoint(write_header(webui.root / "base.safetensors", SD15))
    big = trained(workspace.person("Ann"), "big", 1, SDXL)[0]
    with pytest.raises(FaultsError, match="choose a checkpoint of its family"):
        plot.run(PROMPT, {"[T2P] Saved model": [big]}, sd_model_checkpoint=title)


def test_another_lora_of_the_same_name_is_not_replaced(plot: Plot, webui: Standin) -> None:
    other = lora(webui.root / "models" / "Lora" / "t2p_ann_first_e01.safetensors", 9)
    before = other.read_bytes()
    with pytest.raises(FaultsError, match="is another LoRA named"):
        plot.run(PROMPT, {"[T2P] Saved model": ["1"]})
    assert other.read_bytes() == before


def test_the_dearest_to_change_is_the_outermost_loop_as_in_the_plots_own() -> None:
    cost = {row.label: row.cost for row in ROWS}
    assert 0.7 > cost["Saved model"] > cost["LoRA weight"] > cost["Trigger weight"] == 0.0


def test_a_damaged_workspace_costs_the_choices_only(
    plot: Plot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = workspace.person("Ann").run("first")
    run.settings.write_text("not = [toml", encoding="utf-8")
    assert "ann/first" not in plot.option("[T2P] Run").choices()
    save(run, 4)
    assert plot.option("[T2P] Person").choices() == ["no LoRA", "bob"]


def test_the_standin_takes_what_the_real_plot_takes(shared: Path, plot: Plot) -> None:
    text = (shared / "contracts" / "webui" / "README.md").read_text(encoding="utf-8")
    signature = re.search(r"`AxisOption\(([^`]*)\)`", text)
    assert signature is not None
    real = [part.partition("=")[0].strip() for part in signature[1].split(",")]
    own = list(AxisOption.__init__.__annotations__)
    assert [name for name in own if name not in (*real, "return")] == []
    assert "axis_options" in text
    assert "modules.scripts.scripts_data" in text


def test_without_a_plot_nothing_is_added(webui: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    plot = install_plot(monkeypatch)
    import sys

    monkeypatch.setattr(
        sys.modules["modules.scripts"],
        "scripts_data",
        [SimpleNamespace(path="/webui/scripts/other.py", module=plot)],
    )
    add_axes()
    assert plot.axis_options == []
