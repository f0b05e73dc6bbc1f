"""Reading event files: ours against TensorBoard's EventAccumulator, both in one run.

    python -m benchmarks.tensorboard FOLDER [--rounds N]

FOLDER holds event files at any depth, such as the guide's logs. Both read every file whole and must
give the same numbers; rounds alternate, so that other work on the machine hits both.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from lib_t2p.cli_output import Output
from lib_t2p.curves.scalars import ScalarReader
from lib_t2p.curves.scalars.reader import event_files


def ours(path: Path) -> list[tuple[str, int, float, float]]:
    """What our reader gives."""
    return list(ScalarReader(path).read_new())


def theirs(path: Path) -> EventAccumulator:
    """What TensorBoard's gives; all scalars are kept, as by ours."""
    return EventAccumulator(str(path), size_guidance={"scalars": 0}).Reload()


def same(path: Path) -> bool:
    """Whether both give the same numbers."""
    accumulator = theirs(path)
    expected = {
        (tag, x.step, x.wall_time, x.value)
        for tag in accumulator.Tags()["scalars"]
        for x in accumulator.Scalars(tag)
    }
    return {tuple(scalar) for scalar in ours(path)} == expected


def seconds(read: Callable[[Path], object], files: list[Path]) -> float:
    """Wall time of reading all files."""
    begin = time.perf_counter()
    for file in files:
        read(file)
    return time.perf_counter() - begin


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    files = event_files(args.folder)
    if not files:
        parser.error(f"{args.folder} has no event files")
    if not all(same(file) for file in files):
        parser.error("the two readers give different numbers")
    pairs = [(seconds(ours, files), seconds(theirs, files)) for _ in range(args.rounds)]
    ratios = sorted(slow / quick for quick, slow in pairs)
    output = Output()
    numbers = sum(len(ours(file)) for file in files)
    output.line(f"{len(files)} files, {numbers} numbers, {args.rounds} rounds")
    for name, column in zip(("ours", "EventAccumulator"), zip(*pairs, strict=True), strict=True):
        output.line(f"  {name}: {1000 * statistics.median(column):.0f} ms")
    output.line(
        f"  times faster: {statistics.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
