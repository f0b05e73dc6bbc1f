"""What can be seen in a photo: face, identity, sharpness, hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.vision.boxes import containment, intersection, moved
    from lib_t2p.vision.burnt import burnt_share
    from lib_t2p.vision.picture_detail import blockiness, enlargement, noise
    from lib_t2p.vision.results import Box, Embedding, Face, Picture
    from lib_t2p.vision.sharpness import face_sharpness, picture_sharpness

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
