"""What a person does with grids, votes and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.actions.grids.grid_sweeps import base_of, sweep_models, sweeps_of
    from lib_t2p.actions.grids.grid_values import (
        WEIGHTS,
        Added,
        KnownModel,
        added_values,
        axes_from,
        known_models,
        with_paths,
    )
    from lib_t2p.actions.grids.grids import (
        GridState,
        add_to_grid,
        continue_grid,
        grid_states,
        same_grid_at_work,
        state_of,
    )
    from lib_t2p.actions.grids.lora_comparison import OwnLoras, compare_loras
    from lib_t2p.actions.grids.rescoring import confirm_grid, score_again
    from lib_t2p.actions.grids.submit import submit_dataset, submit_grid, submit_photos
    from lib_t2p.actions.grids.votes import Booth, booth, cast, choose_candidates, undo

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
