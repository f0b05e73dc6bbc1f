"""A training goes on from states of this workspace only, unless a person trusts another one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lib_t2p.errors import SettingsError
from lib_t2p.runs.own_states import run_of, state_fault
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import open_workspace


def own_state(root: Path) -> Path:
    state = root / "people" / "ann" / "runs" / "first" / "model" / "state" / "step-00000008"
    state.mkdir(parents=True)
    return state


def test_a_state_of_a_run_of_this_workspace_needs_no_trust(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "workspace")
    state = own_state(workspace.root)
    assert state_fault(str(state), workspace, trusted=False) == ""
    found = run_of(state, workspace)
    assert found is not None
    assert found.id == "first"


def test_another_state_is_refused_until_it_is_trusted(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "workspace")
    foreign = own_state(tmp_path / "downloaded")
    assert "explicitly that you trust it" in state_fault(str(foreign), workspace, trusted=False)
    assert state_fault(str(foreign), workspace, trusted=True) == ""
    assert state_fault("", workspace, trusted=False) == ""


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_another_state_is_another_state(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "workspace")
    link = own_state(workspace.root).parent / "step-00000016"
    link.symlink_to(own_state(tmp_path / "downloaded"))
    assert state_fault(str(link), workspace, trusted=False) != ""


@pytest.mark.parametrize("inside", ["../../elsewhere", "people/ann", "people/ann/photos/a/b/c"])
def test_other_places_of_the_workspace_hold_no_states(tmp_path: Path, inside: str) -> None:
    workspace = open_workspace(tmp_path / "workspace")
    assert state_fault(str(workspace.root / inside), workspace, trusted=False) != ""


def test_no_run_is_made_that_would_go_on_from_a_state_of_others(tmp_path: Path) -> None:
    person = open_workspace(tmp_path / "workspace").person("Ann")
    settings = settings_from({"resume": str(own_state(tmp_path / "downloaded")), "seed": 1})
    run = Run("ann", "first", 1, "/base.safetensors", "sd-scripts-v0.8.7", settings, "x", "woman")
    with pytest.raises(SettingsError, match="resume names"):
        create_run(person, run)
    assert not person.run("first").settings.exists()
