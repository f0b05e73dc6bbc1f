"""An empty workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")
