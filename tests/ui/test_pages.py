from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from ui_fakes import FakeHost, Page

from lib_t2p.hosts.standalone.studio_page import studio_page
from lib_t2p.ui.gradio_versions import MAJOR

pytestmark = pytest.mark.slow


def labelled(page: Page) -> list[object]:
    return [
        part
        for part in page.blocks.blocks.values()
        if getattr(part, "label", None) and type(part).__name__ not in ("Tab", "HTML", "Accordion")
    ]


def test_labels_are_unique_since_the_webui_keeps_settings_by_label(page: Page):
    names = Counter(part.label for part in labelled(page))
    names += Counter(b.value for b in page.blocks.blocks.values() if type(b).__name__ == "Button")
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) > 30


def test_every_component_has_an_id_of_ours(page: Page):
    ids = [getattr(part, "elem_id", None) for part in labelled(page)]
    assert [i for i in ids if not str(i).startswith("t2p_")] == []
    assert len(set(ids)) == len(ids)


def test_live_state_and_lists_stay_out_of_the_webuis_saved_defaults(page: Page):
    for elem_id in (
        "t2p_person",
        "t2p_dataset_live",
        "t2p_dataset_version",
        "t2p_train_run",
        "t2p_train_dataset",
        "t2p_train_checkpoint",
        "t2p_grid_models",
        "t2p_grid_shown",
        "t2p_photos_folder",
        "t2p_new_consent",
    ):
        assert page.parts[elem_id].do_not_save_to_config is True


def test_nothing_of_the_train_tab_is_frozen_by_the_webui(page: Page):
    ours = ("t2p_train_", "t2p_queue_", "t2p_sweep_", "t2p_logs_", "t2p_disk_")
    kinds = ("Textbox", "Dropdown", "Checkbox", "Number", "Radio", "HTML", "File")
    frozen = [
        name
        for name, part in page.parts.items()
        if str(name).startswith(ours) and type(part).__name__ in kinds
        if not getattr(part, "do_not_save_to_config", False)
    ]
    assert frozen == []


def test_no_handler_waits_in_the_webuis_queue(page: Page):
    queued = [d for d in page.blocks.config["dependencies"] if d["queue"] is not False]
    assert queued == []
    assert MAJOR in (3, 4)


def test_a_restricted_page_says_why_and_starts_nothing(host: FakeHost):
    host.closed = "This page is open to others: start it without --listen."
    page = Page(studio_page(host))
    assert "without --listen" in page.parts["t2p_restricted"].value
    said = page.press("t2p_photos_import", "click", person="anybody", photos_folder="/")
    assert "without --listen" in said["t2p_photos_message"]


def test_the_first_opening_loads_few_of_our_modules(root: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "import gradio as gr\n"
        "from lib_t2p.hosts.standalone.studio_host import StudioHost\n"
        "from lib_t2p.ui.page import build_tabs\n"
        "from lib_t2p.workspace import open_workspace\n"
        "with gr.Blocks() as blocks:\n"
        "    build_tabs(blocks, StudioHost(open_workspace(Path(sys.argv[1]))))\n"
        "print(sum(name.split('.')[0] == 'lib_t2p' for name in sys.modules))\n"
    )
    argv = [sys.executable, "-c", program, str(tmp_path / "workspace")]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=True)
    assert int(done.stdout.splitlines()[-1]) < 250
