"""Choosing a recipe, having one chosen, and keeping one's own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from lib_t2p import preflight
from lib_t2p import settings as settings_room
from lib_t2p.errors import InputError
from lib_t2p.platforms import has_gpu
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message, table
from lib_t2p.ui.refresh import Sender
from lib_t2p.ui.training.form_check import Checker
from lib_t2p.ui.training.trainer_part import Filled, family_of
from lib_t2p.workspace import PersonFolder, Workspace


def recipe_names(workspace: Workspace) -> list[str]:
    """Names of all recipes, those of one's own first."""
    names = [
        recipe.name
        for recipe in settings_room.list_recipes(settings_room.recipe_folders(workspace))
    ]
    return sorted(names, key=lambda name: not settings_room.is_own_recipe(workspace, name))


def recipe_choice(sender: Sender, workspace: Workspace) -> Any:
    """The list, when another page saved or deleted a recipe."""
    names = recipe_names(workspace)
    return sender.send("recipes", names, choices=names)


def recipe_about(workspace: Workspace, recipe: settings_room.Recipe) -> str:
    """Title, description, and where each number comes from."""
    sources = settings_room.recipe_sources(recipe.name, settings_room.recipe_folders(workspace))
    rows = [
        [escape(name), escape(_shown(recipe.values.get(name))), escape(remark)]
        for name, remark in sources.items()
    ]
    listed = table(["Setting", "Value", "Source and reason"], rows) if rows else ""
    why = (
        f'<details class="t2p-details"><summary>Where the numbers come from</summary>{listed}'
        "</details>"
        if rows
        else ""
    )
    return message(f"{recipe.title}\n{recipe.description}", "plain") + why


class RecipeActions:
    """Handlers of the buttons around the list of recipes."""

    def __init__(self, context: TabContext, checker: Checker) -> None:
        self.context = context
        self.checker = checker

    @property
    def _workspace(self) -> Workspace:
        return self.context.workspace

    def fill(self, name: str) -> tuple[Any, ...]:
        """Show a recipe: no message, what it is about, then a value for every field."""
        chosen = settings_room.load_recipe(name, settings_room.recipe_folders(self._workspace))
        values = self._all(chosen.values)
        return ("", recipe_about(self._workspace, chosen), *self.checker.shown(values))

    def choose(self, *values: Any) -> tuple[Any, ...]:
        """Choose by base checkpoint, photos and card; say why, then recipe, about and fields."""
        filled = Filled.of(values, self.checker.fields.options)
        found = self.context.person(filled.who)
        if found is None:
            raise InputError(text.NO_PERSON)
        checkpoint = filled.checkpoint(self.context)
        family = family_of(self.context.host, filled.base)
        if family is None:
            raise InputError(f"What kind of checkpoint {checkpoint.name} is cannot be told.")
        card = self.checker.machine().card
        free = card.free_mb if card else None if has_gpu() else 0
        made = preflight.choose_defaults(family, _photos(found[0], filled), free)
        chosen = settings_room.load_recipe(made.recipe)
        reasons = "\n".join(f"- {reason}" for reason in made.reasons)
        shown = self.checker.shown(self._all({**chosen.values, **made.changes}))
        told = message(f"Chosen for this person and machine:\n{reasons}", "good")
        return (told, made.recipe, recipe_about(self._workspace, chosen), *shown)

    def save(self, new: str, *values: Any) -> tuple[Any, ...]:
        """Keep what the form shows as a recipe; message, list, emptied name."""
        self.context.may_change()
        filled = Filled.of(values, self.checker.fields.options)
        if not (new or "").strip():
            raise InputError("The recipe has no name: type one.")
        settings = settings_room.settings_from(filled.values(self._workspace))
        about = f"Saved from {filled.recipe}."
        kept = settings_room.save_recipe(self._workspace, new, _plain(settings), description=about)
        names = recipe_names(self._workspace)
        told = message(f"Saved as the recipe {kept.name}.", "good")
        return told, g.changed(choices=names, value=kept.name), ""

    def ask_delete(self, name: str) -> tuple[Any, ...]:
        """First press: only one's own can go."""
        self.context.may_change()
        own = settings_room.is_own_recipe(self._workspace, name)
        told = f"Delete the recipe {name}? Runs made with it stay." if own else _SHIPPED
        return message(told, "warn" if own else "plain"), g.changed(visible=own)

    def delete(self, name: str) -> tuple[Any, ...]:
        """Second press: message, list, hidden button."""
        self.context.may_change()
        settings_room.delete_recipe(self._workspace, name)
        names = recipe_names(self._workspace)
        told = message(f"The recipe {name} was deleted.", "good")
        return told, g.changed(choices=names, value=names[0]), g.changed(visible=False)

    def _all(self, values: Any) -> dict[str, Any]:
        return {option.name: option.default for option in self.checker.fields.options} | {**values}


_SHIPPED = "This recipe came with the program: only recipes of your own can be deleted."


def _plain(settings: settings_room.Settings) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in settings_room.changed_values(settings).items()
    }


def _photos(person: PersonFolder, filled: Filled) -> int:
    folder = person.dataset(filled.dataset(person)).img
    return len(
        {
            i.path
            for i in preflight.scan_images(folder, is_reg=False, settings=settings_room.Settings())[
                0
            ]
        }
    )


def _shown(value: Any) -> str:
    parts: Sequence[Any] = value if isinstance(value, (list, tuple)) else (value,)
    return " ".join(str(part) for part in parts)
