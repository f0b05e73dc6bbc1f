"""What follows from a verdict for the disk."""

from __future__ import annotations

from lib_t2p.jobs import JobContext
from lib_t2p.plurals import counted, plural
from lib_t2p.workspace import PersonFolder


def tidy_up(context: JobContext, person: PersonFolder) -> None:
    """Say which saved models the verdict passed over; remove them only where that was agreed."""
    from lib_t2p.runs.disk import clean, cleans_after_verdict, megabytes, removals
    from lib_t2p.scores.verdict import judged_models

    judged = {person.slug: judged_models(person)}
    plan = [
        one
        for one in removals(context.workspace, judged, context.clock(), context.job.id)
        if one.kind == "models" and one.person == person.slug
    ]
    if not plan:
        return
    if cleans_after_verdict(context.workspace):
        cleaned = clean(plan, plan)
        context.warning(
            f"{counted(len(cleaned.removed), 'saved model')} that the verdicts passed over "
            f"{plural('was', len(cleaned.removed))} removed "
            f"({megabytes(cleaned.size)}), as you agreed."
        )
    else:
        context.warning(
            f"{counted(len(plan), 'saved model was')} passed over by the verdicts "
            f"({megabytes(sum(one.size for one in plan))}): `t2p.py disk clean` removes them."
        )
