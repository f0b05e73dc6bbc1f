"""`python -m lib_t2p.worker --workspace ROOT`: started by `jobs.starting`, never by a person."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lib_t2p.errors import T2PError
from lib_t2p.jobs import core_python
from lib_t2p.jobs.processes import find_devices
from lib_t2p.platforms import on_termination
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.worker.lane import WorkerOptions
from lib_t2p.worker.main import Worker
from lib_t2p.workspace import open_workspace

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a workspace; 0 when the worker left on its own."""
    defaults = WorkerOptions()
    parser = argparse.ArgumentParser(prog="python -m lib_t2p.worker", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--idle-exit", type=float, default=defaults.idle_exit, metavar="SECONDS")
    parser.add_argument(
        "--painter-after", type=float, default=defaults.painter_after, metavar="SECONDS"
    )
    parsed = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s: %(message)s"
    )
    options = WorkerOptions(idle_exit=parsed.idle_exit, painter_after=parsed.painter_after)
    try:
        workspace = open_workspace(parsed.workspace)
        devices = find_devices(core_python())
        _log.info("runs may use %s", ", ".join(device.title for device in devices))
        names = [device.name for device in devices]
        worker = Worker(workspace, JOB_FUNCTIONS, options, devices=names)
        on_termination(worker.terminate)
        worker.run()
    except T2PError as error:
        _log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    # A lane's thread may still be inside a job that was given back: only the end of the
    # process stops it, and it must not finish that job a second time.
    os._exit(code)
