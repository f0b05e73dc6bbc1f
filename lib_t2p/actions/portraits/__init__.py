"""What a person does with portraits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.actions.portraits.portraits import (
        change_rule,
        choices_of,
        empty_bin,
        free_series_name,
        move_by_hand,
        open_kept,
        paint_more,
        preview_prompts,
        series_status,
        stop_portraits,
        submit_portraits,
        workspace_choices,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
