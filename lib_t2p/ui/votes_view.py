"""A pair of pictures to vote on: nothing in the page tells whose they are."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from html import escape
from pathlib import Path

from PIL import Image

from lib_t2p.actions.grids import Booth
from lib_t2p.errors import InputError
from lib_t2p.grids.cells import cell_path
from lib_t2p.pictures import open_picture
from lib_t2p.scores.votes import Pair
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.workspace import GridFolder

CHANNEL = "vote"
SIDE = 768
"""Pixels of a picture's longer side."""
_KEYS = {"left": "ArrowLeft", "right": "ArrowRight", "neither": "ArrowDown", "undo": "Backspace"}


def vote_panel(grid: GridFolder, state: Booth) -> str:
    """The next pair with its buttons, and how many are left."""
    count = f"{state.done} answered, {state.left} left."
    facts = f'<p class="t2p-facts" id="t2p_vote_left">{escape(count)}</p>'
    undo = _button(grid, "undo", "", "Undo") if state.done else ""
    if state.pair is None:
        told = ("All pairs are answered", "Choose others to vote on, or see the result below.")
        if not state.done:
            told = ("There is nothing to compare yet", "Wait until pictures of both are painted.")
        return f'{empty_state(*told)}<div class="t2p-vote-acts">{undo}</div>{facts}'
    pair = state.pair
    sides = "".join(
        f'<figure><img src="{_inlined(grid, cell_id, pair)}" alt="Picture {letter}">'
        f"<figcaption>{letter}</figcaption></figure>"
        for letter, cell_id in (("A", "left"), ("B", "right"))
    )
    buttons = "".join(
        _button(grid, choice, pair.key, label)
        for choice, label in (("left", "A"), ("neither", "Can't tell"), ("right", "B"))
    )
    return (
        f'<div class="t2p-vote" id="t2p_vote_pair" data-pair="{pair.key}">{sides}</div>'
        f'<div class="t2p-vote-acts">{buttons}{undo}</div>{facts}'
    )


def result_panel(state: Booth) -> str:
    """What the votes say, folded away so that it does not sway the next ones."""
    if state.beside is None:
        return ""
    told = message(state.beside.text, "info")
    return f'<details id="t2p_vote_result"><summary>Result so far</summary>{told}</details>'


def _button(grid: GridFolder, choice: str, pair: str, label: str) -> str:
    act = f"{choice} {pair or '-'} {grid.id}"
    key = _KEYS[choice]
    return (
        f'<button type="button" class="t2p-act" data-t2p-channel="{CHANNEL}" '
        f'data-t2p-act="{escape(act)}" data-t2p-key="{key}" id="t2p_vote_{choice}">'
        f"{escape(label)}</button> "
    )


def _inlined(grid: GridFolder, side: str, pair: Pair) -> str:
    path = cell_path(grid, pair.left if side == "left" else pair.right)
    try:
        return _picture(path, path.stat().st_mtime_ns)
    except (OSError, SyntaxError) as error:
        raise InputError(
            "A picture of this pair cannot be read: press Go on with this grid in Compare."
        ) from error


@lru_cache(maxsize=16)
def _picture(path: Path, _: int) -> str:
    """Encoded anew: its address would name the model, and so would its infotext."""
    with open_picture(path) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=92, method=2)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode("ascii")
