from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image
from webui_standin import Standin

from lib_t2p.errors import InputError
from lib_t2p.hosts.webui.models import help_worker
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    opened = open_workspace(tmp_path / "workspace")
    opened.cache.mkdir()
    Image.new("RGB", (40, 30), (9, 8, 7)).save(opened.cache / "small.png")
    return opened


def details(workspace: Workspace, target: str, **more: Any) -> dict[str, Any]:
    source = workspace.cache / "small.png"
    return {"source": str(source), "target": str(workspace.cache / target), **more}


def test_a_picture_is_enlarged_under_the_queue_lock(
    webui: Standin, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def resize_image(
        mode: int, im: Image.Image, width: int, height: int, upscaler_name: str | None = None
    ) -> Image.Image:
        asked.append((mode, upscaler_name, webui.lock.locked()))
        return im.resize((width, height))

    images: Any = ModuleType("modules.images")
    images.resize_image = resize_image
    monkeypatch.setitem(sys.modules, "modules.images", images)
    monkeypatch.setattr(sys.modules["modules"], "images", images, raising=False)
    wish = details(workspace, "large.png", width=80, height=60, upscaler="4x-Faces")
    help_worker(workspace, "upscale", wish)
    assert asked == [(0, "4x-Faces", True)]
    with Image.open(workspace.cache / "large.png") as large:
        assert large.size == (80, 60)


class Interrogator:
    def __init__(self, said: str) -> None:
        self.said = said

    def interrogate(self, picture: Image.Image) -> str:
        return self.said


def test_a_picture_is_described(
    webui: Standin, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modules import shared

    said = Interrogator("a woman in a park, by somebody")
    monkeypatch.setattr(shared, "interrogator", said, raising=False)
    help_worker(workspace, "interrogate", details(workspace, "said.txt"))
    text = (workspace.cache / "said.txt").read_text(encoding="utf-8")
    assert text == "a woman in a park, by somebody"
    monkeypatch.setattr(shared, "interrogator", Interrogator("a<error>"), raising=False)
    with pytest.raises(InputError, match="interrogator failed"):
        help_worker(workspace, "interrogate", details(workspace, "said.txt"))


def test_files_outside_the_cache_are_refused(webui: Standin, workspace: Workspace) -> None:
    wish = {**details(workspace, "x.png"), "target": str(workspace.root.parent / "x.png")}
    with pytest.raises(InputError, match="outside the workspace"):
        help_worker(workspace, "interrogate", wish)
