"""What the events of a training job say about loss and learning rate, for the report."""

from __future__ import annotations

from lib_t2p.grids import GridPlan
from lib_t2p.jobs import Queue
from lib_t2p.jobs.events import EventReader, Metric
from lib_t2p.reports.grid import ScoreCurve
from lib_t2p.workspace import PersonFolder, Workspace

Points = tuple[str, tuple[int, ...], tuple[float, ...]]
"""TensorBoard tag, steps, values."""


def curves_of_plan(queue: Queue, person: PersonFolder, plan: GridPlan) -> list[ScoreCurve]:
    """Those of every run that a grid shows."""
    return [
        ScoreCurve(run, tag, steps, values)
        for run in dict.fromkeys(model.run for model in plan.models if model.run)
        for tag, steps, values in curves_of_run(queue, person.workspace, person, run)
    ]


def curves_of_run(
    queue: Queue, workspace: Workspace, person: PersonFolder, run: str
) -> list[Points]:
    """All metrics of a run, by tag in alphabetical order, steps rising.

    A resumed training tells some steps again: the newer number holds.
    """
    by_tag: dict[str, dict[int, float]] = {}
    for job in queue.jobs(person=person.slug, kind="train.run", about={"run": run}):
        for event in EventReader(workspace.job(job.id).events).read_new():
            if isinstance(event, Metric):
                by_tag.setdefault(event.tag, {})[event.step] = event.value
    return [
        (tag, tuple(sorted(points)), tuple(points[step] for step in sorted(points)))
        for tag, points in sorted(by_tag.items())
    ]
