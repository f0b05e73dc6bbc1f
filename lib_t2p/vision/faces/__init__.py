"""Faces: found, aligned, embedded, measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.vision.faces.checking import FaceCheck, check_faces
    from lib_t2p.vision.faces.light import FaceLight, cut_share, face_light, light_of
    from lib_t2p.vision.faces.package_files import require_module
    from lib_t2p.vision.faces.pose import HeadPose, head_pose
    from lib_t2p.vision.faces.tools import VisionTools, load_tools
    from lib_t2p.vision.faces.turning import turn_of

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
