"""The built-in trainer as a program: train the LoRA of one run folder."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from lib_t2p.diffusion import recognise
from lib_t2p.errors import T2PError
from lib_t2p.preflight import collect_images
from lib_t2p.runs.runs import Run, data_folders, read_run
from lib_t2p.runs.trainers.builtin import unused_packages
from lib_t2p.runs.trainers.builtin.reporting import LineReporter
from lib_t2p.runs.trainers.builtin.sample_times import draws_samples
from lib_t2p.workspace import RunFolder

LOG = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run as a program; 0 when the last LoRA is in place."""
    parser = argparse.ArgumentParser(prog="builtin", description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    folder = RunFolder(parser.parse_args(argv).run.absolute())
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    reporter = LineReporter(sys.stdout)
    try:
        reporter.phase("checking")
        run = check_inputs(folder)
        reporter.phase("starting")
        unused_packages.keep_idle()
        if not draws_samples(run.settings):
            unused_packages.hide()
        # torch takes seconds to import, which bad input need not wait for.
        from lib_t2p.runs.trainers.builtin.loop import train

        models = train(folder, reporter)
    except T2PError as error:
        LOG.error("%s", error)
        reporter.failed(str(error))
        return 1
    reporter.finished(models)
    return 0


def check_inputs(folder: RunFolder) -> Run:
    """Raise what is wrong with settings, pictures or checkpoint, before anything heavy."""
    run = read_run(folder)
    train, reg = data_folders(folder, run)
    collect_images(train, reg, run.settings)
    recognise(Path(run.checkpoint))
    return run
