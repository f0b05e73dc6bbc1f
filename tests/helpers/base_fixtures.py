"""Tiny bases, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_fakes import write_base


@pytest.fixture(scope="session")
def sd15_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("diffusers")
    return write_base(tmp_path_factory.mktemp("sd15_base"), sdxl=False)


@pytest.fixture(scope="session")
def sdxl_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("diffusers")
    return write_base(tmp_path_factory.mktemp("sdxl_base"), sdxl=True)
