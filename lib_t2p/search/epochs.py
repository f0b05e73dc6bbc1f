"""How many epochs a run has, and after which of them it saves."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.preflight import collect_images, step_plan
from lib_t2p.preflight.checks import data_dirs
from lib_t2p.runs import read_run
from lib_t2p.workspace import RunFolder


@dataclass(frozen=True)
class RunEpochs:
    """Epochs of a run.

    Attributes:
        total: of the whole training, from 1.
        every: epochs between two saved models; 0 when it saves at its end only.
    """

    total: int
    every: int


def epochs_of(folder: RunFolder) -> RunEpochs:
    """The epochs of a stored run; counted from its photos when its settings give steps.

    Raises:
        InputError, DatasetError: the run or its dataset can't be read.
    """
    run = read_run(folder)
    settings = run.settings
    every = settings.save_every_n_epochs or 0
    if settings.max_train_epochs:
        return RunEpochs(settings.max_train_epochs, every)
    train, reg = data_dirs(settings, folder.person.dataset(run.dataset).root)
    return RunEpochs(step_plan(collect_images(train, reg, settings), settings).epochs, every)
