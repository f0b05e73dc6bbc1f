"""The left side of the Train tab: what to train, and Start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p.actions.runs import submit_run
from lib_t2p.errors import InputError, T2PError
from lib_t2p.training.recipes import Recipe, list_recipes, load_recipe
from lib_t2p.training.runs import read_run
from lib_t2p.training.settings import settings_from
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.checkpoints import checkpoint_field, checkpoint_path
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.host import check_paths
from lib_t2p.ui.markup import message
from lib_t2p.ui.option_fields import OptionField, option_fields, overrides_from, shown_value
from lib_t2p.ui.panels import says_errors
from lib_t2p.workspace import PersonFolder


@dataclass(frozen=True)
class TrainForm:
    """Components that the live side also needs.

    Attributes:
        dataset: the list of dataset versions.
        start: the button.
        said: the message box.
    """

    dataset: Any
    start: Any
    said: Any


def train_form(context: TabContext) -> TrainForm:
    """Build the form."""
    recipes = list_recipes()
    first = next((r for r in recipes if r.name == context.host.recipe()), recipes[0])
    dataset = g.private(
        gr.Dropdown(choices=[], label="Dataset version", elem_id="t2p_train_dataset")
    )
    base = checkpoint_field(context, "Base checkpoint", "t2p_train_checkpoint")
    recipe = g.private(
        gr.Dropdown(
            choices=[r.name for r in recipes],
            value=first.name,
            label="Recipe",
            elem_id="t2p_train_recipe",
        )
    )
    about = g.private(gr.HTML(_about(first), elem_id="t2p_train_recipe_about"))
    name = g.private(
        gr.Textbox(
            label="Name of the run",
            elem_id="t2p_train_name",
            placeholder="made from the recipe when empty",
            max_lines=1,
        )
    )
    with gr.Accordion("Settings of the recipe", open=False, elem_id="t2p_train_settings"):
        fields = option_fields(first.values)
    start = gr.Button("Start training", variant="primary", elem_id="t2p_train_start")
    said = g.private(gr.HTML("", elem_id="t2p_train_message"))
    components = [field.component for field in fields]
    _bind_recipe(recipe, about, said, fields)
    starter = _Starter(context, fields)
    inputs = [context.picker, dataset, base, recipe, name, *components]
    g.bind(start.click, says_errors(2)(starter.start), inputs, [said, name])
    return TrainForm(dataset, start, said)


def _about(recipe: Recipe) -> str:
    return message(f"{recipe.title}\n{recipe.description}", "plain")


def _bind_recipe(recipe: Any, about: Any, said: Any, fields: list[OptionField]) -> None:
    def fill(name: str) -> tuple[Any, ...]:
        chosen = load_recipe(name)
        shown = [shown_value(field.option, chosen.values) for field in fields]
        return ("", _about(chosen), *shown)

    outputs = [said, about, *[field.component for field in fields]]
    g.bind(recipe.change, says_errors(len(outputs))(fill), [recipe], outputs, quiet=True)


class _Starter:
    def __init__(self, context: TabContext, fields: list[OptionField]) -> None:
        self.context = context
        self.options = [field.option for field in fields]

    def start(
        self, who: str | None, version: str | None, base: str, recipe: str, name: str, *typed: Any
    ) -> tuple[Any, ...]:
        person, _ = self.context.open_person(who)
        if not person.datasets():
            raise InputError(text.RUN_NEEDS_DATASET)
        number = int(version.split()[-1]) if version else person.datasets()[-1].number
        checkpoint = checkpoint_path(self.context.host, base)
        overrides = overrides_from(self.options, typed, load_recipe(recipe).values)
        check_paths(self.context.host, overrides)
        with self.context.submitting:
            self._not_twice(person, number, checkpoint, recipe, overrides)
            folder, _ = submit_run(
                self.context.host.workspace,
                person.slug,
                (name or "").strip() or free_name(person, recipe),
                recipe=recipe,
                overrides=overrides,
                checkpoint=checkpoint,
                dataset=number,
            )
        return message(f"{folder.id} is on its way: see the right side.", "good"), ""

    def _not_twice(
        self,
        person: PersonFolder,
        dataset: int,
        checkpoint: Path,
        recipe: str,
        overrides: dict[str, Any],
    ) -> None:
        wanted = settings_from({**load_recipe(recipe).values, **overrides})
        for job in self.context.active(person, ("train.run",)):
            try:
                run = read_run(person.run(str(job.params["run"])))
            except T2PError:
                continue
            same_data = (run.dataset, run.checkpoint) == (dataset, str(checkpoint.absolute()))
            if same_data and run.settings == wanted:
                state = text.STATE_WORDS[job.state][0]
                raise InputError(
                    f"This very training is {state} already as {job.params['run']}: "
                    "wait for it, stop it, or change a setting."
                )


def free_name(person: PersonFolder, recipe: str) -> str:
    """The recipe's name with the first number that no run of the person has."""
    number = 1
    while person.run(f"{recipe}-{number}").root.exists():
        number += 1
    return f"{recipe}-{number}"
