"""What stands beside a picture: where it comes from, editing it, writing it as kohya reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.dataset.captions.book import CaptionBook, read_captions, write_captions
    from lib_t2p.dataset.captions.editing import KINDS, Change, Edit, EditKind, preview
    from lib_t2p.dataset.captions.template import (
        DEFAULT,
        check_places,
        distance_words,
        fill,
        pose_words,
    )
    from lib_t2p.dataset.captions.traits import neutral_sentence

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
