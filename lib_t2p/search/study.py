"""The search's memory: an Optuna study in an SQLite file beside the sweep.

All that is known of a trial lies in the study: its parameters, its scores at the rungs, and
whether it is trained on. So a search goes on after a crash from this file and the runs alone.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lib_t2p.errors import WorkspaceError
from lib_t2p.search.search_plan import SearchPlan
from lib_t2p.workspace import SweepFolder

if TYPE_CHECKING:
    import optuna

NAME = "search"
TrialState = Literal["running", "finished", "stopped early", "failed"]


@dataclass(frozen=True)
class Trial:
    """One begun run of a search.

    Attributes:
        number: from 0, in the order of proposal.
        params: parameter -> label.
        scores: rung (from 0) -> mean distance to the held-out photos; lower is closer.
        state: what became of it.
    """

    number: int
    params: Mapping[str, str]
    scores: Mapping[int, float]
    state: TrialState


class Study:
    """Proposes runs and keeps what came of them.

    Args:
        place: of the sweep.
        plan: how to choose.
        space: parameter -> labels.

    Raises:
        WorkspaceError: the study's file is damaged, or was made with other parameters.
    """

    def __init__(
        self, place: SweepFolder, plan: SearchPlan, space: Mapping[str, Sequence[str]]
    ) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._space = {name: list(labels) for name, labels in space.items()}
        self._plan = plan
        self._combinations = math.prod(len(labels) for labels in self._space.values())
        self._study = _open(place)

    @property
    def wanted(self) -> int:
        """Trials that the search begins in all."""
        return min(self._plan.trials or self._combinations, self._combinations)

    def trials(self) -> list[Trial]:
        """All trials, oldest first."""
        return [_trial(t) for t in self._study.get_trials(deepcopy=False)]

    def propose(self, count: int) -> list[Trial]:
        """Begin trials until there are `count`; a trial whose choice was cut short is completed."""
        import optuna

        for frozen in self._study.get_trials(deepcopy=False):
            if not frozen.state.is_finished() and len(frozen.params) < len(self._space):
                self._choose(optuna.trial.Trial(self._study, frozen._trial_id))
        while len(self._study.get_trials(deepcopy=False)) < count:
            self._study.sampler = self._sampler(len(self._study.get_trials(deepcopy=False)))
            self._choose(self._study.ask())
        return self.trials()

    def report(self, number: int, rung: int, score: float) -> None:
        """Keep the score of a trial at a rung; a second report of the same rung changes nothing."""
        import optuna

        frozen = self._study.get_trials(deepcopy=False)[number]
        optuna.trial.Trial(self._study, frozen._trial_id).report(score, rung)

    def end(self, number: int, state: TrialState) -> None:
        """Bring a running trial to its end; a finished one counts with its last score."""
        from optuna.trial import TrialState as Optunas

        frozen = self._study.get_trials(deepcopy=False)[number]
        if frozen.state.is_finished():
            return
        if state == "finished":
            self._study.tell(number, frozen.intermediate_values[max(frozen.intermediate_values)])
        else:
            wanted = Optunas.PRUNED if state == "stopped early" else Optunas.FAIL
            self._study.tell(number, state=wanted)

    def _choose(self, trial: optuna.trial.Trial) -> None:
        for name, labels in self._space.items():
            trial.suggest_categorical(name, labels)

    def _sampler(self, begun: int) -> optuna.samplers.BaseSampler:
        import optuna

        # A sampler has no memory of its own, so that a search that goes on proposes the same.
        seed = self._plan.seed + begun
        if self._plan.sampler == "random":
            return optuna.samplers.RandomSampler(seed=seed)
        if self._plan.sampler == "grid":
            return optuna.samplers.GridSampler(self._space, seed=self._plan.seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)


def _open(place: SweepFolder) -> optuna.Study:
    import optuna
    from sqlalchemy import URL
    from sqlalchemy.exc import SQLAlchemyError

    place.study.parent.mkdir(parents=True, exist_ok=True)
    address = URL.create("sqlite", database=place.study.absolute().as_posix())
    try:
        storage = optuna.storages.RDBStorage(address.render_as_string(hide_password=False))
        return optuna.create_study(
            storage=storage, study_name=NAME, direction="minimize", load_if_exists=True
        )
    except (optuna.exceptions.StorageInternalError, SQLAlchemyError, RuntimeError) as error:
        raise WorkspaceError(
            f"{place.study} cannot be read ({type(error).__name__}): move it away and continue "
            "the search; runs that are trained are not trained again."
        ) from error


def _trial(frozen: optuna.trial.FrozenTrial) -> Trial:
    from optuna.trial import TrialState as Optunas

    states: dict[Optunas, TrialState] = {
        Optunas.COMPLETE: "finished",
        Optunas.PRUNED: "stopped early",
        Optunas.FAIL: "failed",
    }
    return Trial(
        number=frozen.number,
        params={name: str(value) for name, value in frozen.params.items()},
        scores=dict(frozen.intermediate_values),
        state=states.get(frozen.state, "running"),
    )
