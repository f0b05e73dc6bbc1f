from __future__ import annotations

from pathlib import Path

import pytest
from webui_standin import Standin, install


@pytest.fixture
def webui(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Standin:
    """A WebUI that was started without flags."""
    return install(monkeypatch, tmp_path)
