"""The built-in trainer as a program: train the LoRA of one run folder."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from lib_t2p.diffusion import recognise
from lib_t2p.errors import T2PError
from lib_t2p.jobs.events import (
    Event,
    Failed,
    Finished,
    Image,
    Metric,
    Phase,
    Progress,
    Warned,
    to_line,
)
from lib_t2p.preflight import collect_images
from lib_t2p.runs.runs import Run, data_folders, read_run
from lib_t2p.runs.trainers.builtin import unused_packages
from lib_t2p.runs.trainers.builtin.sample_times import draws_samples
from lib_t2p.workspace import RunFolder


class LineReporter:
    """A `Reporter` that writes one JSON line per event.

    Args:
        stream: where to write.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def phase(self, name: str) -> None:
        """A named part begins."""
        self._write(Phase(time.time(), name))

    def progress(
        self,
        done: int,
        total: int,
        unit: str,
        *,
        seconds_left: float | None = None,
        epoch: int | None = None,
    ) -> None:
        """`done` of `total` units."""
        self._write(Progress(time.time(), done, total, unit, seconds_left, epoch))

    def metric(self, tag: str, step: int, value: float) -> None:
        """A number at a step."""
        self._write(Metric(time.time(), tag, step, value))

    def image(self, path: str, caption: str) -> None:
        """A sample image was written."""
        self._write(Image(time.time(), path, caption))

    def saved(self, path: str, epoch: int, step: int) -> None:
        """Told by who watches this process."""

    def warning(self, message: str) -> None:
        """Something a person should know."""
        self._write(Warned(time.time(), message))

    def check_stop(self) -> None:
        """A stop ends the process from outside."""

    def stop_after_save(self) -> bool:
        """A stop comes from outside."""
        return False

    def device_variables(self) -> Mapping[str, str]:
        """This process starts no other."""
        return {}

    def finished(self, models: list[str]) -> None:
        """The last LoRA is in place."""
        self._write(Finished(time.time(), {"models": models}))

    def failed(self, reason: str) -> None:
        """The training ended badly."""
        self._write(Failed(time.time(), reason))

    def _write(self, event: Event) -> None:
        self._stream.write(to_line(event) + "\n")
        self._stream.flush()


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
