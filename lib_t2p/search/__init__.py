"""Looking for the best settings of a sweep without training every run to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.search.rung_grids import scored_search_grids
    from lib_t2p.search.search_plan import (
        RUNGS,
        SAMPLERS,
        WITHOUT_STOPPING,
        Sampler,
        SearchPlan,
        plan_faults,
        read_search,
        write_search,
    )
    from lib_t2p.search.step import SearchStep

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
