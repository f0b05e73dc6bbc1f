"""From the button Describe photos to the captions that the page shows, by each kind of model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from surveyed import survey_plainly
from tiny_blip import write_blip
from tiny_onnx import write_tagger
from ui_fakes import FakeHost, Page, collins

from lib_t2p.dataset.captions.book import read_captions
from lib_t2p.errors import T2PError
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.host_requests import HostRequests
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.processes.processes import current_process
from lib_t2p.jobs.queue import Queue
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}
COLOURS = {"röt im Park.png": (255, 0, 0), "teal.png": (0, 255, 250)}
TAGGER, BLIP, WEBUI = "Tagger (WD14, ONNX)", "Sentences (BLIP)", "The WebUI's interrogator"


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    """Two plain photos, as a survey describes them."""
    folder = collins(workspace)
    for old in folder.photos.iterdir():
        old.unlink()
    for name, colour in COLOURS.items():
        Image.new("RGB", (640, 640), colour).save(folder.photos / name)
    survey_plainly(folder, list(COLOURS))
    return folder


def described(page: Page, workspace: Workspace, **given: Any) -> str:
    """Press the button and do the job; gives the captions that the page shows then."""
    said = page.press("t2p_captions_describe", "click", **WHO, **given)["t2p_captions_said"]
    assert "Describing" in said, said
    queue = Queue(workspace)
    job = queue.claim(["light"], "test")
    assert job and job.kind == "dataset.caption"
    result = JOB_FUNCTIONS[job.kind](JobContext(job, workspace, queue))
    queue.finish(job.id, result)
    assert result == {"captions": len(COLOURS)}
    shown = page.press("t2p_captions_page", "change", **WHO)
    return str(shown["t2p_captions_panel"]["value"])


def test_a_tagger_describes_from_the_page(
    page: Page, workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    pytest.importorskip("onnxruntime")
    folder = str(write_tagger(tmp_path / "tägger"))
    given = {"captions_how": TAGGER, "captions_folder": folder, "captions_threshold": 0.7}
    panel = described(page, workspace, **given)
    assert "ohwx woman, red coat" in panel and "ohwx woman, blue dress" in panel
    assert "long hair" not in panel
    assert page.press("t2p_captions_undo", "click", **WHO)["t2p_captions_said"].count("Undone")
    assert read_captions(person).own == {}


def test_blip_describes_from_the_page(
    page: Page, workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    folder = str(write_blip(tmp_path / "blip é"))
    described(page, workspace, captions_how=BLIP, captions_folder=folder)
    captions = read_captions(person).own
    assert set(captions) == set(COLOURS)
    assert all("{token} {class}" in caption for caption in captions.values())


@pytest.fixture
def open_webui(workspace: Workspace) -> Iterator[None]:
    """A WebUI whose interrogator says the same of every picture."""
    Heartbeats(workspace).beat("host", current_process(), "1")
    over = threading.Event()

    def answer() -> None:
        requests = HostRequests(workspace)
        while not over.wait(0.05):
            for one in requests.waiting(60.0):
                Path(one.details["target"]).write_text("a woman in a café, by X, 4k", "utf-8")
                requests.answer(one.id, "")

    thread = threading.Thread(target=answer)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("open_webui")
def test_the_webuis_interrogator_describes_from_the_page(
    page: Page, workspace: Workspace, person: PersonFolder
) -> None:
    panel = described(page, workspace, captions_how=WEBUI)
    assert panel.count("ohwx woman in a café") == len(COLOURS)


def test_no_open_webui_is_said_by_the_job(
    page: Page, workspace: Workspace, person: PersonFolder
) -> None:
    with pytest.raises(T2PError, match="No WebUI is open"):
        described(page, workspace, captions_how=WEBUI)
    assert read_captions(person).own == {}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"captions_folder": " "}, "No folder given"),
        ({"captions_folder": "nowhere at all"}, "There is no folder"),
        ({"captions_folder": ".", "captions_threshold": None}, "Minimum confidence of a tag"),
        ({"captions_folder": ".", "captions_threshold": 3}, "from 0 to 1"),
    ],
)
def test_what_cannot_describe_is_said_on_the_page(
    page: Page, workspace: Workspace, person: PersonFolder, given: dict[str, Any], told: str
) -> None:
    said = page.press("t2p_captions_describe", "click", **WHO, **given)["t2p_captions_said"]
    assert told in said
    assert Queue(workspace).jobs() == []


def test_a_folder_outside_the_allowed_ones_describes_nothing(
    page: Page, host: FakeHost, person: PersonFolder, tmp_path: Path
) -> None:
    host.allowed = [host.workspace.root]
    given = {"captions_how": BLIP, "captions_folder": str(tmp_path)}
    said = page.press("t2p_captions_describe", "click", **WHO, **given)["t2p_captions_said"]
    assert "outside" in said
    assert Queue(host.workspace).jobs() == []
