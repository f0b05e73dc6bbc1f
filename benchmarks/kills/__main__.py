"""`python -m benchmarks.kills`: see the package."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import benchmarks.kills as package
from benchmarks.kills import shim


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all, print the table; 1 when anything was lost, doubled or stood still."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.kills",
        description=package.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", type=Path, default=Path("benchmark-kills"))
    parser.add_argument("--limit", type=float, default=600.0, help="seconds of a trial")
    parser.add_argument("--fresh", action="store_true", help="forget what was tried before")
    parser.add_argument("--only", default="", help="kinds whose title holds this")
    options = parser.parse_args(arguments)
    scratch = options.scratch.absolute()
    if options.fresh:
        shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="t2p-kills-") as hooks:
        shim.install(Path(hooks))
        # Only now, with the clock of the trials.
        from benchmarks.kills.trials import run_trials

        return run_trials(options, scratch, Path(hooks))


if __name__ == "__main__":
    sys.exit(main())
