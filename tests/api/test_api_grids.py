"""Grids over the API: typed axes, faults of a plan, the runs of a sweep, values added."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from api_client import ANN, Client
from safetensors.numpy import save_file

from lib_t2p.grids.cells.cells import expand as expand_cells
from lib_t2p.grids.cells.cells import write_cells
from lib_t2p.grids.plan_files import read_plan
from lib_t2p.hosts.standalone.studio_host import TINY_TITLE
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.storing import write_sweep
from lib_t2p.sweeps.sweep import Sweep, checked_sweep
from lib_t2p.sweeps.sweep_axes import axis_of
from lib_t2p.sweeps.sweep_runs import expand
from lib_t2p.workspace.person import PersonFolder, Workspace

GRIDS = "/t2p/v1/people/ann-ä/grids"
BODY: dict[str, Any] = {
    "name": "g",
    "checkpoint": TINY_TITLE,
    "models": ["t2p_ann_first_e01", "t2p_ann_first_e02"],
    "prompts": ["photo of {trigger}"],
    "seeds": [1, 2],
    "width": 64,
    "height": 64,
}


@pytest.fixture
def ann(api: Client, workspace: Workspace) -> PersonFolder:
    """Ann with two saved models of one run."""
    folder = workspace.person(api.post("/t2p/v1/people", json=ANN).json()["id"])
    _train(folder, "first", ["t2p_ann_first_e01", "t2p_ann_first_e02"])
    return folder


def _train(folder: PersonFolder, name: str, stems: list[str], **more: Any) -> None:
    settings = settings_from(load_recipe("demo").values)
    run = create_run(
        folder, Run(folder.slug, name, 1, "/b", "builtin", settings, "ohwx", "woman", **more)
    )
    run.model.mkdir(parents=True)
    for epoch, stem in enumerate(stems, 1):
        told = {"ss_epoch": str(epoch), "ss_steps": str(epoch)}
        tensors = {
            "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight": np.zeros(
                (1, 2), np.float32
            )
        }
        save_file(tensors, run.model / f"{stem}.safetensors", told)


def _sweep(folder: PersonFolder) -> None:
    """Two ranks, each trained; the second is the base's."""
    base = Point({**load_recipe("demo").values, "network_dim": 8, "seed": 1}, 1, "/b")
    axes = (axis_of("network_dim", [4, 8]),)
    sweep = checked_sweep(Sweep("ranks", folder.slug, "Ranks", base, axes, mode="one_at_a_time"))
    write_sweep(folder.sweep("ranks"), sweep)
    for number, run in enumerate(expand(sweep)):
        stem = f"t2p_ann_ranks{number}_e01"
        _train(folder, f"ranks-{number}", [stem], sweep="ranks", sweep_run=run.name)


def test_three_axes_with_ranges_make_a_plan(api: Client, ann: PersonFolder) -> None:
    answer = api.post(GRIDS, json={**BODY, "x": "cfg=1-7 (+3)", "z": "clip_skip=1,2"})
    assert answer.status_code == 202, answer.text
    assert len(answer.json()["jobs"]) == 4
    plan = read_plan(ann.grid("g"))
    assert plan.x.values == (1.0, 4.0, 7.0)
    assert plan.y.values == tuple(BODY["models"])
    assert plan.z is not None and plan.z.values == (1, 2)
    assert api.get(f"{GRIDS}/g").json()["id"] == "g"


def test_all_bad_values_come_at_once_and_queue_nothing(
    api: Client, ann: PersonFolder, workspace: Workspace
) -> None:
    bad = {"x": "sampler=Euler a, Oiler", "z": "clip_skip=2, 13", "steps": 0}
    answer = api.post(GRIDS, json={**BODY, **bad})
    assert answer.status_code == 422
    for word in ("Oiler", "13", "steps"):
        assert word in answer.text, word
    assert Queue(workspace).jobs() == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"checkpoint": "gone"}, "no checkpoint 'gone'"),
        ({"models": ["t2p_lost"]}, "t2p_lost"),
        ({"models": []}, "none given"),
        ({"x": "sweep_value=a"}, "name the sweep"),
        ({"sweep": "lost"}, "no sweep 'lost'"),
    ],
)
def test_what_names_nothing_is_one_sentence(
    api: Client, ann: PersonFolder, change: dict[str, Any], word: str
) -> None:
    answer = api.post(GRIDS, json={**BODY, **change})
    assert answer.status_code == 422
    assert word in answer.json()["detail"]


def test_a_sweeps_values_are_an_axis_and_its_base_is_known(api: Client, ann: PersonFolder) -> None:
    _sweep(ann)
    answer = api.post(GRIDS, json={**BODY, "models": [], "sweep": "ranks"})
    assert answer.status_code == 202, answer.text
    plan = read_plan(ann.grid("g"))
    assert len(plan.models) == 2
    assert plan.base in plan.stems
    one = {"sweep": "ranks", "models": [], "y": "sweep_value=network_dim=4", "name": "one"}
    answer = api.post(GRIDS, json={**BODY, **one})
    assert answer.status_code == 202, answer.text
    assert [m.label for m in read_plan(ann.grid("one")).models] == ["network_dim=4"]


def test_values_are_added_once_the_grid_is_not_at_work(
    api: Client, ann: PersonFolder, workspace: Workspace
) -> None:
    api.post(GRIDS, json=BODY)
    more = {"kind": "seed", "values": "5-7 (+2)"}
    assert "at work" in api.post(f"{GRIDS}/g/values", json=more).json()["detail"]
    for job in Queue(workspace).jobs():
        Queue(workspace).request_stop(job.id)
    assert api.post(f"{GRIDS}/g/values", json=more).status_code == 202
    assert read_plan(ann.grid("g")).seeds == (1, 2, 5, 7)
    lost = api.post(f"{GRIDS}/lost/values", json=more)
    assert lost.status_code == 404


def test_votes_on_a_grid_are_told_once_it_can_be_voted_on(api: Client, ann: PersonFolder) -> None:
    gone = api.get(f"{GRIDS}/g/votes")
    assert (gone.status_code, "no grid 'g'" in gone.text) == (404, True)
    assert api.post(GRIDS, json=BODY).status_code == 202
    assert "painted yet" in api.get(f"{GRIDS}/g/votes").json()["detail"]
    grid = ann.grid("g")
    write_cells(grid, expand_cells(read_plan(grid), ann))
    told = api.get(f"{GRIDS}/g/votes")
    assert told.json() == {"answered": 0, "left": 0, "text": "", "standings": []}
