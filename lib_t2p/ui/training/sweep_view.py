"""How a sweep is shown: before it starts, while it trains, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from lib_t2p import jobs, sweeps
from lib_t2p.actions import runs as run_actions
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.job_activity import state_badge
from lib_t2p.ui.markup import badge, message, progress_bar, report_link, section, table
from lib_t2p.ui.text import counted, duration
from lib_t2p.workspace import SweepFolder

MOST_ROWS = 200


def plan_panel(plan: sweeps.SweepPlan) -> str:
    """What a sweep would train, how long that takes, and what is skipped."""
    time = (
        f"about {duration(plan.minutes * 60)} in all"
        if plan.minutes is not None
        else "how long it takes is not known yet"
    )
    facts = [
        f"{counted(len(plan.runs), 'run')} would be trained, {time}",
        f"{run_actions.megabytes(plan.disk_bytes)} on disk",
    ]
    items = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    refused = "\n".join(f"- {run.name}: {run.refused}" for run in plan.refused)
    told = message(f"Skipped, since the checks refuse them:\n{refused}", "bad") if refused else ""
    warned = "".join(message(text, "warn") for text in plan.warnings)
    names = ", ".join(planned.run.name for planned in plan.runs)
    return (
        f'<div class="t2p-forecast"><ul>{items}</ul><p class="t2p-facts">{escape(plan.basis)}</p>'
        f'<p class="t2p-facts">Runs: {escape(names)}</p></div>{told}{warned}'
    )


def status_panel(
    sweep: sweeps.Sweep, told: sweeps.SweepForecast, status: Sequence[sweeps.RunStatus], now: float
) -> str:
    """How far a sweep is, run by run."""
    wanted = [one for one in status if not one.run.refused]
    done = sum(one.is_finished for one in wanted)
    counts = Counter(one.state for one in status)
    words = ", ".join(f"{number} {state}" for state, number in counts.items())
    left = _left(told, len(wanted), done)
    label = f"{done} of {len(wanted)} runs{left}"
    rows = [[escape(one.run.name), _badge(one), _time(one.job, now), _why(one)] for one in status]
    return (
        f'<div class="t2p-job"><div class="t2p-job-head"><strong>{escape(sweep.title)}</strong>'
        f"<small>{escape(words)}</small></div>{progress_bar(done, len(wanted), label)}</div>"
        + section("Runs", table(["Run", "State", "Time", "Reason"], rows[:MOST_ROWS]))
    )


def results_panel(
    place: SweepFolder, results: Sequence[sweeps.RunResult], drawing: jobs.Job | None
) -> str:
    """Table and plots of the page, when it was drawn."""
    head = ""
    if drawing is not None and drawing.state is jobs.JobState.RUNNING:
        head = message("The page is being drawn.", "info")
    if drawing is not None and drawing.state is jobs.JobState.FAILED:
        head = message(f"The page could not be drawn: {drawing.reason}", "bad")
    head += report_link(place.page, "Open the page of this sweep", "t2p_sweep_page")
    made = [result for result in results if result.run]
    common = _common(made)
    rows = [_row(result, common) for result in made]
    header = ["Run", "Last loss", "Least loss", "Peak d*lr", "s/step", "Minutes", "Findings"]
    told = "".join(message(f"All runs: {text}", "plain") for text in common)
    numbers = section("Results", table(header, rows) + told if rows else "")
    plots = "".join(
        f'<a href="{escape(file_url(path))}" target="_blank" rel="noopener">'
        f'<img src="{escape(file_url(path))}" alt="{escape(path.stem.replace("_", " "))}" '
        'loading="lazy"></a>'
        for path in sorted(place.plots.glob("*.png"))
    )
    drawn = section("Plots", f'<div class="t2p-plots">{plots}</div>' if plots else "")
    return head + drawn + numbers


def _common(made: Sequence[sweeps.RunResult]) -> list[str]:
    """What was found of every run, to be said once."""
    if len(made) < 2:
        return []
    return [text for text in made[0].findings if all(text in one.findings for one in made)]


def _row(result: sweeps.RunResult, common: Sequence[str]) -> list[str]:
    numbers = (
        result.last_loss,
        result.least_loss,
        result.peak_dlr,
        result.seconds_per_step,
        result.minutes,
    )
    shown = ["" if number is None else f"{number:.3g}" for number in numbers]
    findings = "".join(
        f"<div>{escape(text)}</div>" for text in result.findings if text not in common
    )
    return [escape(result.name), *shown, findings]


def _badge(one: sweeps.RunStatus) -> str:
    if one.job is not None and not one.run.refused:
        return state_badge(one.job)
    return badge(one.state, "bad" if one.state == sweeps.REFUSED else "plain")


def _why(one: sweeps.RunStatus) -> str:
    if one.state == sweeps.WAITING:
        return '<span class="t2p-reason">press Continue to queue it</span>'
    return f'<span class="t2p-reason">{escape(one.reason)}</span>'


def _time(job: jobs.Job | None, now: float) -> str:
    if job is None or not job.started:
        return ""
    return escape(duration((job.ended or now) - job.started))


def _left(told: sweeps.SweepForecast, runs: int, done: int) -> str:
    if told.minutes is None or not runs or done >= runs:
        return ""
    return f", about {duration(told.minutes * 60 * (runs - done) / runs)} left by the forecast"
