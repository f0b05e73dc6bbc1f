"""Blind votes: two pictures of one prompt and seed, sides hidden."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from lib_t2p.actions import grids as grid_actions
from lib_t2p.errors import InputError
from lib_t2p.grids import cells
from lib_t2p.pictures import open_picture
from lib_t2p.scores import votes
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    act_channel,
    button,
    choice_field,
    facts,
    on_press,
    panel,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.workspace import GridFolder, PersonFolder

CHANNEL = "vote"
SIDE = 768
"""Pixels of a picture's longer side."""
_KEYS = {"left": "ArrowLeft", "right": "ArrowRight", "neither": "ArrowDown", "undo": "Backspace"}


def vote_panel(grid: GridFolder, state: grid_actions.Booth) -> str:
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


def result_panel(state: grid_actions.Booth) -> str:
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


def _inlined(grid: GridFolder, side: str, pair: votes.Pair) -> str:
    path = cells.cell_path(grid, pair.left if side == "left" else pair.right)
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


HELP = (
    "Which picture looks more like the person? Nobody tells which saved model made it. "
    "Keys: left, right, down for can't tell, Backspace to undo."
)


def votes_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    tab = _VotesTab(context)
    with gr.Column(elem_id="t2p_vote_side"):
        facts("t2p_vote_help", HELP)
        with tools():
            shown = choice_field("Grid to vote on", "t2p_vote_grid")
            among = choice_field(
                "Saved models to vote on", "t2p_vote_models", value=[], multiselect=True
            )
            use = button("Vote on these", "t2p_vote_choose")
        said = panel("t2p_vote_message")
        pair = panel("t2p_vote_panel")
        result = panel("t2p_vote_result_panel")
    part = live_part("vote", tab.refresh, [context.picker, shown], [pair, shown, among, result])
    part.also_on(context.picker.change, shown.change)
    for acted in (
        act_channel(CHANNEL, tab.act, [context.picker], [said]),
        on_press(use, tab.choose, [context.picker, shown, among], [said]),
    ):
        part.also_on(acted.then)
    return part


class _VotesTab:
    """What the tab shows and does."""

    def __init__(self, context: TabContext) -> None:
        self.context = context

    def refresh(self, sender: Sender, name: str | None, shown: str | None) -> list[Any]:
        """Updates of the pair, the list of grids, the models and the result."""
        found = self.context.person(name)
        grids = _planned(found[0]) if found else []
        chosen = shown if shown in grids else next(iter(grids), None)
        listed = sender.send("grids", (name, grids), choices=grids, value=chosen)
        if found is None or chosen is None:
            needs = text.NO_GRID if found else text.NO_PERSON
            nothing = sender.html("vote", empty_state(text.NO_GRID_TITLE, needs))
            return [nothing, listed, g.unchanged(), sender.html("result", "")]
        grid = found[0].grid(chosen)
        state = grid_actions.booth(found[0], grid)
        labels, ticked = list(state.offered), list(state.chosen)
        return [
            sender.html("vote", vote_panel(grid, state)),
            listed,
            sender.send("models", (chosen, labels, ticked), choices=labels, value=ticked),
            sender.html("result", result_panel(state)),
        ]

    def act(self, act: str, name: str | None) -> tuple[str]:
        """Keep an answer or take one back."""
        folder, _ = self.context.open_person(name)
        choice, _, rest = act.partition(" ")
        pair, _, grid_id = rest.partition(" ")
        grid = _grid(folder, grid_id)
        if choice == "undo":
            grid_actions.undo(grid)
        else:
            grid_actions.cast(folder, grid, pair, choice)
        return ("",)

    def choose(self, name: str | None, shown: str | None, among: list[str] | None) -> tuple[str]:
        """Vote on other saved models."""
        folder, _ = self.context.open_person(name)
        grid_actions.choose_candidates(folder, _grid(folder, shown or ""), among or [])
        return (message("Votes that were cast stay.", "good"),)


def _planned(person: PersonFolder) -> list[str]:
    """Grids with cells, the newest first."""
    found = [grid for grid in person.grids() if grid.requests.exists()]
    found.sort(key=lambda grid: -grid.requests.stat().st_mtime_ns)
    return [grid.id for grid in found]


def _grid(person: PersonFolder, grid_id: str) -> GridFolder:
    if grid_id not in _planned(person):
        raise InputError("There is no such grid to vote on: choose one in the list.")
    return person.grid(grid_id)
