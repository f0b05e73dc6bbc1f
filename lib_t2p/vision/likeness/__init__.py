"""Whether two pictures show the same picture, shot or face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.vision.likeness.perceptual_hashes import (
        PictureHashes,
        distance,
        hash_picture,
        mirror_distance,
    )
    from lib_t2p.vision.likeness.same_face import SAME_PICTURE, face_patch, picture_difference
    from lib_t2p.vision.likeness.same_picture import (
        PHOTO_COPY,
        Shape,
        nearest_likeness,
        picture_shape,
        same_as_others,
    )
    from lib_t2p.vision.likeness.same_shot import SAME_SHOT, Chip, face_chip, shot_likeness

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
