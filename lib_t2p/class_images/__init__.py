"""Painting regularisation images: pictures of the class by the base checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.class_images.checkpoint_hash import checkpoint_digest
    from lib_t2p.class_images.class_painting import paint_set
    from lib_t2p.class_images.class_plan import (
        PROMPT,
        SCHEMA,
        ClassPlan,
        plan_from,
        read_set,
        write_set,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
