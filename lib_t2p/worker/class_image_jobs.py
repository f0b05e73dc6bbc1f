"""Jobs of regularisation images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_t2p.jobs import JobContext
from lib_t2p.worker.params import param, person_of


def plan_class_images_job(context: JobContext) -> dict[str, Any]:
    """`reg.plan` {person, plan: {...ClassPlan}} -> {set, pictures}."""
    from lib_t2p.class_images import checkpoint_digest, plan_from, read_set, write_set
    from lib_t2p.portraits import Expander
    from lib_t2p.workspace import load_person, wildcard_roots

    plan = plan_from(param(context, "plan"))
    context.phase("checkpoint")
    workspace = context.workspace
    digest = checkpoint_digest(workspace, Path(plan.checkpoint), context.check_stop)
    context.phase("prompts")
    expander = Expander(wildcard_roots(workspace), load_person(person_of(context)))
    folder = write_set(workspace, plan, digest, expander.expand)
    for sentence in expander.told:
        context.warning(sentence)
    for name in expander.unknown:
        context.warning(f"There are no wildcards named {name}: it stays in the prompt as it is.")
    return {"set": folder.slug, "pictures": len(read_set(folder))}
