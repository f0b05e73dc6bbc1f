"""Who looks at pictures that are scored, as the person set it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lib_t2p.workspace import Workspace, read_preferences

if TYPE_CHECKING:
    from lib_t2p.scores import Measuring, ObedienceJudge
    from lib_t2p.vision.faces import VisionTools


def scoring_tools(workspace: Workspace) -> VisionTools:
    """Load the tools that are set; datasets are always looked at by dlib.

    Raises:
        SetupError: a package or a file is missing or broken.
        InputError: the folder of face models is not set.
    """
    from lib_t2p.vision.faces import load_tools

    set_ = read_preferences(workspace)
    return load_tools(set_.embedder, Path(set_.face_models) if set_.face_models else None)


def scoring_crew(workspace: Workspace, tools: VisionTools) -> Measuring:
    """Several processes that measure with these tools, which `scoring_tools` gave."""
    from lib_t2p.jobs import processes_here
    from lib_t2p.scores import MeasuringCrew

    set_ = read_preferences(workspace)
    folder = Path(set_.face_models) if set_.face_models else None
    return MeasuringCrew(tools, set_.embedder, folder, processes_here())


def obedience_judge(workspace: Workspace) -> ObedienceJudge | None:
    """The CLIP model that is set; None when obedience is not to be judged.

    Raises:
        InputError: the folder that is set holds no CLIP model.
    """
    folder = read_preferences(workspace).clip_folder
    if not folder:
        return None
    from lib_t2p.diffusion import ClipJudge

    return ClipJudge(Path(folder))
