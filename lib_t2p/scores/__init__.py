"""Measures of cells, statistics, verdict and votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.scores.confirming import (
        ENDING,
        MOST,
        confirmation_grid,
        confirmation_plan,
        contenders,
        final_verdict,
        known_verdict,
    )
    from lib_t2p.scores.grid_scores import GridData, grid_data
    from lib_t2p.scores.measuring import Measuring, measure
    from lib_t2p.scores.measuring_crew import MeasuringCrew
    from lib_t2p.scores.obedience import ObedienceJudge, judge_obedience
    from lib_t2p.scores.objective import mean_distances
    from lib_t2p.scores.real_photos import (
        References,
        distances,
        held_out_photos,
        load_references,
        reference_print,
    )
    from lib_t2p.scores.scoring import Which, score_grid
    from lib_t2p.scores.setting_effects import ComparedRun, Effect, effects

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
