"""`python -m benchmarks.attacks [--no-browser] [--only WORDS]`: the written list, one line each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.attacks.attack import Attack
from benchmarks.attacks.listing import ATTACKS
from benchmarks.attacks.target import Target, running_target
from lib_t2p.cli_output import Output

HELD, THROUGH = "held", "GOT THROUGH"


def tried(one: Attack, target: Target) -> str:
    """What got through; a fault of the attack itself counts as that, since nobody knows then."""
    target.visits.clear()
    try:
        return one.act(target)
    except Exception as error:  # noqa: BLE001
        return f"the attack ended with {type(error).__name__}: {error}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all; 1 when one got through."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacks", description=__doc__)
    parser.add_argument("--no-browser", action="store_true", help="leave out what needs Chromium")
    parser.add_argument("--only", default="", metavar="WORDS", help="those whose name holds them")
    args = parser.parse_args(arguments)
    chosen = [a for a in ATTACKS if not (args.no_browser and a.needs_browser)]
    chosen = [a for a in chosen if args.only in a.name]
    output = Output()
    through = 0
    with TemporaryDirectory(prefix="attacks") as folder, running_target(Path(folder)) as target:
        for one in chosen:
            what = tried(one, target)
            through += bool(what)
            verdict = f"{THROUGH}: {what}" if what else HELD
            output.line(f"{one.name:<48} {one.tried:<56} {verdict}")
    output.line(f"{len(chosen)} attacks, {through} got through.")
    return 1 if through else 0


if __name__ == "__main__":
    sys.exit(main())
