"""`python -m lib_t2p.demo`: photos to a scored grid, through the worker, with a real trainer.

It ends with a table: saved model x weight -> likeness, memorisation, faces found."""

from __future__ import annotations

import argparse
import logging
import sys
import time
import webbrowser
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lib_t2p.cli import workspace_argument
from lib_t2p.cli_output import Output
from lib_t2p.demo import stages
from lib_t2p.demo.demo_settings import DemoSize
from lib_t2p.demo.record import current_record, keep_record
from lib_t2p.errors import T2PError
from lib_t2p.grids import GridPlan, read_plan
from lib_t2p.scores.verdict import Summary, judge, read_scores, summarise
from lib_t2p.workspace import GridFolder, Workspace, open_workspace

HEADER = ("saved model", "weight", "distance", "95 % interval", "memorised", "faces found")


def print_scores(grid: GridFolder, output: Output) -> None:
    """Print one row per saved model and weight, the no-LoRA column first."""
    plan, scores = read_plan(grid), read_scores(grid)
    reference, candidates = summarise(plan, scores)
    output.table(HEADER, [score_row(plan, s) for s in (reference, *candidates)])
    output.line("  distance: of the face to the held-out photos; lower is closer")
    output.line(f"  {judge(plan, scores).memorisation}")


def score_row(plan: GridPlan, summary: Summary) -> list[str]:
    """The texts of one row, in the order of `HEADER`."""
    candidate, distance = summary.candidate, summary.distance
    return [
        plan.title_of(candidate.model) if candidate.model else "no LoRA",
        f"{candidate.weight:g}" if candidate.model else "-",
        f"{distance.mean:.3f}" if distance else "-",
        f"{distance.low:.3f} to {distance.high:.3f}" if distance and distance.known else "-",
        "not judged" if summary.memorised is None else f"{summary.memorised}/{summary.found}",
        f"{summary.found}/{summary.pictures}",
    ]


def run_demo(workspace: Workspace, output: Output, size: DemoSize | None = None) -> Path:
    """Run the demo, or go on with an unfinished one.

    Returns:
        The report.

    Raises:
        T2PError: a stage ended badly; a second start goes on from there.
    """
    folder = stages.demo_person(workspace, datetime.now().astimezone())
    demo = stages.Demo(workspace, folder, output, size or DemoSize())
    record = current_record(folder)
    begun = time.monotonic()

    def stage(number: int, name: str) -> None:
        output.line(f"[{number}/5] {name} ({time.monotonic() - begun:.0f} s)")

    stage(1, "Photos: 15 variants of one portrait, and 3 pictures that must be left out")
    record = stages.import_stage(demo, record)
    stage(2, "Dataset: faces, sharpness, near-duplicates, crops")
    record, dataset = stages.dataset_stage(demo, record)
    stage(3, "Training: a LoRA of the person, with the built-in trainer")
    record = stages.training_stage(demo, record, dataset)
    stage(4, "Grid: saved models by LoRA weight, painted, scored and judged")
    record, job = stages.grid_stage(demo, record, dataset)
    stage(5, "Result")
    grid = folder.grid(record.grid)
    print_scores(grid, output)
    output.line()
    output.line(str(job.result["verdict"]))
    keep_record(folder, record, done=True)
    output.line()
    for label, path in (
        ("dataset sheet", dataset.sheet),
        ("LoRA files", folder.run(record.run).model),
        ("grid", grid.picture),
        ("report", grid.report),
    ):
        output.line(f"  {label}: {path}")
    output.line(f"Done in {time.monotonic() - begun:.0f} s.")
    return grid.report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo from a shell; 0 when it ended well."""
    parser = argparse.ArgumentParser(
        prog="t2p.py demo", parents=[workspace_argument()], description=__doc__
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the report")
    parsed = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    output = Output()
    try:
        report = run_demo(open_workspace(parsed.workspace), output)
    except T2PError as error:
        output.line(f"{error}")
        return 1
    except KeyboardInterrupt:
        output.line("Interrupted; the worker goes on. The same command shows where it stands.")
        return 130
    if not parsed.no_browser:
        webbrowser.open(report.as_uri())
    return 0


if __name__ == "__main__":
    sys.exit(main())
