"""From scores to a verdict: summaries, statistics, ranking, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores, read_scores
    from lib_t2p.scores.verdict.statistics import MIN_SEEDS, Interval
    from lib_t2p.scores.verdict.summaries import (
        Candidate,
        Summary,
        band_limit,
        copy_limit,
        photo_limit,
        real_interval,
        summarise,
        summary_of,
    )
    from lib_t2p.scores.verdict.verdict import Verdict, front, judge, judged_models
    from lib_t2p.scores.verdict.verdict_words import distance_numbers

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
