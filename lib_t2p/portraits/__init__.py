"""Pictures by the hundred: prompts with wildcards, painted round by round, the best kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.portraits.choices import Choices, read_choices, write_choices
    from lib_t2p.portraits.expanding import Expander
    from lib_t2p.portraits.inputs import keep_picture, picture_stem, with_inputs_kept
    from lib_t2p.portraits.picture_sorting import Judged, judged_pictures, sort_pictures
    from lib_t2p.portraits.places import Place, choose_by_hand, folder_of
    from lib_t2p.portraits.plan import (
        PortraitPlan,
        portrait_faults,
        read_portraits,
        write_portraits,
    )
    from lib_t2p.portraits.round_painting import paint_round
    from lib_t2p.portraits.round_scoring import score_round
    from lib_t2p.portraits.rounds import (
        all_pictures,
        plan_pictures,
        preview,
        probe,
        read_round,
        write_round,
    )
    from lib_t2p.portraits.rule import KeepRule
    from lib_t2p.portraits.series_chain import (
        KINDS,
        PREVIEW,
        jobs_of,
        queue_first,
        queue_round,
        why_cut_short,
    )
    from lib_t2p.portraits.state import (
        ask_to_stop,
        begin,
        end,
        go_on,
        read_state,
        why_halted,
        why_over,
    )
    from lib_t2p.portraits.tips import Tip, progression, stamp, stylise, why_not, with_pose

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
