"""Deleting a person: list first, then agree to the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter

from lib_t2p.actions.photos import belongings, delete_person, total
from lib_t2p.api.asking import Asking
from lib_t2p.api.more_bodies import Deletion
from lib_t2p.errors import InputError


def deleting_routes(asking: Asking) -> APIRouter:
    """Routes that list and remove everything of a person."""
    router = APIRouter(tags=["people and datasets"])
    workspace, root = asking.host.workspace, asking.host.loras_root

    @router.get("/people/{person}/belongings", summary="Everything that a deletion removes")
    def things(person: str) -> dict[str, Any]:
        found = belongings(workspace, asking.person(person).slug, root)
        listed = [
            {"kind": b.kind, "path": str(b.path), "bytes": b.size, "optional": b.optional}
            for b in found
        ]
        return {"count": len(found), "bytes": total(found), "things": listed}

    @router.post("/people/{person}/delete", summary="Remove a person for good")
    def delete(person: str, body: Deletion) -> dict[str, Any]:
        asking.may_start()
        slug = asking.person(person).slug
        count = len(belongings(workspace, slug, root))
        if body.agreed != count:
            raise InputError(
                f"{slug} has {count} things, not {body.agreed}: look at "
                f"/t2p/v1/people/{slug}/belongings again before they are deleted."
            )
        faults = delete_person(
            workspace, slug, loras=[Path(path) for path in body.loras], lora_root=root
        )
        return {"deleted": not faults, "faults": faults}

    return router
