"""Jobs, what happens in them as server-sent events, the queue as a whole, and LoRA files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Annotated, Any, get_args

from fastapi import Query, Response
from fastapi.responses import StreamingResponse

from lib_t2p import actions
from lib_t2p import jobs as jobs_room
from lib_t2p.actions import runs as run_actions
from lib_t2p.api.bodies import Keeping, Moving, Pausing, Stop
from lib_t2p.api.routes import NotThere, RouteHost, Routes, one_of
from lib_t2p.api.shapes import job_shape, lora_shape
from lib_t2p.errors import T2PError
from lib_t2p.jobs import events as events_room
from lib_t2p.workspace import Workspace

LISTED = 100
"""Jobs of a page when `limit` is not given."""
MOST_LISTED = 1000
TOTAL = "X-Total-Count"
PAGING = (
    f"`limit` jobs are given, {LISTED} unless asked otherwise, at most {MOST_LISTED}. The next "
    "page has the id of the last job as `before`; an empty list is the end. The header "
    f"`{TOTAL}` tells how many jobs there are on all pages."
)
PAUSE = 0.5
"""Seconds between two looks at a job."""
SILENCE = 30
"""Looks without news after which a comment is sent, so that a closed connection is noticed."""


def job_routes(served: RouteHost) -> Routes:
    """Routes of jobs."""
    router = Routes("jobs", served)
    workspace = served.workspace

    @router.get(
        "/jobs",
        summary="Jobs, newest first, a page at a time; `active=true` leaves out what is over",
        description=PAGING,
    )
    def jobs(
        response: Response,
        active: bool = False,
        person: str = "",
        limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = LISTED,
        before: str = "",
    ) -> list[dict[str, Any]]:
        states = jobs_room.ACTIVE if active else tuple(jobs_room.JobState)
        before = before and _known(workspace, before).id
        queue, whose = jobs_room.Queue(workspace), person or None
        counts = queue.counts(whose)
        found = queue.newest(limit, states=states, person=whose, before=before)
        response.headers[TOTAL] = str(sum(counts.get(state, 0) for state in states))
        return [job_shape(job) for job in found]

    @router.get("/jobs/{job}", summary="One job")
    def one(job: str) -> dict[str, Any]:
        return job_shape(_known(workspace, job))

    @router.act("/jobs/{job}/stop", summary="Ask a job to stop; what it saved is kept")
    def stop(job: str, body: Stop) -> dict[str, Any]:
        when = one_of(body.when, "when", get_args(jobs_room.StopWhen))
        return job_shape(actions.stop_job(workspace, _known(workspace, job).id, when))

    @router.act("/jobs/{job}/retry", summary="Queue a failed or stopped job once more")
    def retry(job: str) -> list[dict[str, Any]]:
        return [
            job_shape(again) for again in actions.retry_job(workspace, _known(workspace, job).id)
        ]

    _add_events(router, served)
    return router


def _add_events(router: Routes, served: RouteHost) -> None:
    @router.get(
        "/jobs/{job}/events",
        summary="Server-sent events of a job from its start until it is over",
        response_class=StreamingResponse,
    )
    def events(job: str) -> StreamingResponse:
        stream = _stream(served, _known(served.workspace, job).id)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


def _known(workspace: Workspace, job: str) -> jobs_room.Job:
    try:
        return jobs_room.Queue(workspace).get(job)
    except T2PError as error:
        raise NotThere(str(error)) from error


async def _stream(served: RouteHost, job_id: str) -> AsyncIterator[str]:
    workspace = served.workspace
    queue, reader = (
        jobs_room.Queue(workspace),
        events_room.EventReader(workspace.job(job_id).events),
    )
    silent = 0
    while True:
        # The state is read first: what happened before the end is then in the file.
        job = await asyncio.to_thread(queue.get, job_id)
        news = await asyncio.to_thread(reader.read_new)
        for event in news:
            yield _sent(event)
        if job.state not in jobs_room.ACTIVE:
            yield f"event: end\ndata: {job.state.value}\n\n"
            return
        silent = 0 if news else silent + 1
        if silent % SILENCE == SILENCE - 1:
            yield ": still here\n\n"
        await asyncio.sleep(PAUSE)


def _sent(event: events_room.Event) -> str:
    return f"event: {event.type}\ndata: {events_room.to_line(event)}\n\n"


def queue_routes(served: RouteHost) -> Routes:
    """Routes of the queue as a whole."""
    router = Routes("jobs", served)
    workspace = served.workspace

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

    @router.act("/queue/pause", summary="Let no further run or grid begin")
    def pause(body: Pausing) -> dict[str, Any]:
        actions.pause_queue(workspace, _now(), body.until)
        return view()

    @router.act("/queue/resume", summary="Let runs and grids begin again")
    def resume() -> dict[str, Any]:
        actions.resume_queue(workspace)
        return view()

    @router.act("/jobs/{job}/move", summary="Give a waiting job another place")
    def move(job: str, body: Moving) -> list[str]:
        _known(workspace, job)
        to = one_of(body.to, "to", get_args(jobs_room.Place))
        return [one.id for one in actions.move_job(workspace, job, to, body.other)]

    return router


def lora_routes(served: RouteHost) -> Routes:
    """Routes of LoRA files."""
    router = Routes("jobs", served)
    root = served.host.loras_root

    @router.get("/loras", summary="LoRA files that prompts can name")
    def loras() -> list[dict[str, Any]]:
        return [lora_shape(one) for one in run_actions.list_loras(root)]

    @router.act("/loras/keep", summary="Keep a saved model, with its card")
    def keep(body: Keeping) -> dict[str, str]:
        # A path would let any file of the computer be taken for a model.
        name = body.name.replace("\\", "/").rpartition("/")[2]
        path = run_actions.keep_lora(
            served.workspace, name, lora_root=root, stem=body.stem, weight=body.weight
        )
        return {"path": str(path)}

    return router


def _now() -> datetime:
    return datetime.now(timezone.utc).astimezone()
