"""A sweep over the rank: which runs there are, how long they take, and their training."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from lib_t2p.actions.sweeps import SweepRequest, forecast_sweep, new_sweep
from lib_t2p.cli_output import Output
from lib_t2p.sweeps import SweepPlan
from lib_t2p.workspace import Workspace, open_workspace


def wanted(checkpoint: Path, ranks: Sequence[int], recipe: str) -> SweepRequest:
    """Runs that differ in `network_dim` only; all of them share a seed."""
    axes = {"network_dim": list(ranks)}
    return SweepRequest(checkpoint=str(checkpoint), recipe=recipe, axes=axes)


def planned(workspace: Workspace, person: str, request: SweepRequest) -> SweepPlan:
    """Every run with its findings and its forecast; nothing is written or queued."""
    return forecast_sweep(workspace, person, request)


def main() -> None:
    """Say what would be trained; queue it with `--train`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path, help="with a dataset of the person")
    parser.add_argument("person")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--ranks", type=int, nargs="+", default=[8, 32, 128])
    parser.add_argument("--recipe", default="guide-final")
    parser.add_argument("--train", action="store_true")
    args = parser.parse_args()
    output, workspace = Output(), open_workspace(args.workspace)
    request = wanted(args.checkpoint.absolute(), args.ranks, args.recipe)
    plan = planned(workspace, args.person, request)
    for one in plan.runs:
        output.line(f"{one.run.name}: about {one.judgement.minutes or 0:.0f} minutes")
    for run in plan.refused:
        output.line(f"{run.name}: {run.refused}")
    if args.train:
        output.line(f"queued: {new_sweep(workspace, args.person, request).root}")


if __name__ == "__main__":
    main()
