from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    for module in ("submitting", "queue", "portraits", "overnight"):
        monkeypatch.setattr(f"lib_t2p.actions.{module}.ensure_worker", lambda _: None)
    return open_workspace(tmp_path / "work space")
