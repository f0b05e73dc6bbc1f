"""The parts of a form, each declared in a line: fields, buttons, panels, and what a press does.

A field's state is kept out of the WebUI's `ui-config.json`, which would freeze it. What a handler
raises as a `T2PError` becomes a message in its first output, so that handlers only do their work.
"""

from __future__ import annotations

import functools
import logging
import math
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import gradio as gr

from lib_t2p import actions
from lib_t2p.errors import InputError, T2PError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.markup import message

LOG = logging.getLogger(__name__)

LORAS = (".safetensors",)
PICTURES = ("image",)
SETTINGS = (".json", ".toml", ".safetensors")
"""Ends of files, or their kind, that a box offers to pick."""


def panel(elem_id: str, html: str = "") -> Any:
    """A place for HTML."""
    return g.private(gr.HTML(html, elem_id=elem_id))


def facts(elem_id: str, sentence: str) -> Any:
    """A line of small print."""
    return panel(elem_id, f'<p class="t2p-facts">{sentence}</p>')


def tools() -> Any:
    """A row of fields and buttons that stand close together."""
    return gr.Row(elem_classes=["t2p-tools"])


def text_field(label: str, elem_id: str, value: str = "", lines: int = 1, **more: Any) -> Any:
    """A box for text; with one line it takes no more unless `max_lines` says so."""
    most = {"max_lines": 1} if lines == 1 else {}
    return g.private(
        gr.Textbox(value, label=label, elem_id=elem_id, lines=lines, **{**most, **more})
    )


def number_field(
    label: str, elem_id: str, value: float | None, precision: int | None = 0, **more: Any
) -> Any:
    """A box for a number, a whole one unless `precision` is None."""
    return g.private(gr.Number(value, label=label, elem_id=elem_id, precision=precision, **more))


def choice_field(label: str, elem_id: str, choices: Iterable[str] = (), **more: Any) -> Any:
    """A list to choose from, which may be filled later."""
    return g.private(
        gr.Dropdown(
            choices=list(choices), label=label, elem_id=elem_id, **{"interactive": True, **more}
        )
    )


def radio_field(label: str, elem_id: str, choices: Iterable[str], value: str, **more: Any) -> Any:
    """A few choices, all of them seen."""
    return g.private(
        gr.Radio(choices=list(choices), value=value, label=label, elem_id=elem_id, **more)
    )


def tick_field(label: str, elem_id: str, value: bool = False, **more: Any) -> Any:
    """A box to tick."""
    return g.private(gr.Checkbox(value, label=label, elem_id=elem_id, **more))


def slider_field(
    label: str, elem_id: str, value: float, limits: tuple[float, float, float], **more: Any
) -> Any:
    """A slider; `limits` are its least, its most and its step."""
    least, most, step = limits
    return g.private(gr.Slider(least, most, value, step=step, label=label, elem_id=elem_id, **more))


def file_field(
    label: str,
    elem_id: str,
    kinds: Sequence[str] | None = None,
    *,
    many: bool = False,
    height: int = 100,
    **more: Any,
) -> Any:
    """A box for files. Without `kinds` it takes any: the page drops others without a word.

    Args:
        label: of the box.
        elem_id: of the box.
        kinds: one of the tuples above.
        many: whether it takes several files.
        height: pixels.
        more: as of `gradio.File`.
    """
    return g.private(
        gr.File(
            label=label,
            elem_id=elem_id,
            file_count="multiple" if many else "single",
            file_types=list(kinds) if kinds else None,
            type=g.PATHS,
            height=height,
            **more,
        )
    )


def checkpoint_field(host: actions.Host, label: str, elem_id: str) -> Any:
    """A list of a host's base checkpoints in which a path may be typed as well."""
    titles = host.checkpoints()
    return choice_field(
        label,
        elem_id,
        titles,
        value=titles[0] if titles else None,
        info="Choose one, or type the path of a .safetensors file or a diffusers folder.",
        allow_custom_value=True,
    )


def button(label: str, elem_id: str, variant: str = "secondary", **more: Any) -> Any:
    """A small button; `variant` is `primary` for a tab's main act, `stop` for what ends things."""
    return g.private(gr.Button(label, elem_id=elem_id, variant=variant, **{"size": "sm", **more}))


def main_button(label: str, elem_id: str) -> Any:
    """The large button below a form."""
    return button(label, elem_id, "primary", size="lg")


def hidden() -> Any:
    """A row for what only the page's script touches."""
    return gr.Row(elem_classes=["t2p-hidden"])


def on_press(
    pressed: Any, handler: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any]
) -> Any:
    """Let a button do something; gives gradio's event, to chain `.then` on.

    Args:
        pressed: the button.
        handler: called with the values of `inputs`; gives those of `outputs`.
        inputs: components that are read.
        outputs: components that are changed; the first takes the message of a `T2PError`.
    """
    return g.bind(pressed.click, says_errors(len(outputs))(handler), inputs, outputs)


def on_event(
    event: Callable[..., Any],
    handler: Callable[..., Any],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
) -> Any:
    """The same for another event than a press, such as `field.change`, without waiting marks."""
    return g.bind(event, says_errors(len(outputs))(handler), inputs, outputs, quiet=True)


def act_button(channel: str, act: str, label: str, *, title: str = "", look: str = "") -> str:
    """A button inside an HTML panel: for lists whose rows come and go.

    A press leaves what it means in the page; the page's script then presses the channel's hidden
    button, whose handler gets it as its first value. What arrives is a request like any other:
    the handler checks it.

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
        outputs: components that are changed; the first takes the message of a `T2PError`.
    """
    with hidden():
        told = text_field(f"Act of {channel}", f"t2p_{channel}_act_value")
        pressed = button(f"Act on {channel}", f"t2p_{channel}_act")
    script = f"(_, ...rest) => [window.t2pAct || '', ...rest.slice(0, {len(inputs)})]"
    safe = says_errors(len(outputs))(handler)
    return g.bind(pressed.click, safe, [told, *inputs], outputs, quiet=True, script=script)


def says_errors(outputs: int) -> Callable[[Callable[..., Any]], Callable[..., tuple[Any, ...]]]:
    """Show a `T2PError` of a handler in its first output, a message box, and change no other.

    Args:
        outputs: how many components the handler changes, the message box included.
    """

    def around(handler: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
        @functools.wraps(handler)
        def safe(*values: Any) -> tuple[Any, ...]:
            try:
                given = handler(*values)
            except T2PError as error:
                LOG.info("%s: %s", handler.__name__, error)
                return (message(str(error), "bad"), *[g.unchanged()] * (outputs - 1))
            return given if isinstance(given, tuple) else (given,)

        return safe

    return around


def whole_number(value: Any, label: str) -> int:
    """A whole number out of a number field; raises `InputError` naming the field."""
    number = real_number(value, label)
    if number != int(number):
        raise InputError(f"{label} is {number:g}: it must be a whole number.")
    return int(number)


def real_number(value: Any, label: str) -> float:
    """A finite number out of a number field; raises `InputError` naming the field."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{label} is empty or no number: type one.")
    return number


def number_list(typed: str | None, label: str) -> tuple[float, ...]:
    """Numbers parted by commas, semicolons or spaces, such as `0.6, 0.8, 1`.

    Raises:
        InputError: a part is no number, or there is none.
    """
    parts = [part for part in re.split(r"[,;\s]+", typed or "") if part]
    if not parts:
        raise InputError(f"{label}: type at least one number.")
    return tuple(real_number(part, f"{label}: {part!r}") for part in parts)
