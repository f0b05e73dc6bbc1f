"""Our section of the WebUI's settings page, and what was set there."""

from __future__ import annotations

from typing import Any

from lib_t2p.settings import recipe_files
from lib_t2p.workspace import EMBEDDERS, PAINTER_AFTER

SECTION = ("text_to_person", "Text to Person")
WORKSPACE = "t2p_workspace"
SD_SCRIPTS = "t2p_sd_scripts_dir"
PAINTER_SECONDS = "t2p_painter_after"
EMBEDDER = "t2p_embedder"
FACE_MODELS = "t2p_face_models"
CLIP_FOLDER = "t2p_clip_folder"
CHECKPOINT = "t2p_checkpoint"
RECIPE = "t2p_recipe"
FIRST_RECIPE = "guide-final"
"""The recipe with which the guide ends."""


def setting(name: str, default: Any = None) -> Any:
    """What is set; `default` when nothing is."""
    from modules import shared

    value = shared.opts.data.get(name)
    return default if value in (None, "") else value


def add_settings(*, with_folders: bool) -> None:
    """Add our section; a WebUI that is started anew or reloaded takes what is set.

    Args:
        with_folders: whether folders may be set, from one of which programs are run: not on a page
            that strangers can reach.
    """
    import gradio as gr

    if with_folders:
        _add(
            WORKSPACE,
            "",
            "Folder for people, datasets, runs and grids",
            gr.Textbox,
            "empty: text-to-person among the WebUI's data; --t2p-workspace goes before",
            restart=True,
        )
        _add(
            SD_SCRIPTS,
            "",
            "Folder of a checkout of kohya's sd-scripts",
            gr.Textbox,
            "empty: the one that Text to Person sets up; --t2p-sd-scripts-dir goes before",
            restart=True,
        )
        _add_scoring_folders()
    _add(
        EMBEDDER,
        EMBEDDERS[0],
        "Who compares faces when pictures are scored",
        gr.Dropdown,
        "dlib needs nothing; sface (with YuNet) and arcface (insightface) need files of yours",
        {"choices": list(EMBEDDERS)},
        live=True,
    )
    _add(
        CHECKPOINT,
        "",
        "Base checkpoint that the Train and Generate tabs offer first",
        gr.Dropdown,
        "empty: the one that the WebUI has loaded",
        _checkpoint_choices,
    )
    _add(
        RECIPE,
        FIRST_RECIPE,
        "Recipe that the Train tab offers first",
        gr.Dropdown,
        "the settings with which a training begins",
        {"choices": list(recipe_files())},
    )
    _add(
        PAINTER_SECONDS,
        PAINTER_AFTER,
        "Seconds without an open WebUI after which our own painter takes over",
        gr.Number,
        "a grid that it has begun stays with it",
        live=True,
    )


def _add_scoring_folders() -> None:
    import gradio as gr

    _add(
        FACE_MODELS,
        "",
        "Folder of face models (ONNX) for sface and arcface",
        gr.Textbox,
        "with face_detection_yunet*.onnx and face_recognition_sface*.onnx, or w600k_*.onnx",
        live=True,
        guarded=True,
    )
    _add(
        CLIP_FOLDER,
        "",
        "Folder of a CLIP model that scores how well prompts are obeyed",
        gr.Textbox,
        "as transformers saves it, both towers and the tokenizer; empty: obedience is not judged",
        live=True,
        guarded=True,
    )


def _checkpoint_choices() -> dict[str, Any]:
    from lib_t2p.hosts.webui.models import checkpoint_titles

    return {"choices": ["", *checkpoint_titles()]}


def _add(
    name: str,
    default: Any,
    label: str,
    component: Any,
    info: str,
    arguments: Any = None,
    *,
    restart: bool = False,
    live: bool = False,
    guarded: bool = False,
) -> None:
    from modules import shared

    option = shared.OptionInfo(
        default, label, component, arguments, section=SECTION, restrict_api=restart or guarded
    )
    option.info(info)
    if restart:
        option.needs_restart()
    elif not live:
        option.needs_reload_ui()
    shared.opts.add_option(name, option)
