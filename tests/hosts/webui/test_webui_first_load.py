"""AUTOMATIC1111 loads its first checkpoint in a thread of its own: ours must not meet it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from test_webui_painter import painter, request
from webui_standin import SD15, Standin, write_header

from lib_t2p.hosts.webui.webui_painter import await_first_load


class ModelData:
    """`sd_models.model_data`, which loads when it is asked first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.told: list[str] = []

    def get_sd_model(self) -> Any:
        with self.lock:
            self.told.append("loaded")
        return object()


@pytest.fixture
def data(webui: Standin, monkeypatch: pytest.MonkeyPatch) -> ModelData:
    made = ModelData()
    monkeypatch.setattr(sys.modules["modules.sd_models"], "model_data", made, raising=False)
    return made


def test_a_picture_waits_for_the_first_load(
    data: ModelData, webui: Standin, tmp_path: Path
) -> None:
    base = write_header(tmp_path / "base.safetensors", SD15)
    webui.offer_checkpoint(base)
    data.lock.acquire()
    painting = threading.Thread(target=lambda: painter().paint(request(base)))
    painting.start()
    painting.join(0.2)
    assert webui.requests == []
    data.lock.release()
    painting.join(30)
    assert len(webui.requests) == 1
    assert data.told == ["loaded"]


def test_where_nothing_is_loaded_ahead_nothing_is_waited_for(webui: Standin) -> None:
    await_first_load()
