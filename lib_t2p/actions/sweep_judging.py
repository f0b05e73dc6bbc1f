"""What is known of a run of a sweep before it starts: refused, warned of, and how long it takes."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.diffusion.families import recognise
from lib_t2p.errors import T2PError
from lib_t2p.training.forecast import StepPlan, step_plan
from lib_t2p.training.images import collect_images
from lib_t2p.training.settings import Settings, settings_from
from lib_t2p.training.sweeps.expanding import SweepRun
from lib_t2p.training.sweeps.planning import Judgement
from lib_t2p.training.trainers.registry import trainer_named
from lib_t2p.workspace import PersonFolder, Workspace


class RunJudge:
    """Judges runs of one person.

    Args:
        workspace: where this machine's measurements lie.
        person: whose datasets are trained on.
    """

    def __init__(self, workspace: Workspace, person: PersonFolder) -> None:
        self._workspace = workspace
        self._person = person

    def __call__(self, run: SweepRun) -> Judgement:
        """Judge a run whose settings passed their own checks."""
        try:
            settings = settings_from(run.point.settings)
            recognise(Path(run.point.checkpoint))
            trainer_named(run.point.trainer)
            self._plan(run, settings)
        except T2PError as error:
            return Judgement(errors=(str(error),))
        return Judgement()

    def _plan(self, run: SweepRun, settings: Settings) -> StepPlan:
        dataset = self._person.dataset(run.point.dataset)
        reg = dataset.root / settings.reg_data_dir if settings.reg_data_dir else None
        images = collect_images(dataset.root / settings.train_data_dir, reg, settings)
        return step_plan(images, settings)
