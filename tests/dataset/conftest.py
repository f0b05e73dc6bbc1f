"""A person in an empty workspace, and tools that need no models."""

from __future__ import annotations

from pathlib import Path

import pytest
from dataset_fakes import fake_tools

from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import PersonFolder, open_workspace


@pytest.fixture
def person(tmp_path: Path) -> PersonFolder:
    workspace = open_workspace(tmp_path / "workspace")
    return create_person(workspace, Person("Ada", "adal", "woman", "mine", "2024-01-01"))


@pytest.fixture
def fakes() -> VisionTools:
    return fake_tools()


@pytest.fixture
def reporter() -> SilentReporter:
    return SilentReporter()
