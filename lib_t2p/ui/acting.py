"""Buttons inside HTML panels: for lists whose rows come and go, which gradio can't build.

A press leaves what it means in the page; the page's script then presses the channel's hidden
button, whose handler gets it as its first value. What arrives is a request like any other: the
handler checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import gradio as gr

from lib_t2p.ui import gradio_versions as g


def act_button(channel: str, act: str, label: str, *, title: str = "", look: str = "") -> str:
    """A button for a panel.

    Args:
        channel: name given to `act_channel`.
        act: what the handler is told, such as `up 20260102-1`.
        label: on the button.
        title: said by screen readers and on hovering; the label when empty.
        look: `bad` for what removes something.
    """
    told = escape(title or label)
    return (
        f'<button type="button" class="t2p-act {escape(look)}" data-t2p-channel="{escape(channel)}"'
        f' data-t2p-act="{escape(act)}" title="{told}" aria-label="{told}">{escape(label)}</button>'
    )


def act_channel(
    channel: str, handler: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any]
) -> Any:
    """Build the hidden button of a channel; gives gradio's event, to chain `.then` on.

    Args:
        channel: unique in the page.
        handler: called with the act and the values of `inputs`.
        inputs: components that are read.
        outputs: components that are changed.
    """
    with gr.Row(elem_classes=["t2p-hidden"]):
        told = g.private(
            gr.Textbox("", label=f"Act of {channel}", elem_id=f"t2p_{channel}_act_value")
        )
        button = g.private(gr.Button(f"Act on {channel}", elem_id=f"t2p_{channel}_act"))
    count = len(inputs)
    script = f"(_, ...rest) => [window.t2pAct || '', ...rest.slice(0, {count})]"
    return g.bind(button.click, handler, [told, *inputs], outputs, quiet=True, script=script)
