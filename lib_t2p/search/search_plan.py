"""How a search chooses runs and when it gives one up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from lib_t2p.errors import SettingsError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.painting import ComparedPictures, compared_faults, compared_from
from lib_t2p.workspace import SweepFolder

SCHEMA = 1
Sampler = Literal["grid", "random", "tpe"]
SAMPLERS: tuple[str, ...] = get_args(Sampler)
TPE_COHORT = 4
"""Runs that TPE proposes before it looks at their scores."""


@dataclass(frozen=True)
class Rung:
    """A point at which runs are compared.

    Attributes:
        trained: share of a run's epochs that are trained by then, above 0 to 1.
        kept: share of a cohort that is trained on, 0 to 1; at least one run is.
    """

    trained: float
    kept: float


RUNGS = (Rung(0.2, 1 / 3), Rung(0.5, 1 / 6), Rung(1.0, 0.0))
"""Of 12 runs 4 reach half their epochs and 2 the end: 38 % of the steps of the whole sweep.

Successive halving (K. Jamieson, A. Talwalkar, "Non-stochastic Best Arm Identification and
Hyperparameter Optimization", 2016) with fewer rungs, since a rung costs a grid.
"""
WITHOUT_STOPPING = (Rung(1.0, 0.0),)


@dataclass(frozen=True)
class SearchPlan:
    """What a sweep hands over to a search.

    Attributes:
        sampler: `grid` tries every combination, `random` and `tpe` as many as `trials` says.
        look: how the pictures are painted by which runs are compared.
        trials: runs that are begun; 0 is every combination.
        rungs: in the order of training; the last one is the end.
        seed: of the sampler.
    """

    sampler: Sampler
    look: ComparedPictures
    trials: int = 0
    rungs: tuple[Rung, ...] = RUNGS
    seed: int = 0

    def cohort_size(self, combinations: int) -> int:
        """Runs that are begun and compared together."""
        wanted = min(self.trials or combinations, combinations)
        return min(wanted, TPE_COHORT) if self.sampler == "tpe" else wanted


def survivors(count: int, rung: Rung) -> int:
    """How many of a cohort are trained on after a rung; `count` is the whole cohort's size."""
    return max(1, math.ceil(count * rung.kept - 1e-9)) if rung.trained < 1 else 0


def rung_epoch(epochs: int, every: int, rung: Rung) -> int:
    """Epoch after which a run is compared.

    Args:
        epochs: of the whole run, from 1.
        every: epochs between two saved models; 0 saves at the end only.
        rung: the point.

    Returns:
        The first saved epoch at or after the rung's share; the last epoch at the latest.
    """
    wanted = math.ceil(epochs * rung.trained - 1e-9)
    if rung.trained >= 1 or every <= 0:
        return epochs
    return min(epochs, max(1, math.ceil(wanted / every)) * every)


def plan_faults(plan: SearchPlan) -> list[str]:
    """Everything that keeps a search from being begun."""
    faults = compared_faults(plan.look)
    if plan.sampler not in SAMPLERS:
        faults.append(f"the sampler is {plan.sampler!r}, but must be {', '.join(SAMPLERS)}")
    if plan.trials < 0:
        faults.append(f"trials is {plan.trials}, but must be 0 (every combination) or more")
    if plan.sampler != "grid" and not plan.trials:
        faults.append(f"the sampler {plan.sampler} needs a number of trials: the runs to begin")
    return faults + _rung_faults(plan.rungs)


def _rung_faults(rungs: Sequence[Rung]) -> list[str]:
    shares = [rung.trained for rung in rungs]
    if not shares or shares[-1] != 1 or shares != sorted(set(shares)) or shares[0] <= 0:
        told = ", ".join(f"{share:g}" for share in shares) or "none"
        return [f"the rungs are {told}: they must grow from above 0 to 1"]
    return [
        f"a rung keeps {rung.kept:g} of the runs, but must keep 0 to 1 of them"
        for rung in rungs
        if not 0 <= rung.kept <= 1
    ]


def write_search(place: SweepFolder, plan: SearchPlan) -> None:
    """Check and store; raises `SettingsError` with all faults at once."""
    faults = plan_faults(plan)
    if faults:
        raise SettingsError("This search cannot be used", faults)
    write_record(place.search, SCHEMA, asdict(plan))


def read_search(place: SweepFolder) -> SearchPlan:
    """Read what `write_search` stored.

    Raises:
        WorkspaceError: missing or damaged.
        SettingsError: all faults of its values.
        NewerSchemaError: written by a newer Text to Person.
    """
    body: dict[str, Any] = dict(read_record(place.search, SCHEMA))
    try:
        plan = SearchPlan(
            **{f.name: body[f.name] for f in fields(SearchPlan) if f.name not in ("look", "rungs")},
            look=compared_from(body["look"]),
            rungs=tuple(Rung(**entry) for entry in body["rungs"]),
        )
    except (KeyError, TypeError) as error:
        raise WorkspaceError(f"{place.search} is damaged: begin the search again.") from error
    faults = plan_faults(plan)
    if faults:
        raise SettingsError(f"{place.search} cannot be used", faults)
    return plan
