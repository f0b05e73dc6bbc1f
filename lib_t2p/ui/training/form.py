"""The left side of the Train tab: what to train, what the checks say of it, and its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p import actions, runs, settings
from lib_t2p import settings as settings_room
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError, T2PError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    act_channel,
    button,
    checkpoint_field,
    choice_field,
    hidden,
    main_button,
    on_press,
    panel,
    radio_field,
    says_errors,
    text_field,
    tick_field,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.ui.option_fields import TrainFields, expert_fields, simple_fields
from lib_t2p.ui.training.files_part import files_part
from lib_t2p.ui.training.form_check import CHANNEL, Checker, TrainForm
from lib_t2p.ui.training.recipe_part import RecipeActions, recipe_about, recipe_names
from lib_t2p.ui.training.trainer_part import Filled, TrainerPart, refuse_missing
from lib_t2p.workspace import PersonFolder


class Starter:
    """Handler of Start."""

    def __init__(self, context: TabContext, fields: TrainFields) -> None:
        self.context = context
        self.fields = fields

    def start(self, *values: Any) -> tuple[Any, ...]:
        """Queue the run; a message and the emptied name."""
        filled = Filled.of(values, self.fields.options)
        person, _ = self.context.open_person(filled.who)
        number, checkpoint = filled.dataset(person), filled.checkpoint(self.context)
        overrides = filled.overrides(self.context.workspace)
        actions.check_paths(self.context.host, overrides)
        refuse_missing(filled.trainer)
        with self.context.submitting:
            self._not_twice(person, filled, number, checkpoint)
            folder, _ = run_actions.submit_run(
                self.context.workspace,
                person.slug,
                filled.name or free_name(person, filled.recipe),
                recipe=filled.recipe,
                overrides=overrides,
                checkpoint=checkpoint,
                dataset=number,
                trainer=filled.trainer,
                trusted=filled.trusted,
            )
        return message(f"{folder.id} is on its way: see the right side.", "good"), ""

    def _not_twice(
        self, person: PersonFolder, filled: Filled, dataset: int, checkpoint: Path
    ) -> None:
        values = filled.values(self.context.workspace)
        wanted = (
            dataset,
            str(checkpoint.absolute()),
            filled.trainer,
            settings_room.settings_from(values, trusted=filled.trusted),
        )
        for job in self.context.active(person, ("train.run",)):
            try:
                run = runs.read_run(person.run(str(job.params["run"])))
            except T2PError:
                continue
            # The consent and the person's token are written into a run when it is stored.
            settings = replace(
                run.settings,
                training_comment=wanted[3].training_comment,
                sample_prompts=wanted[3].sample_prompts,
            )
            if (run.dataset, run.checkpoint, run.trainer, settings) == wanted:
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


def train_form(context: TabContext) -> TrainForm:
    """Build the form and bind all that stays within it."""
    with gr.Column(elem_id="t2p_train_form"):
        dataset = choice_field("Dataset version", "t2p_train_dataset")
        base = checkpoint_field(context.host, "Base checkpoint", "t2p_train_checkpoint")
        recipe, choose, about, values = _recipe_row(context)
        trainer = TrainerPart(context)
        fields, search, trusted = _settings(values)
        checker = Checker(context, fields)
        actions = RecipeActions(context, checker)
        name = _name_field()
        inputs = (context.picker, dataset, base, recipe, trainer.trainer, trusted, name)
        form = TrainForm(dataset, recipe, trainer, (*inputs, *fields.components), checker)
        style = panel("t2p_train_style")
        found = panel("t2p_train_findings")
        start = main_button("Start training", "t2p_train_start")
        said = panel("t2p_train_message")
        own = _own_recipes()
        imported = files_part(context, checker, form.inputs, fields.components)
    check = _Check(form, search, [found, style])
    _bind_start(context, form, start, said, name)
    _bind_recipes(form, actions, check, (recipe, choose, about, said), own)
    _bind_checks(check, (context.picker, dataset, base, trainer.trainer, trusted))
    check.after(imported)
    fixed = act_channel(CHANNEL, checker.fix, form.inputs, [said, *fields.components])
    check.after(fixed)
    groups = list(fields.groups.values())
    found_fields = says_errors(1 + len(groups))(checker.search)
    g.bind(search.change, found_fields, [search, *form.inputs], [style, *groups], quiet=True)
    return form


def _recipe_row(context: TabContext) -> tuple[Any, Any, Any, Any]:
    recipes = settings.list_recipes()
    first = next((r.name for r in recipes if r.name == context.host.recipe()), recipes[0].name)
    folders = settings.recipe_folders(context.workspace)
    with tools():
        recipe = choice_field(
            "Recipe",
            "t2p_train_recipe",
            recipe_names(context.workspace),
            value=first,
            min_width=160,
        )
        choose = button("Choose for me", "t2p_train_choose", min_width=120)
    chosen = settings.load_recipe(first, folders)
    shown = recipe_about(context.workspace, chosen)
    about = panel("t2p_train_recipe_about", shown)
    return recipe, choose, about, chosen.values


def _settings(values: Any) -> tuple[TrainFields, Any, Any]:
    with gr.Accordion("Settings", open=False, elem_id="t2p_train_settings"):
        with tools():
            view = radio_field("Settings shown", "t2p_train_view", ["Simple", "Expert"], "Simple")
        simple = simple_fields(values)
        with gr.Column(visible=False, elem_id="t2p_train_expert") as column:
            search = text_field(
                "Find a setting", "t2p_train_search", placeholder="name or word, such as bucket"
            )
            expert, groups = expert_fields(values)
            trusted = tick_field(
                "I trust code and files that are not listed",
                "t2p_train_trusted",
                info="Only for settings that name code of others, such as an optimizer by "
                "its Python path: it will be run on this computer.",
            )

    def switched(chosen: str) -> tuple[Any, ...]:
        expert_shown = chosen == "Expert"
        # A search that is no longer seen must not hide fields.
        return g.changed(visible=expert_shown), g.unchanged() if expert_shown else ""

    g.bind(view.change, switched, [view], [column, search], quiet=True)
    return TrainFields(simple, expert, groups), search, trusted


def _own_recipes() -> tuple[Any, ...]:
    with gr.Accordion("Reset, and recipes of my own", open=False, elem_id="t2p_train_own"):
        reset = button("Reset settings to the recipe", "t2p_train_reset")
        name = text_field("Save these settings as a recipe named", "t2p_train_recipe_name")
        with tools():
            save = button("Save recipe", "t2p_train_recipe_save")
            ask = button("Delete this recipe", "t2p_train_recipe_delete")
            delete = button(
                "Yes, delete it", "t2p_train_recipe_delete_confirm", "stop", visible=False
            )
        told = panel("t2p_train_recipe_message")
    return reset, name, save, ask, delete, told


def _name_field() -> Any:
    return text_field(
        "Name of the run", "t2p_train_name", placeholder="made from the recipe when empty"
    )


class _Check:
    """Binds the check of the form to events."""

    def __init__(self, form: TrainForm, search: Any, outputs: Sequence[Any]) -> None:
        self.handler = says_errors(len(outputs))(form.checker.check)
        self.inputs = [search, *form.inputs]
        self.outputs = list(outputs)

    def on(self, event: Any) -> None:
        g.bind(event, self.handler, self.inputs, self.outputs, quiet=True)

    def after(self, done: Any) -> None:
        self.on(done.then)


def _bind_start(context: TabContext, form: TrainForm, start: Any, said: Any, name: Any) -> None:
    starter = Starter(context, form.checker.fields)
    on_press(start, starter.start, form.inputs, [said, name])


def _bind_recipes(
    form: TrainForm, actions: RecipeActions, check: _Check, parts: Sequence[Any], own: Sequence[Any]
) -> None:
    recipe, choose, about, said = parts
    reset, name, save, ask, delete, told = own
    fields = form.checker.fields.components
    filled = [said, about, *fields]
    fill = says_errors(len(filled))(actions.fill)
    check.after(g.bind(recipe.input, fill, [recipe], filled, quiet=True))
    check.after(g.bind(reset.click, fill, [recipe], filled, quiet=True))
    chosen = [said, recipe, about, *fields]
    check.after(on_press(choose, actions.choose, form.inputs, chosen))
    kept = [told, recipe, name]
    saved = on_press(save, actions.save, [name, *form.inputs], kept)
    check.after(saved)
    on_press(ask, actions.ask_delete, [recipe], [told, delete])
    gone = on_press(delete, actions.delete, [recipe], [told, recipe, delete])
    check.after(g.bind(gone.then, fill, [recipe], filled, quiet=True))


def _bind_checks(check: _Check, watched: Sequence[Any]) -> None:
    for component in watched:
        check.on(component.change)
    with hidden():
        # The page's script presses it when a person pauses in the form.
        pressed = button("Check the form", "t2p_train_check")
    check.on(pressed.click)
