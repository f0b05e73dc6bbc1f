"""Who looks at pictures that are scored, as the person set it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lib_t2p.preferences import read_preferences
from lib_t2p.workspace import Workspace

if TYPE_CHECKING:
    from lib_t2p.vision.tools import VisionTools


def scoring_tools(workspace: Workspace) -> VisionTools:
    """Load the tools that are set; datasets are always looked at by dlib.

    Raises:
        SetupError: a package or a file is missing or broken.
        InputError: the folder of face models is not set.
    """
    from lib_t2p.vision.tools import load_tools

    set_ = read_preferences(workspace)
    return load_tools(set_.embedder, Path(set_.face_models) if set_.face_models else None)
