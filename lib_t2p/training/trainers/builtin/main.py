"""Train the LoRA of one run folder."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from lib_t2p.errors import T2PError
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.training.runs import read_run, saved_models
from lib_t2p.training.trainers.builtin.charts import Charts
from lib_t2p.training.trainers.builtin.keeping import Keeper
from lib_t2p.training.trainers.builtin.loop import START, Loop
from lib_t2p.training.trainers.builtin.reporting import LineReporter
from lib_t2p.training.trainers.builtin.session import choose_device, open_session
from lib_t2p.workspace import RunFolder

LOG = logging.getLogger(__name__)


def train(folder: RunFolder, reporter: Reporter, device: torch.device) -> list[str]:
    """Train from the last state, or from the start, to the end.

    Returns:
        Paths of all LoRAs of the run, oldest first.

    Raises:
        T2PError: the training cannot go on; nothing that was saved is lost.
    """
    run = read_run(folder)
    session = open_session(folder, run, reporter, device)
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run as a program; 0 when the last LoRA is in place."""
    parser = argparse.ArgumentParser(prog="builtin", description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    reporter = LineReporter(sys.stdout)
    try:
        models = train(RunFolder(options.run.absolute()), reporter, choose_device())
    except T2PError as error:
        LOG.error("%s", error)
        reporter.failed(str(error))
        return 1
    reporter.finished(models)
    return 0
