"""From a folder to a dataset with a mouse: choose, leave out, put back, drag, caption, build."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ui_fakes import collins, open_tab

from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.photo_choices import read_choices
from lib_t2p.workspace.person import PersonFolder, Workspace

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]


PYTHON = os.environ.get("T2P_WORKER_PYTHON", sys.executable)
"""Of the worker: the page's own environment may have neither dlib nor scikit-image."""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two people's photos, see `photo_roll`."""
    if sys.executable == PYTHON:
        for package in ("skimage", "matplotlib", "dlib"):
            pytest.importorskip(package)
    run([str(ROOT / "tests" / "ui" / "photo_roll.py"), str(tmp_path / "roll")])
    return tmp_path / "roll"


def run(arguments: list[str]) -> None:
    """Run a script in the worker's environment."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [PYTHON, *arguments], capture_output=True, text=True, check=False, cwd=ROOT, env=env
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    folder = collins(workspace)
    for photo in folder.photos.iterdir():
        photo.unlink()
    return folder


WORKER = """
import sys
from pathlib import Path
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace import open_workspace

workspace = open_workspace(Path(sys.argv[1]))
queue = Queue(workspace)
while job := queue.claim(["light"], "worker"):
    done = perform(JobContext(job, workspace, queue), JOB_FUNCTIONS[job.kind])
    if done.state.value != "finished":
        sys.exit(f"{done.kind}: {done.reason}")
"""


def work(workspace: Workspace) -> None:
    """Do all jobs that wait, as the worker would."""
    run(["-c", WORKER, str(workspace.root)])


def side(tab: Any, title: str) -> None:
    """Open an inner tab; a press at the moment in which the page is drawn again may be lost."""
    for _ in range(3):
        tab.locator("#t2p_dataset_tabs button:visible", has_text=title).first.click()
        opened = tab.locator("#t2p_dataset_tabs button.selected:visible", has_text=title)
        with suppress(Exception):
            opened.first.wait_for(timeout=10_000)
            return


def field(tab: Any, name: str) -> Any:
    return tab.locator(f"#t2p_{name} input, #t2p_{name} textarea").first


def test_a_dataset_is_made_in_the_page(
    tab: Any, workspace: Workspace, person: PersonFolder, photos: Path, pictures: Path
) -> None:
    tab.set_viewport_size({"width": 1400, "height": 1100})
    tab.reload()
    open_tab(tab, "Dataset")
    field(tab, "photos_folder").fill(str(photos))
    tab.locator("#t2p_photos_import").click()
    tab.locator("#t2p_photos_message").get_by_text("Importing").wait_for()
    work(workspace)

    summary = tab.locator("#t2p_photos_summary")
    summary.get_by_text("The photos show 2 people").wait_for()
    side(tab, "People")
    tiles = tab.locator("#t2p_people_tiles")
    tiles.get_by_text("in 17 photos").wait_for()
    tab.screenshot(path=pictures / "people.png")
    tiles.locator("figure", has_text="in 17 photos").locator(".t2p-act").click()
    tab.locator("#t2p_people_said").get_by_text("Chosen").wait_for()
    work(workspace)
    tiles.get_by_text("the person", exact=True).wait_for()

    side(tab, "Photos")
    summary.get_by_text("would be trained on").wait_for()
    tab.locator('[data-t2p-act="leave_out portrait-03.jpg"]').click()
    tab.locator("#t2p_photos_said").get_by_text("Left out: portrait-03.jpg").wait_for()
    tab.locator('[data-t2p-act="forget portrait-03.jpg"]').wait_for()
    tab.locator('[data-t2p-act="leave_out portrait-04.jpg"]').click()
    tab.locator('[data-t2p-act="forget portrait-04.jpg"]').click()
    tab.locator('[data-t2p-act="leave_out portrait-04.jpg"]').wait_for()
    tab.locator('[data-t2p-act="put_in blurred.jpg"]').click()
    tab.locator('[data-t2p-act="forget blurred.jpg"]').wait_for()
    tab.screenshot(path=pictures / "photos.png", full_page=True)
    assert read_choices(person).left_out == {"portrait-03.jpg"}
    assert read_choices(person).put_back == {"blurred.jpg"}

    drag_a_crop(tab, person, pictures)
    edit_captions(tab, pictures)

    tab.locator("#t2p_build_start").click()
    tab.locator("#t2p_build_message").get_by_text("Building").wait_for()
    work(workspace)
    side(tab, "Versions")
    tab.locator("#t2p_photos_kept").wait_for()
    tab.screenshot(path=pictures / "versions.png", full_page=True)

    manifest = read_manifest(person.datasets()[0])
    decided = {d.photo: d for d in manifest.decisions}
    assert decided["portrait-03.jpg"].code == "excluded"
    assert decided["blurred.jpg"].state in ("kept", "held_out")
    assert decided["portrait-01.jpg"].crops[0].by_hand
    assert decided["other-00.jpg"].code == "other_person"
    kept = [d for d in manifest.decisions if d.state == "kept"]
    assert all("film photo" in d.crops[0].caption for d in kept)
    assert tab.faults == []


def drag_a_crop(tab: Any, person: PersonFolder, pictures: Path) -> None:
    tab.locator('[data-t2p-act="open portrait-01.jpg"]').click()
    frame = tab.locator(".t2p-crop-box")
    frame.wait_for()
    corner = frame.locator("i").bounding_box()
    x, y = corner["x"] + 8, corner["y"] + 8
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x - 60, y - 60, steps=4)
    tab.mouse.up()
    tab.locator("#t2p_crop_said").get_by_text("kept for every build").wait_for()
    tab.locator("#t2p_crop_panel").get_by_text("by hand").wait_for()
    first = read_choices(person).crops["portrait-01.jpg"]
    box = frame.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 20, y + 10, steps=4)
    tab.mouse.up()
    tab.wait_for_function(
        "edge => Math.abs(document.querySelector('#t2p_crop_left input').value - edge) > 5",
        arg=first[0],
    )
    tab.screenshot(path=pictures / "crop.png")
    left, top, right, bottom = read_choices(person).crops["portrait-01.jpg"]
    assert right - left == pytest.approx(bottom - top, abs=1)
    assert right - left == pytest.approx(first[2] - first[0], abs=1)
    assert left > first[0] + 5


def edit_captions(tab: Any, pictures: Path) -> None:
    side(tab, "Captions")
    tab.locator("#t2p_captions_use").click()
    panel = tab.locator("#t2p_captions_panel")
    panel.get_by_text("ohwx woman, facing the camera").first.wait_for()
    field(tab, "captions_text").fill("film photo")
    tab.locator("#t2p_captions_preview").click()
    said = tab.locator("#t2p_captions_said")
    said.get_by_text("would change").wait_for()
    tab.locator("#t2p_captions_apply").click()
    panel.get_by_text("film photo, ohwx woman").first.wait_for()
    tab.locator("#t2p_captions_undo").click()
    said.get_by_text("Undone: prefix").wait_for()
    panel.get_by_text("film photo").first.wait_for(state="detached")
    tab.locator("#t2p_captions_apply").click()
    panel.get_by_text("film photo, ohwx woman").first.wait_for()
    tab.screenshot(path=pictures / "captions.png", full_page=True)
