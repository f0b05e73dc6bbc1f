"""Files of photos: what they are, opened upright in sRGB, written again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.vision.photo_files.file_kinds import HEAD, kind_of
    from lib_t2p.vision.photo_files.images import OpenedPhoto, open_photo, save_jpeg, save_png
    from lib_t2p.vision.photo_files.photo_formats import SUFFIX_OF, SUFFIXES

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
