"""One training, from the last state or the start to the end."""

from __future__ import annotations

import logging

import torch

from lib_t2p.jobs.events import Reporter
from lib_t2p.runs.runs import read_run, saved_models
from lib_t2p.runs.trainers.builtin.charts import Charts
from lib_t2p.runs.trainers.builtin.loop import START, Loop
from lib_t2p.runs.trainers.builtin.saved_files import Keeper
from lib_t2p.runs.trainers.builtin.session import choose_device, open_session
from lib_t2p.workspace import RunFolder

LOG = logging.getLogger(__name__)


def train(folder: RunFolder, reporter: Reporter, device: torch.device | None = None) -> list[str]:
    """Train from the last state, or from the start, to the end.

    Args:
        folder: of the run.
        reporter: told everything.
        device: where; the best that there is when None.

    Returns:
        Paths of all LoRAs of the run, oldest first.

    Raises:
        T2PError: the training cannot go on; nothing that was saved is lost.
    """
    run = read_run(folder)
    session = open_session(folder, run, reporter, device or choose_device())
    keeper = Keeper(session, reporter)
    torch.manual_seed(run.settings.seed or 0)
    position = keeper.resume()
    if position is None:
        keeper.before_first()
    else:
        LOG.info("going on from step %d", position.step)
    start = position or START
    charts = Charts(folder.tb, reporter, start.step)
    reporter.phase("training")
    try:
        Loop(session, keeper, charts, reporter, start).run()
    finally:
        charts.close()
    return [str(model.path) for model in saved_models(folder)]
