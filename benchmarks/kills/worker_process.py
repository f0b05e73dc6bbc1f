"""The product's worker, with the benchmark's clock and disk; starts its painter likewise."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from benchmarks.kills import shim

shim.install(Path(os.environ[shim.FOLDER]))

from lib_t2p.jobs import starting  # noqa: E402
from lib_t2p.worker.__main__ import main  # noqa: E402

starting.PAINTER = "benchmarks.kills.painter_process"

if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)
