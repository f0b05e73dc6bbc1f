"""Saved models by axes: plan, cells, and how they are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.grids.adding import with_values
    from lib_t2p.grids.cell_pace import keep_pace, pace
    from lib_t2p.grids.chain import KINDS, chain_of, links_of, queue_grid
    from lib_t2p.grids.compare_presets import READY, ready_axes, ready_prompts
    from lib_t2p.grids.fitting import misfits, refuse_misfits
    from lib_t2p.grids.grid_plan import DENOISING, NEWEST, GridPlan, looked_plan
    from lib_t2p.grids.plan_files import plan_faults, read_plan, with_dataset, write_plan
    from lib_t2p.grids.prompt_sets import MOST_MODELS, prompt_sets_plan, sets_in
    from lib_t2p.grids.run_marks import mark_notes, shown_plan
    from lib_t2p.grids.typed_axes import (
        SWEEP_VALUE,
        checked_plan,
        named_axes,
        naming_faults,
        split,
        swept_values,
        typed_axis,
        typed_numbers,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
