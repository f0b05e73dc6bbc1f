"""What the rooms above need to look at photos, in one bundle."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.vision.packages import require_module
from lib_t2p.vision.results import Embedder, FaceDetector

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


def load_tools() -> VisionTools:
    """Load BlazeFace and dlib.

    Raises:
        SetupError: a package is missing or broken; names it.
    """
    for module, package in NEEDED:
        require_module(module, package)
    # Imported here so that a missing package is named instead of failing at our own import.
    from lib_t2p.vision.faces import BlazeFaceDetector
    from lib_t2p.vision.identity import DlibEmbedder

    return VisionTools(BlazeFaceDetector(), DlibEmbedder())
