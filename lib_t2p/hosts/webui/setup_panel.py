"""What stands above the tabs until our own environment is there."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p.errors import InputError
from lib_t2p.hosts.webui.setting_up import SettingUp
from lib_t2p.hosts.webui.webui_host import WebuiHost
from lib_t2p.ui import LivePart, Sender, live_part, message, says_errors
from lib_t2p.ui import gradio_versions as g

PLAN = (
    "Text to Person keeps its own packages (torch, diffusers, dlib ...) apart from the WebUI's, in "
    ".envs/core beside the extension: about 2.5 GB on a machine without a graphics card and 6 GB "
    "with one, once. The WebUI's own packages are not touched."
)


def setup_panel(host: WebuiHost) -> LivePart:
    """Build the panel; it hides itself when everything is there."""
    setting_up = SettingUp(host.workspace)
    with gr.Column(elem_id="t2p_setup_side"):
        said = g.private(gr.HTML(_said(setting_up), elem_id="t2p_setup"))
        begins = setting_up.state() in ("missing", "failed")
        with gr.Row(elem_classes=["t2p-tools"]):
            button = gr.Button(
                "Set up", variant="primary", elem_id="t2p_setup_start", visible=begins
            )
            stop = gr.Button(
                "Stop setting up",
                elem_id="t2p_setup_stop",
                visible=setting_up.state() == "running",
            )
            g.private(button)
            g.private(stop)

    def refresh(sender: Sender) -> list[Any]:
        state = setting_up.state()
        return [
            sender.html("setup", _said(setting_up)),
            sender.send("start", state, visible=state in ("missing", "failed")),
            sender.send("stop", state, visible=state == "running"),
        ]

    def start() -> tuple[Any, ...]:
        closed = host.restricted()
        if closed:
            raise InputError(closed)
        setting_up.start()
        return (_said(setting_up),)

    def end() -> tuple[Any, ...]:
        setting_up.stop()
        return (_said(setting_up),)

    g.bind(button.click, says_errors(1)(start), [], [said])
    g.bind(stop.click, says_errors(1)(end), [], [said])
    return live_part("setup", refresh, [], [said, button, stop])


def _said(setting_up: SettingUp) -> str:
    state = setting_up.state()
    if state == "ready":
        return ""
    if state == "missing":
        return message(PLAN, "info")
    last = setting_up.last_line()
    if state == "running":
        return message(f"Setting up; this page may be closed meanwhile.\n{last}", "info")
    return message(
        f"The set-up ended early: {last}\nPress Set up to go on from there; all of it is in "
        f"{setting_up.log}.",
        "bad",
    )
