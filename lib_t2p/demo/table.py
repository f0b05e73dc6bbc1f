"""The demo's closing table: saved model x weight -> likeness, memorisation, faces found."""

from __future__ import annotations

from lib_t2p.cli_output import Output
from lib_t2p.grids import GridPlan, read_plan
from lib_t2p.scores.verdict import Summary, judge, read_scores, summarise
from lib_t2p.workspace import GridFolder

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
