"""What the rooms above need to look at photos, in one bundle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.vision.faces.model_files import ARCFACE, SFACE, YUNET, read_model
from lib_t2p.vision.faces.package_files import require_module
from lib_t2p.vision.results import Embedder, FaceDetector
from lib_t2p.workspace import EMBEDDERS

NEEDED = (
    ("cv2", "opencv-python-headless"),
    ("dlib", "dlib-bin"),
    ("imagehash", "ImageHash"),
)


@dataclass(frozen=True)
class VisionTools:
    """A face detector and an identity."""

    detector: FaceDetector
    embedder: Embedder

    @property
    def mark(self) -> str:
        """By what two processes see that they look with the same tools."""
        return f"{self.detector.name}\n{self.embedder.name}"


def load_tools(embedder: str = "dlib", folder: Path | None = None) -> VisionTools:
    """Load the tools of one kind.

    Args:
        embedder: dlib (with BlazeFace; both come with our packages), sface (with YuNet) or
            arcface (with BlazeFace).
        folder: holds the files of the latter two.

    Raises:
        SetupError: a package or file is missing or broken; names it.
        InputError: there is no such embedder, or its folder is not set.
    """
    for module, package in NEEDED:
        require_module(module, package)
    # Imported here so that a missing package is named instead of failing at our own import.
    from lib_t2p.vision.faces.faces import BlazeFaceDetector

    if embedder == "dlib":
        from lib_t2p.vision.faces.identity import DlibEmbedder

        return VisionTools(BlazeFaceDetector(), DlibEmbedder())
    if embedder not in EMBEDDERS:
        raise InputError(f"There is no embedder {embedder!r}: choose {', '.join(EMBEDDERS)}.")
    if folder is None:
        raise InputError(
            f"The embedder {embedder} needs files of yours: name their folder in the settings "
            "(face models), or choose dlib."
        )
    if embedder == "sface":
        from lib_t2p.vision.faces.blazeface import YuNetDetector
        from lib_t2p.vision.faces.sface import SFaceEmbedder

        detector, recogniser = read_model(folder, YUNET), read_model(folder, SFACE)
        return VisionTools(YuNetDetector(detector), SFaceEmbedder(recogniser))
    from lib_t2p.vision.faces.arcface import ArcFaceEmbedder

    return VisionTools(BlazeFaceDetector(), ArcFaceEmbedder(read_model(folder, ARCFACE)))
