"""A host without a painter, a page whose buttons can be pressed, and a workspace with content."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.files import write_record
from lib_t2p.jobs.events.events import Event, append_event
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import PersonFolder, RunFolder, Workspace

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


@dataclass
class FakeHost:
    workspace: Workspace | None = None
    closed: str | None = None
    allowed: list[Path] | None = None
    found: dict[str, Path] = field(default_factory=dict)
    name: str = "Fake"

    @property
    def loras_root(self) -> Path:
        return self.workspace.loras

    def checkpoints(self) -> list[str]:
        return list(self.found)

    def checkpoint_path(self, title: str) -> Path | None:
        return self.found.get(title)

    def samplers(self) -> list[str]:
        return ["Euler a", "DPM++ 2M Karras"]

    def recipe(self) -> str:
        return "demo"

    def roots(self) -> list[Path] | None:
        return self.allowed

    def restricted(self) -> str | None:
        return self.closed

    def unready(self) -> str | None:
        return None


class Page:
    """Calls what a press of a button would call, on gradio 3 and 4."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self.blocks = blocks
        self.parts = {b.elem_id: b for b in blocks.blocks.values() if getattr(b, "elem_id", None)}

    def press(self, elem_id: str, event: str, **given: Any) -> dict[str, Any]:
        """Call the handler; `given` replaces values of inputs by elem_id without `t2p_`.

        Each press is that of a page just opened, unless `memory` is given: then the page keeps it.
        """
        function, inputs, outputs = self._find(elem_id, event)
        values = [self._value(part, given) for part in inputs]
        results = function(*values)
        return {part.elem_id or f"state{n}": results[n] for n, part in enumerate(outputs)}

    def keep_state(self, elem_id: str, value: Any) -> None:
        """Let the page remember what a handler gave it, as a browser's session does."""
        _, inputs, _ = self._find(elem_id, "click")
        next(part for part in inputs if isinstance(part, gr.State)).value = value

    def _find(self, elem_id: str, event: str) -> tuple[Any, list[Any], list[Any]]:
        wanted = (self.parts[elem_id]._id, event)
        functions = self.blocks.fns
        if isinstance(functions, dict):
            for entry in functions.values():
                if wanted in entry.targets:
                    return entry.fn, list(entry.inputs), list(entry.outputs)
        for number, entry in enumerate(self.blocks.dependencies):
            if (entry["targets"], entry["trigger"]) == ([wanted[0]], event):
                by_id = self.blocks.blocks
                inputs = [by_id[n] for n in entry["inputs"]]
                return functions[number].fn, inputs, [by_id[n] for n in entry["outputs"]]
        raise AssertionError(f"{elem_id} has no {event} handler")

    @staticmethod
    def _value(part: Any, given: dict[str, Any]) -> Any:
        if isinstance(part, gr.State):
            return given.get("memory", copy.deepcopy(part.value))
        key = str(part.elem_id or "").removeprefix("t2p_")
        return given.get(key, part.value)


def collins(workspace: Workspace) -> PersonFolder:
    """A person with three photos."""
    folder = new_person(
        workspace,
        name="Eileen Collins",
        trigger="ohwx",
        class_word="woman",
        consent="NASA portrait, public domain",
        now=NOW,
    )
    for number in range(3):
        picture(folder.photos / f"photo-{number}.jpg", number)
    return folder


def picture(path: Path, number: int = 0, size: int = 64) -> Path:
    """A plain picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    colour = (60 + 40 * (number % 5), 120, 200 - 30 * (number % 5))
    Image.new("RGB", (size, size), colour).save(path)
    return path


def tell(workspace: Workspace, job_id: str, *events: Event) -> None:
    """Append events to a job."""
    for event in events:
        append_event(workspace.job(job_id).events, event)


def finished_dataset(folder: PersonFolder, number: int = 1) -> None:
    """A dataset version with three pictures and one held out; its manifest is of no interest."""
    for index in range(3):
        picture(folder.dataset(number).img / "10_ohwx woman" / f"{index}.png", index, 96)
    picture(folder.dataset(number).heldout / "kept_back.png", 3, 96)
    write_record(folder.dataset(number).manifest, 1, {})


def new_run(folder: PersonFolder, name: str) -> RunFolder:
    """A run of the demo's recipe."""
    settings = settings_from(load_recipe("demo").values)
    run = Run(
        folder.slug, name, 1, "/models/base.safetensors", "builtin", settings, "ohwx", "woman"
    )
    return create_run(folder, run)


def open_tab(tab: Any, title: str) -> None:
    """Tabs are plain buttons on gradio 3."""
    named = re.compile(rf"^\s*{title}\s*$")
    tab.locator("#t2p_tabs button:visible", has_text=named).first.click()
