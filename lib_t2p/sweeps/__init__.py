"""Runs that differ in named settings: what they are, in which order they run, what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.sweeps.points import Point
    from lib_t2p.sweeps.ready import ReadySweep, list_ready, load_ready
    from lib_t2p.sweeps.seed_spread import SeedGroup, groups_of, noise_floor, noise_sentence
    from lib_t2p.sweeps.status import REFUSED, WAITING, RunStatus, sweep_status
    from lib_t2p.sweeps.storing import read_sweep, write_sweep
    from lib_t2p.sweeps.sweep import Mode, Repeated, Sweep, checked_sweep, with_values
    from lib_t2p.sweeps.sweep_axes import axis_of
    from lib_t2p.sweeps.sweep_cost import (
        Judgement,
        SweepForecast,
        SweepPlan,
        plan_sweep,
        read_forecast,
        write_forecast,
    )
    from lib_t2p.sweeps.sweep_folders import made_runs, make_run, repeated_data
    from lib_t2p.sweeps.sweep_results import RunResult, read_results, write_results
    from lib_t2p.sweeps.sweep_runs import BASE, SweepRun, expand

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
