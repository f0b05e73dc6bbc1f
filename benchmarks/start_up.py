"""What Text to Person adds to the start of a WebUI, and what opening its tab costs instead.

    python -m benchmarks.start_up --webui FOLDER --python ITS_PYTHON [--pairs 5]

The WebUI is started without and with the extension in turn, after one start of each that is not
counted (byte code, caches). Its own start-up record tells the seconds of each phase. Those of
importing torch and of loading the scripts of others are left out: they vary by more than is
measured, and nothing of ours runs in them.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.paired import mean_interval
from lib_t2p.cli_output import Output

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 0.3
"""Seconds that may be added to a start."""
NOT_OURS = ("import torch", "import gradio", "launcher", "initialize shared", "other imports")
OUR_SCRIPT = "text_to_person.py"
DEBUG = "--ui-debug-mode"
"""No checkpoint is loaded meanwhile."""


@dataclass(frozen=True)
class Start:
    """One start.

    Attributes:
        phases: phase -> seconds, of those in which extensions do something.
        page: seconds until our page was told when first asked for; 0 without us.
    """

    phases: Mapping[str, float]
    page: float

    @property
    def seconds(self) -> float:
        """Of all phases."""
        return sum(self.phases.values())


def phases(record: Mapping[str, Any]) -> dict[str, float]:
    """Top phases of the WebUI's start-up record in which an extension like ours runs."""
    told: Mapping[str, float] = record["records"]
    return {name: seconds for name, seconds in told.items() if _may_be_ours(name)}


def _may_be_ours(phase: str) -> bool:
    if phase.endswith(".py"):
        return phase == OUR_SCRIPT
    return "/" not in phase and not phase.startswith(NOT_OURS)


def started(webui: Any, data: Path, *, with_us: bool) -> Start:
    """Start the WebUI once on the data in a folder, and end it."""
    from real_webui import PAGE, start, stop

    running = start(webui, data, DEBUG)
    try:
        found = phases(running.get("/internal/profile-startup"))
        begun = time.perf_counter()
        if with_us:
            running.get(PAGE)
        return Start(found, time.perf_counter() - begun if with_us else 0.0)
    finally:
        stop(running)


def install_seconds(webui: Any, extension: Path) -> float:
    """What `install.py` takes when nothing is missing; the WebUI runs it at each start."""
    argv = [str(webui.python), "install.py"]
    begun = time.perf_counter()
    subprocess.run(argv, cwd=extension, env={"PYTHONPATH": str(webui.folder)}, check=True)
    return time.perf_counter() - begun


def report(output: Output, without: Sequence[Start], with_us: Sequence[Start]) -> bool:
    """Print the phases and what is added; whether that keeps to the limit."""
    output.line(f"{'seconds (median)':28} {'without':>8} {'with':>8} {'added':>8}")
    names = list(dict.fromkeys(name for one in (*without, *with_us) for name in one.phases))
    for name in names:
        sides = [
            statistics.median(one.phases.get(name, 0.0) for one in side)
            for side in (without, with_us)
        ]
        if max(sides) >= 0.005 or name == OUR_SCRIPT:
            output.line(f"{name:28} {sides[0]:8.2f} {sides[1]:8.2f} {sides[1] - sides[0]:8.2f}")
    pairs = list(zip(without, with_us, strict=True))
    added = [ours.seconds - theirs.seconds for theirs, ours in pairs]
    middle = statistics.median(added)
    output.line(f"added to the start: median {middle:.2f} s, mean {mean_interval(added)} s")
    page = statistics.median(one.page for one in with_us)
    output.line(f"first opening of the tab, until its page is there: {page:.2f} s")
    return middle < LIMIT


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; 1 when more than the limit is added."""
    sys.path.insert(0, str(ROOT / "tests" / "host"))
    from real_webui import Webui, copy_extension

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--webui", type=Path, required=True, help="folder with launch.py")
    parser.add_argument("--python", type=Path, required=True, help="its interpreter")
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args(argv)
    webui = Webui(options.webui.absolute(), options.python.absolute())
    output = Output()
    with tempfile.TemporaryDirectory(prefix="t2p start ") as folder:
        alone, ours = Path(folder) / "alone", Path(folder) / "with us"
        (alone / "extensions").mkdir(parents=True)
        extension = copy_extension(ROOT, ours)
        sides: tuple[list[Start], list[Start]] = ([], [])
        for number in range(options.pairs + 1):
            for data, with_us, side in ((alone, False, sides[0]), (ours, True, sides[1])):
                one = started(webui, data, with_us=with_us)
                if number:
                    side.append(one)
        kept = report(output, *sides)
        install = statistics.median(install_seconds(webui, extension) for _ in range(options.pairs))
        output.line(f"install.py with nothing to do: {install:.2f} s")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
