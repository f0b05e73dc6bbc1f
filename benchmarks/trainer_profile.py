"""Where the built-in trainer's time goes: its start by phase, a step by operation."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.trainer_sides import PERSON, Work, builtin
from lib_t2p.cli_output import Output
from lib_t2p.runs.runs import read_run
from lib_t2p.runs.trainers.builtin.charts import Charts
from lib_t2p.runs.trainers.builtin.loop import START, Loop
from lib_t2p.runs.trainers.builtin.program import LineReporter
from lib_t2p.runs.trainers.builtin.saved_files import Keeper
from lib_t2p.runs.trainers.builtin.session import open_session
from lib_t2p.workspace.person import PersonFolder

OPERATIONS = 25


def print_profile(output: Output, work: Work) -> None:
    """Print the phases of the last measured start, then the operations of a whole training."""
    _print_phases(output, work.scratch / "last-builtin.log")
    torch.set_num_threads(work.threads)
    builtin(work, "profile", 1)
    folder = PersonFolder(work.scratch / "people" / PERSON).run("profile")
    with (work.scratch / "profile.log").open("w", encoding="utf-8") as stream:
        reporter = LineReporter(stream)
        session = open_session(folder, read_run(folder), reporter, torch.device("cpu"))
        charts = Charts(folder.tb, reporter)
        loop = Loop(session, Keeper(session, reporter), charts, reporter, START)
        with profile(activities=[ProfilerActivity.CPU]) as profiled:
            loop.run()
        charts.close()
    output.line(f"\nAll {work.steps} steps by operation")
    output.line(profiled.key_averages().table(sort_by="self_cpu_time_total", row_limit=OPERATIONS))


def _print_phases(output: Output, log: Path) -> None:
    if not log.exists():
        return
    marks = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("{"):
            event = json.loads(line)
            if event["type"] in ("phase", "finished"):
                marks.append((event["t"], event.get("name", "end")))
    output.line("\nPhases of the last run")
    pairs = itertools.pairwise(marks)
    output.table(
        ["phase", "seconds"], [[name, f"{end - begin:.2f}"] for (begin, name), (end, _) in pairs]
    )
