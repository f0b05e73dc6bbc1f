"""Tries made and mutated inputs on everything that reads what others wrote.

    python -m benchmarks.fuzz --minutes 20
    python -m benchmarks.fuzz --only typed --minutes 1 --out FOLDER
    python -m benchmarks.fuzz --replay FOLDER/typed-range-1.json

A table per target: inputs, how many were refused in a sentence, faults, the slowest input in
seconds of the processor and by the clock, and what the second half of the rounds added to the
memory. What our modules import is loaded before, so that it does not count. The exit code is 1 for
a fault, for an input that needs over 2 seconds of the processor or 10 by the clock, for memory that
grows, and for fewer inputs than 10,000 a minute.
"""

from __future__ import annotations

import argparse
import logging
import pkgutil
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import lib_t2p
from benchmarks.fuzz.keeping import keep, kept
from benchmarks.fuzz.running import (
    MIB,
    Outcome,
    growth,
    limit_memory,
    run_list,
    run_round,
    smaller,
    tried,
    warm,
)
from benchmarks.fuzz.target import Target
from benchmarks.fuzz.targets import all_targets
from lib_t2p.cli_output import Output

PER_MINUTE = 10_000
ROUNDS = 4
"""Rounds of each target in a run, so that growing memory shows."""
EXTRA = 3 * 1024 * MIB
"""Bytes that a run may take beyond those that it began with."""
GROWTH_MIB = 64.0
NOT_LOADED = ("lib_t2p.hosts.webui", ".injected.", "__main__")
"""What imports a WebUI's or a trainer's own modules, or does something at once."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0 without faults."""
    args = _parser().parse_args(arguments)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    output = Output()
    targets = [t for t in all_targets() if args.only.lower() in t.name.lower()]
    load_all()
    limit_memory(EXTRA)
    with tempfile.TemporaryDirectory(prefix="t2p-fuzz-") as scratch:
        if args.replay:
            return _replay(args.replay, targets, Path(scratch), output)
        outcomes = _run(targets, Path(scratch), args.minutes * 60.0, args.seed)
        kept_at = args.out or Path(tempfile.gettempdir()) / "t2p-fuzz-faults"
        _keep(targets, outcomes, Path(scratch), kept_at, output)
    return _tell(outcomes, args.minutes, output)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--only", default="", help="targets whose name holds this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="where inputs that fail are kept")
    parser.add_argument("--replay", type=Path, help="try one input that was kept")
    return parser


def load_all() -> None:
    """Import whatever a door would load later: the last round must not pay for it."""
    for module in pkgutil.walk_packages(lib_t2p.__path__, "lib_t2p."):
        if not any(part in module.name for part in NOT_LOADED):
            import_module(module.name)


def _run(targets: Sequence[Target], scratch: Path, seconds: float, seed: int) -> dict[str, Outcome]:
    outcomes = {target.name: Outcome() for target in targets}
    for target in targets:
        warm(target, scratch / "x")
    end = time.monotonic() + seconds
    for target in targets:
        # At most half of the time is theirs.
        run_list(target, scratch / "x", outcomes[target.name], end - seconds / 2)
    for number in range(ROUNDS):
        for place, target in enumerate(targets):
            left = end - time.monotonic()
            rest = sum(one.share for one in targets[place:])
            rest += (ROUNDS - number - 1) * sum(one.share for one in targets)
            given = left * target.share / rest
            _turn(target, scratch, outcomes[target.name], seed + 1000 * number, given)
    return outcomes


def _turn(target: Target, scratch: Path, outcome: Outcome, seed: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        most = target.renewed
        run_round(target, scratch / "x", outcome, number=seed, most=most, seconds=left)
        seed += 1


def _keep(
    targets: Sequence[Target],
    outcomes: dict[str, Outcome],
    scratch: Path,
    folder: Path,
    output: Output,
) -> None:
    for target in targets:
        for number, fault in enumerate(outcomes[target.name].faults.values(), 1):
            least = smaller(target, scratch / "small", fault)
            path = keep(folder, target.name, number, least.given, fault.reason)
            output.line(f"{target.name}: {fault.kind}: {least.given!r:.300}")
            output.line(f"  {fault.reason.strip().splitlines()[-1]:.300}")
            output.line(f"  {path}")


def _replay(path: Path, targets: Sequence[Target], scratch: Path, output: Output) -> int:
    name, given = kept(path)
    target = next(t for t in targets if t.name == name)
    with target.opened(scratch / "x") as call:
        fault, _ = tried(target, call, given)
    output.line(fault.reason if fault else f"{name} takes it, or refuses it in a sentence.")
    return 1 if fault else 0


def _tell(outcomes: dict[str, Outcome], minutes: float, output: Output) -> int:
    rows = [
        [
            name,
            str(one.inputs),
            str(one.refused),
            str(len(one.faults)),
            f"{one.slowest:.3f} s",
            f"{one.longest:.3f} s",
            f"{growth(one.memory):+.1f} MiB",
        ]
        for name, one in outcomes.items()
    ]
    output.table(
        ["target", "inputs", "refused", "faults", "slowest", "by the clock", "memory"], rows
    )
    inputs = sum(one.inputs for one in outcomes.values())
    faults = sum(len(one.faults) for one in outcomes.values())
    grown = [name for name, one in outcomes.items() if growth(one.memory) > GROWTH_MIB]
    output.line(f"{inputs} inputs on {len(outcomes)} targets: {faults} kinds of fault.")
    for name in grown:
        output.line(f"Memory grows: {name}.")
    few = inputs < PER_MINUTE * minutes
    if few:
        output.line(f"Fewer inputs than {PER_MINUTE} a minute.")
    return 1 if faults or grown or few else 0


if __name__ == "__main__":
    sys.exit(main())
