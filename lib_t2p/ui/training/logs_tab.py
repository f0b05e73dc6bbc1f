"""Other people's logs: point at a folder, get plots and findings."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from lib_t2p import actions
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import button, on_press, panel, text_field, tools
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.job_activity import job_panel
from lib_t2p.ui.markup import empty_state, link, message, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part

MOST_PLOTS = 24
NUMBERS = ("final_average_loss", "peak_dlr", "seconds_per_step")


def logs_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    with tools():
        folder = text_field(
            "Folder of TensorBoard logs",
            "t2p_logs_folder",
            placeholder="holds events.out.tfevents... files, at any depth; configs help",
        )
        start = button("Judge these logs", "t2p_logs_start")
    said = panel("t2p_logs_message")
    live = panel("t2p_logs_live")
    result = panel("t2p_logs_result")

    def begin(typed: str | None) -> tuple[Any, ...]:
        context.may_start()
        if not (typed or "").strip():
            raise InputError("No folder given: type the folder that holds the logs.")
        path = actions.allowed_path(context.host, typed or "")
        with context.submitting:
            run_actions.submit_logs(context.workspace, path)
        return (message("Being read: plots and findings appear below.", "good"),)

    def refresh(sender: Sender) -> list[Any]:
        job = run_actions.newest_logs(context.workspace)
        if job is None:
            hint = "Runs that were trained elsewhere are drawn and judged like ours."
            return [sender.html("logs", empty_state("No logs yet", hint)), sender.html("read", "")]
        watch = context.watch
        name = Path(str(job.params.get("folder"))).name
        head = job_panel(job, watch.activity(job), watch.clock(), name)
        judged = run_actions.judged_logs(job)
        return [sender.html("logs", head), sender.html("read", _result(judged) if judged else "")]

    on_press(start, begin, [folder], [said])
    return live_part("logs", refresh, [], [live, result])


def _result(judged: run_actions.JudgedLogs) -> str:
    bad = sorted(judged.runs, key=lambda run: not run.get("findings"))
    listed = table(
        ["Run", "Steps", "Average loss", "Peak d*lr", "s/step", "Findings"],
        [_row(run) for run in bad],
    )
    images = "".join(
        f'<a href="{escape(g.file_url(image))}" target="_blank" rel="noopener">'
        f'<img src="{escape(g.file_url(image))}" alt="{escape(_name(image))}" '
        'loading="lazy"></a>'
        for image in judged.images[:MOST_PLOTS]
        if image.is_file()
    )
    whole = (
        link(g.file_url(judged.report), "Open the whole report", "t2p_logs_report")
        if judged.report
        else ""
    )
    plots = section("Plots", f'<div class="t2p-plots">{images}</div>' if images else "")
    return whole + section("Runs", listed, judged.sentence) + plots


def _row(run: dict[str, Any]) -> list[str]:
    numbers = ["" if run.get(n) is None else f"{run[n]:.3g}" for n in NUMBERS]
    findings = "".join(
        f"<div><b>{escape(str(f.get('code', '')))}</b> {escape(str(f.get('message', '')))}</div>"
        for f in run.get("findings", ())
    )
    return [escape(str(run.get("run", ""))), str(run.get("steps", "")), *numbers, findings]


def _name(image: Path) -> str:
    return f"{image.parent.name} {image.stem}".replace("_", " ")
