"""Blind votes: two pictures of one prompt and seed, sides hidden."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p.actions.grids import booth, cast, choose_candidates, undo
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.acting import act_channel
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.panels import Sender, says_errors
from lib_t2p.ui.refreshing import LivePart, live_part
from lib_t2p.ui.votes_view import CHANNEL, result_panel, vote_panel
from lib_t2p.workspace import GridFolder, PersonFolder

HELP = (
    "Which picture looks more like the person? Nobody tells which saved model made it. "
    "Keys: left, right, down for can't tell, Backspace to undo."
)


def votes_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    tab = _VotesTab(context)
    with gr.Column(elem_id="t2p_vote_side"):
        gr.HTML(f'<p class="t2p-facts">{HELP}</p>', elem_id="t2p_vote_help")
        with gr.Row(elem_classes=["t2p-tools"]):
            shown = g.private(
                gr.Dropdown(
                    choices=[], label="Grid voted on", elem_id="t2p_vote_grid", interactive=True
                )
            )
            among = g.private(
                gr.Dropdown(
                    choices=[],
                    value=[],
                    multiselect=True,
                    label="Saved models voted on",
                    elem_id="t2p_vote_models",
                    interactive=True,
                )
            )
            use = gr.Button("Vote on these", elem_id="t2p_vote_choose", size="sm")
        said = g.private(gr.HTML("", elem_id="t2p_vote_message"))
        panel = g.private(gr.HTML("", elem_id="t2p_vote_panel"))
        result = g.private(gr.HTML("", elem_id="t2p_vote_result_panel"))
    part = live_part("vote", tab.refresh, [context.picker, shown], [panel, shown, among, result])
    part.also_on(context.picker.change, shown.change)
    told = says_errors(1)
    for acted in (
        act_channel(CHANNEL, told(tab.act), [context.picker], [said]),
        g.bind(use.click, told(tab.choose), [context.picker, shown, among], [said]),
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
        state = booth(found[0], grid)
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
            undo(grid)
        else:
            cast(folder, grid, pair, choice)
        return ("",)

    def choose(self, name: str | None, shown: str | None, among: list[str] | None) -> tuple[str]:
        """Vote on other saved models."""
        folder, _ = self.context.open_person(name)
        choose_candidates(folder, _grid(folder, shown or ""), among or [])
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
