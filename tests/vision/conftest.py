"""Real pictures that installed packages ship, and the real tools."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.results import Picture


@pytest.fixture(scope="session")
def astronaut() -> Picture:
    """NASA's portrait, 512 x 512, the face about 108 px wide around (226, 122)."""
    data = pytest.importorskip("skimage.data")
    return np.asarray(data.astronaut())


@pytest.fixture(scope="session")
def coffee() -> Picture:
    data = pytest.importorskip("skimage.data")
    return np.asarray(data.coffee())


@pytest.fixture(scope="session")
def hopper() -> Picture:
    """Another person: Grace Hopper, public domain, 512 x 600."""
    matplotlib = pytest.importorskip("matplotlib")
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    if not path.exists():
        pytest.skip("matplotlib's sample data is not here")
    return np.asarray(Image.open(path).convert("RGB"))


@pytest.fixture(scope="session")
def tools() -> VisionTools:
    from lib_t2p.errors import SetupError
    from lib_t2p.vision.faces.tools import load_tools

    try:
        return load_tools()
    except SetupError as error:
        pytest.skip(str(error))
