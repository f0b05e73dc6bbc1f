"""The queue of all people: order, pause, time, removal, once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

from lib_t2p import actions, jobs
from lib_t2p.errors import InputError
from lib_t2p.ranges import whole_number
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    act_button,
    act_channel,
    button,
    hidden,
    number_field,
    on_press,
    panel,
    text_field,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.job_activity import job_title, state_badge
from lib_t2p.ui.markup import empty_state, message, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part

CHANNEL = "queue_job"
PAGES = "queue_page"
MOST_OVER = 10
"""Ended jobs of a page."""
MOST_WAITING = 50
"""Jobs at work and waiting that are shown."""


def queue_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    live = panel("t2p_queue_live")
    with tools():
        time = text_field(
            "Time",
            "t2p_queue_time",
            placeholder="22:30, for Start at and for the end of a pause",
            min_width=160,
        )
        pause = button("Pause after this run", "t2p_queue_pause")
        resume = button("Go on", "t2p_queue_resume")
    said = panel("t2p_queue_message")
    over = panel("t2p_queue_over")
    with hidden():
        page = number_field("Page of ended jobs", "t2p_queue_page", 1)
    tab = _QueueTab(context)
    on_press(pause, tab.pause, [time], [said])
    on_press(resume, tab.resume, [], [said])
    act_channel(CHANNEL, tab.act, [time, context.picker], [said])
    part = live_part("queue", tab.refresh, [page], [live, over])
    turned = act_channel(PAGES, _page, [], [page])
    g.bind(turned.then, part.handler, part.inputs, part.outputs, quiet=True)
    return part


def _page(act: str) -> tuple[Any, ...]:
    verb, _, number = (act or "").partition(" ")
    asked = whole_number(number) if verb == "page" else None
    return (g.unchanged() if asked is None else g.changed(value=max(1, asked)),)


class _QueueTab:
    def __init__(self, context: TabContext) -> None:
        self.context = context

    @property
    def _now(self) -> datetime:
        return datetime.now().astimezone()

    def pause(self, typed: str | None) -> tuple[Any, ...]:
        """Begin nothing further; what is at work goes on."""
        self.context.may_change()
        pause = actions.pause_queue(self.context.workspace, self._now, typed or "")
        until = f" until {actions.clock_text(pause.until, self._now)}" if pause.until else ""
        return (message(f"Paused{until}: what is at work goes on to its end.", "info"),)

    def resume(self) -> tuple[Any, ...]:
        """Begin again."""
        self.context.may_change()
        actions.resume_queue(self.context.workspace)
        return (message("The queue goes on.", "good"),)

    def act(self, act: str, typed: str | None, _: str | None) -> tuple[Any, ...]:
        """Do what a row's button says."""
        self.context.may_change()
        verb, _, job_id = act.partition(" ")
        if verb not in ACTS or not job_id:
            raise InputError("There is no such button: reload the page.")
        with self.context.submitting:
            told = ACTS[verb](self, job_id, typed or "")
        return (message(told, "good"),)

    def refresh(self, sender: Sender, page: Any) -> list[Any]:
        """What is at work or waits, and a page of what ended, the last first."""
        view = actions.view_queue(self.context.workspace, self._now, MOST_WAITING)
        number = int(page) if isinstance(page, (int, float)) and page >= 1 else 1
        return [
            sender.html("queue", self._waiting(view)),
            sender.html("over", self._over(number)),
        ]

    def move(self, job_id: str, to: Any) -> str:
        """Another place."""
        actions.move_job(self.context.workspace, job_id, to)
        return "Moved."

    def start_at(self, job_id: str, typed: str) -> str:
        """Begin not before a time."""
        job = actions.start_job_at(self.context.workspace, job_id, typed, self._now)
        if job.start_at is None:
            return "It begins when its turn comes. Type a time first to let it wait until then."
        at = actions.clock_text(job.start_at, self._now)
        return f"It begins {at}, or when its turn comes after."

    def remove(self, job_id: str) -> str:
        """Stop or take out."""
        actions.stop_job(self.context.workspace, job_id)
        return "Removed. What it saved so far is kept."

    def retry(self, job_id: str) -> str:
        """Once more."""
        actions.retry_job(self.context.workspace, job_id)
        return "Queued again."

    def _waiting(self, view: actions.QueueView) -> str:
        head = ""
        if view.pause:
            until = (
                f" until {actions.clock_text(view.pause.until, self._now)}"
                if view.pause.until
                else ""
            )
            head = message(f"Paused{until}: no further run or grid begins. Press Go on.", "warn")
        head += "".join(message(notice, "info") for notice in view.notices)
        if not view.entries:
            return head + empty_state("Nothing waits", "Start a training on the left.")
        rows = [self._row(entry) for entry in view.entries]
        more = (
            f'<p class="t2p-facts">and {text.counted(view.more, "more job")} behind them</p>'
            if view.more
            else ""
        )
        return head + section("Queue", table(["", "Job", "State", ""], rows) + more)

    def _row(self, entry: actions.QueueEntry) -> list[str]:
        job = entry.job
        waits = f'<div class="t2p-reason">waits for {escape(self._waits_for(entry))}</div>'
        return [
            str(entry.place or ""),
            escape(self._title(job)) + (waits if entry.waits_for else ""),
            state_badge(job),
            f'<div class="t2p-acts">{_buttons(entry)}</div>',
        ]

    def _waits_for(self, entry: actions.QueueEntry) -> str:
        """The phrase of the queue, with a title where it names one job by its number."""
        phrase = entry.waits_for
        if not phrase.startswith("job "):
            return phrase
        ids = phrase.removeprefix("job ").split(", ")
        if len(ids) > 1:
            return f"{len(ids)} jobs before it"
        return self._title(jobs.Queue(self.context.workspace).get(ids[0]))

    def _over(self, page: int) -> str:
        queue = jobs.Queue(self.context.workspace)
        total = sum(n for state, n in queue.counts().items() if state not in jobs.ACTIVE)
        pages = max(1, -(-total // MOST_OVER))
        page = min(page, pages)
        newest = queue.ended(MOST_OVER, (page - 1) * MOST_OVER)
        rows = [
            [
                escape(self._title(job)),
                state_badge(job),
                f'<span class="t2p-reason">{escape(job.reason or "")}</span>',
                act_button(CHANNEL, f"retry {job.id}", "Try again")
                if job.state in jobs.BAD_ENDS
                else "",
            ]
            for job in newest
        ]
        if not rows:
            return ""
        body = table(["Job", "State", "Reason", ""], rows)
        return section("Ended last", body + _turning(page, pages, total))

    def _title(self, job: jobs.Job) -> str:
        return f"{job.person}: {job_title(job)}" if job.person else job_title(job)


def _turning(page: int, pages: int, total: int) -> str:
    if pages == 1:
        return ""
    newer = act_button(PAGES, f"page {page - 1}", "Newer") if page > 1 else ""
    older = act_button(PAGES, f"page {page + 1}", "Older") if page < pages else ""
    told = f"Page {page} of {pages}, {text.counted(total, 'job')}"
    return f'<p class="t2p-facts">{told} {newer}{older}</p>'


def _buttons(entry: actions.QueueEntry) -> str:
    job = entry.job
    if not entry.place:
        ask = "Stop now" if job.started else "Remove"
        return act_button(CHANNEL, f"remove {job.id}", ask, look="bad")
    moves = [("front", "⤒", "First"), ("up", "↑", "Earlier"), ("down", "↓", "Later")]
    return "".join(
        [
            *[act_button(CHANNEL, f"{verb} {job.id}", sign, title=t) for verb, sign, t in moves],
            act_button(CHANNEL, f"at {job.id}", "Start at", title="Not before the time above"),
            act_button(CHANNEL, f"remove {job.id}", "Remove", look="bad"),
        ]
    )


ACTS: dict[str, Callable[[_QueueTab, str, str], str]] = {
    "front": lambda tab, job, _: tab.move(job, "front"),
    "up": lambda tab, job, _: tab.move(job, "up"),
    "down": lambda tab, job, _: tab.move(job, "down"),
    "at": lambda tab, job, typed: tab.start_at(job, typed),
    "remove": lambda tab, job, _: tab.remove(job),
    "retry": lambda tab, job, _: tab.retry(job),
}
"""Word of a button -> what it does."""
