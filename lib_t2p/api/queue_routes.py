"""The queue as a whole, and LoRA files."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, get_args

from fastapi import APIRouter

from lib_t2p import actions
from lib_t2p.actions.runs import keep_lora, list_loras
from lib_t2p.api.asking import Asking, NotThere, one_of
from lib_t2p.api.more_bodies import Keeping, Moving, Pausing
from lib_t2p.api.shapes import job_shape, lora_shape
from lib_t2p.errors import T2PError
from lib_t2p.jobs import Place, Queue


def queue_routes(asking: Asking) -> APIRouter:
    """Routes of the queue and of LoRAs."""
    router = APIRouter(tags=["jobs"])
    workspace = asking.host.workspace

    @router.get("/queue", summary="What is at work and what waits, in its order")
    def view() -> dict[str, Any]:
        found = actions.view_queue(workspace, _now())
        pause = found.pause and {"since": found.pause.since, "until": found.pause.until}
        entries = [
            {"place": e.place, "waits_for": e.waits_for, "job": job_shape(e.job)}
            for e in found.entries
        ]
        return {
            "pause": pause,
            "entries": entries,
            "more": found.more,
            "notices": list(found.notices),
        }

    @router.post("/queue/pause", summary="Let no further run or grid begin")
    def pause(body: Pausing) -> dict[str, Any]:
        asking.may_start()
        actions.pause_queue(workspace, _now(), body.until)
        return view()

    @router.post("/queue/resume", summary="Let runs and grids begin again")
    def resume() -> dict[str, Any]:
        asking.may_start()
        actions.resume_queue(workspace)
        return view()

    @router.post("/jobs/{job}/move", summary="Give a waiting job another place")
    def move(job: str, body: Moving) -> list[str]:
        asking.may_start()
        try:
            Queue(workspace).get(job)
        except T2PError as error:
            raise NotThere(str(error)) from error
        to = one_of(body.to, "to", get_args(Place))
        return [one.id for one in actions.move_job(workspace, job, to, body.other)]

    @router.get("/loras", summary="LoRA files that prompts can name")
    def loras() -> list[dict[str, Any]]:
        return [lora_shape(one) for one in list_loras(asking.host.loras_root)]

    @router.post("/loras/keep", summary="Keep a saved model, with its card")
    def keep(body: Keeping) -> dict[str, str]:
        asking.may_start()
        # A path would let any file of the computer be taken for a model.
        root = asking.host.loras_root
        name = body.name.replace("\\", "/").rpartition("/")[2]
        path = keep_lora(workspace, name, lora_root=root, stem=body.stem, weight=body.weight)
        return {"path": str(path)}

    return router


def _now() -> datetime:
    return datetime.now(timezone.utc).astimezone()
