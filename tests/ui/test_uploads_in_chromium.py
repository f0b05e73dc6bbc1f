"""Photos dropped into the page: on their way to the import, and no longer in gradio's cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from ui_fakes import collins, open_tab

from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import PersonFolder, Workspace
from lib_t2p.workspace.uploads import waiting_folder

pytestmark = pytest.mark.browser

NAMES = ["one.png", "two.png"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """gradio's own folder; tests name it before `tab`."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    return tmp_path / "gradio"


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    return collins(workspace)


def test_dropped_photos_leave_gradios_cache_once_their_import_is_queued(
    cache: Path, person: PersonFolder, workspace: Workspace, tmp_path: Path, tab: Any
) -> None:
    for number, name in enumerate(NAMES):
        Image.new("RGB", (64, 64), (number, 8, 7)).save(tmp_path / name)
    open_tab(tab, "Dataset")
    box = tab.locator("#t2p_photos_upload")
    # gradio 3 shows the names before the files have arrived.
    with tab.expect_response(lambda answer: "/upload" in answer.url and answer.ok) as sent:
        box.locator("input[type=file]").first.set_input_files([tmp_path / name for name in NAMES])
    sent.value.finished()
    box.get_by_text("two").first.wait_for()
    assert len([path for path in cache.rglob("*.png") if path.is_file()]) >= len(NAMES)
    tab.locator("#t2p_photos_import").click()
    tab.locator("#t2p_photos_message").get_by_text("Importing").wait_for()
    job = next(j for j in Queue(workspace).jobs() if j.kind == "dataset.import")
    sources = [Path(source) for source in job.params["sources"]]
    assert [source.name for source in sources] == NAMES
    assert all(s.is_file() and s.is_relative_to(waiting_folder(workspace)) for s in sources)
    assert [path for path in cache.rglob("*.png") if path.is_file()] == []
    assert tab.faults == []
