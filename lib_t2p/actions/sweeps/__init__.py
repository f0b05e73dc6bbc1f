"""What a person does with sweeps and searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.actions.sweeps.report_pages import (
        report_on_person,
        report_on_run,
        report_on_sweep,
    )
    from lib_t2p.actions.sweeps.searches import (
        SearchWish,
        look_for,
        newest_step,
        search_plan,
        search_steps,
    )
    from lib_t2p.actions.sweeps.sweep_request import DEFAULT_RECIPE, SweepRequest, sweep_from
    from lib_t2p.actions.sweeps.sweeps import (
        add_to_sweep,
        continue_sweep,
        draw_page,
        forecast_sweep,
        new_sweep,
        page_jobs,
        pause_sweep,
        status_of,
        stop_sweep,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
