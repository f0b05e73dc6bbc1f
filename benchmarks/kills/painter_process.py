"""The product's painter, with the benchmark's clock and disk."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from benchmarks.kills import shim

shim.install(Path(os.environ[shim.FOLDER]))

from lib_t2p.hosts.standalone.painter_process import main  # noqa: E402

if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)
