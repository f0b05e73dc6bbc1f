"""Settings from files of kohya's world, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p import actions, runs
from lib_t2p import settings as settings_room
from lib_t2p.errors import InputError
from lib_t2p.files import slug
from lib_t2p.settings import kohya
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import SETTINGS, button, facts, file_field, on_press, panel, text_field
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.ui.training.form_check import Checker
from lib_t2p.ui.training.trainer_part import Filled, family_of

HELP = (
    "A JSON of the kohya_ss GUI, a TOML of sd-scripts, a recipe, or a LoRA, whose header tells "
    "how it was trained."
)


def files_part(
    context: TabContext, checker: Checker, inputs: Sequence[Any], outputs: Sequence[Any]
) -> Any:
    """Build the accordion; gives gradio's event of an import, to chain `.then` on.

    Args:
        context: of the page.
        checker: shows values in the fields.
        inputs: of the form, in the order of `Filled`.
        outputs: the fields.
    """
    typed_path = context.host.roots() is None
    with gr.Accordion("Import and export", open=False, elem_id="t2p_train_files"):
        facts("t2p_train_files_help", HELP)
        file = file_field("Settings file", "t2p_train_import_file", SETTINGS)
        path = text_field(
            "Path of a settings file or LoRA",
            "t2p_train_import_path",
            placeholder="or a path on this computer",
            visible=typed_path,
        )
        take = button("Import into the form", "t2p_train_import")
        said = panel("t2p_train_import_message")
        give = button("Export as kohya_ss JSON", "t2p_train_export")
        made = file_field("Exported settings", "t2p_train_export_file", visible=False)
    origin = gr.State(None)
    actions = _Files(context, checker)
    imported = on_press(take, actions.take, [file, path, inputs[0]], [said, origin, *outputs])
    on_press(give, actions.give, [origin, *inputs], [said, made])
    return imported


class _Files:
    def __init__(self, context: TabContext, checker: Checker) -> None:
        self.context = context
        self.checker = checker

    def take(self, uploaded: Any, typed: str | None, who: str | None = None) -> tuple[Any, ...]:
        files = g.uploaded_paths(uploaded)
        if typed and typed.strip():
            files = [actions.allowed_path(self.context.host, typed)]
        if not files:
            raise InputError("No file given: drop one in the box or type its path.")
        origin = kohya.read_gui(files[0]) if kohya.kind_of(files[0]) == "gui" else None
        config = kohya.read_config(files[0])
        options = self.checker.fields.options
        values: dict[str, Any] = {option.name: option.default for option in options}
        values |= {
            name: kohya.shown_value(name, value) for name, value in config.setting_values().items()
        }
        told = _told(files[0], config)
        prompts = self._own_prompts(str(values.get("sample_prompts") or ""), who)
        if prompts:
            values["sample_prompts"] = prompts
        return (told, origin, *self.checker.shown(values))

    def _own_prompts(self, text: str, who: str | None) -> str:
        """The sample prompts with the token of the person at the top."""
        found = self.context.person(who)
        if found is None:
            return text
        folder, person = found
        return runs.own_prompts(folder, text, person.trigger, person.class_word)

    def give(self, origin: Any, *values: Any) -> tuple[Any, ...]:
        filled = Filled.of(values, self.checker.fields.options)
        workspace = self.context.workspace
        settings = settings_room.settings_from(filled.values(workspace), trusted=filled.trusted)
        family = family_of(self.context.host, filled.base)
        if isinstance(origin, kohya.GuiConfig):
            changes = origin.differing(asdict(settings))
            gui = origin.with_settings(changes)
            notes = list(gui.unheeded(changes))
        else:
            given = {name: value for name, value in asdict(settings).items() if value is not None}
            config = kohya.TrainingConfig("recipe", given, family.value if family else "")
            gui, notes = kohya.new_gui(config), list(kohya.not_carried(config, "gui"))
        folder = workspace.cache / "exports"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{slug(filled.name or filled.recipe)}.json"
        gui.write(path)
        kept = " All other keys of the imported file are unchanged." if origin else ""
        told = "".join(f"\n- {note}" for note in notes)
        return message(f"Exported.{kept}{told}", "good"), g.changed(value=str(path), visible=True)


def _told(path: Path, config: kohya.TrainingConfig) -> str:
    kinds = {"gui": "kohya_ss GUI", "sd-scripts": "sd-scripts", "recipe": "recipe", "lora": "LoRA"}
    notes = "\n".join(f"- {note}" for note in config.notes)
    family = f", for {config.family}" if config.family else ""
    told = f"{len(config.setting_values())} settings read from {path.name} ({kinds[config.kind]}"
    return message(f"{told}{family}).\n{notes}", "good")
