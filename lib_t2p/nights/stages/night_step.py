"""One step of a night: does what can be done, and gives the jobs that the next step waits for."""

from __future__ import annotations

from collections.abc import Callable

from lib_t2p.errors import T2PError
from lib_t2p.jobs import Job
from lib_t2p.nights.notify import notify_desktop, notify_url
from lib_t2p.nights.stages.night_training import dataset, photos, runs
from lib_t2p.nights.stages.night_verdicts import (
    compare,
    confirm_best,
    judge_models,
    keep_best,
    paint_prompts,
)
from lib_t2p.nights.stages.report import write_night_report
from lib_t2p.nights.stages.stage_context import StageContext
from lib_t2p.workspace import load_person

STAGES: tuple[tuple[str, Callable[[StageContext], list[Job]]], ...] = (
    ("photos", photos),
    ("dataset", dataset),
    ("training", runs),
    ("comparing the runs", compare),
    ("pictures for the verdict", judge_models),
    ("fresh pictures of the winner", confirm_best),
    ("keeping the best", keep_best),
    ("simple, complex and random prompts", paint_prompts),
    ("report", write_night_report),
)
"""In this order; a stage that is done gives no jobs at once when it is asked again."""


def advance(at: StageContext) -> list[Job]:
    """Go through the stages up to the first that waits.

    Returns:
        The jobs that it waits for; none when the night is over, however it ended.
    """
    if at.state.end:
        return []
    try:
        for name, stage in STAGES:
            at.context.check_stop()
            at.context.phase(name)
            if jobs := stage(at):
                return jobs
    except T2PError as error:
        at.keep(end="failed", reason=str(error))
        tell(at)
        raise
    at.keep(end="finished")
    tell(at)
    return []


def tell(at: StageContext) -> None:
    """Say that the night is over, to whom the person named."""
    person = load_person(at.person).name
    ended = at.state.end == "finished"
    title = f"Text to Person: {person}"
    text = str(at.state.result.get("sentence") or at.state.reason or "The night is over.")
    faults = [notify_desktop(title, text)] if at.night.notify_desktop else []
    if at.night.notify_url:
        message: dict[str, object] = {
            "title": title,
            "text": text,
            "finished": ended,
            "report": str(at.folder.report) if ended else "",
        }
        faults.append(notify_url(at.night.notify_url, message))
    for fault in filter(None, faults):
        at.note(f"Nobody was told that the night is over: {fault}.")
