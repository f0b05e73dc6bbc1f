"""What the blind votes on a grid say."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from lib_t2p.actions.grids import booth
from lib_t2p.api.asking import Asking, NotThere
from lib_t2p.api.shapes import votes_shape


def vote_routes(asking: Asking) -> APIRouter:
    """Routes of votes; voting itself is in the tab."""
    router = APIRouter(tags=["grids"])

    @router.get("/people/{person}/grids/{grid}/votes", summary="Blind votes")
    def votes(person: str, grid: str) -> dict[str, Any]:
        folder = asking.person(person)
        found = folder.grid(grid)
        if not found.plan.exists():
            raise NotThere(f"{person} has no grid {grid!r}: GET /t2p/v1/people/{person}/grids.")
        if not found.requests.exists():
            raise NotThere(f"Nothing of grid {grid!r} is painted yet: there are no votes on it.")
        return votes_shape(booth(folder, found))

    return router
