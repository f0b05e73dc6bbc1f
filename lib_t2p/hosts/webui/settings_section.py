"""Our section of the WebUI's settings page, and what was set there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

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


@dataclass(frozen=True)
class _Row:
    """A line of our section.

    Attributes:
        name: in the WebUI's `config.json`.
        label: as the page shows it.
        info: small print behind it.
        component: of gradio.
        default: until something is set.
        choices: of a list; None for another component.
        taken: after the WebUI is started anew, after its page is reloaded, or at once.
        is_folder: whether strangers may not set it, nor programs through the WebUI's own API.
    """

    name: str
    label: str
    info: str
    component: Literal["Textbox", "Dropdown", "Number"] = "Textbox"
    default: Any = ""
    choices: Callable[[], Iterable[str]] | None = None
    taken: Literal["restart", "reload", "live"] = "reload"
    is_folder: bool = False

    def add(self) -> None:
        """Put it among the WebUI's options."""
        import gradio as gr
        from modules import shared

        offered = self.choices
        option = shared.OptionInfo(
            self.default,
            self.label,
            getattr(gr, self.component),
            (lambda: {"choices": list(offered())}) if offered else None,
            section=SECTION,
            restrict_api=self.is_folder,
        )
        option.info(self.info)
        if self.taken == "restart":
            option.needs_restart()
        elif self.taken == "reload":
            option.needs_reload_ui()
        shared.opts.add_option(self.name, option)


def add_settings(*, with_folders: bool) -> None:
    """Add our section; a WebUI that is started anew or reloaded takes what is set.

    Args:
        with_folders: whether folders may be set, from one of which programs are run: not on a page
            that strangers can reach.
    """
    for row in _ROWS:
        if with_folders or not row.is_folder:
            row.add()


def _checkpoint_choices() -> list[str]:
    from lib_t2p.hosts.webui.models import checkpoint_titles

    return ["", *checkpoint_titles()]


_ROWS = (
    _Row(
        WORKSPACE,
        "Folder for people, datasets, runs and grids",
        "empty: text-to-person among the WebUI's data; --t2p-workspace goes before",
        taken="restart",
        is_folder=True,
    ),
    _Row(
        SD_SCRIPTS,
        "Folder of a checkout of kohya's sd-scripts",
        "empty: the one that Text to Person sets up; --t2p-sd-scripts-dir goes before",
        taken="restart",
        is_folder=True,
    ),
    _Row(
        FACE_MODELS,
        "Folder of face models (ONNX) for sface and arcface",
        "with face_detection_yunet*.onnx and face_recognition_sface*.onnx, or w600k_*.onnx",
        taken="live",
        is_folder=True,
    ),
    _Row(
        CLIP_FOLDER,
        "Folder of a CLIP model that scores how well prompts are obeyed",
        "as transformers saves it, both towers and the tokenizer; empty: obedience is not judged",
        taken="live",
        is_folder=True,
    ),
    _Row(
        EMBEDDER,
        "Who compares faces when pictures are scored",
        "dlib needs nothing; sface (with YuNet) and arcface (insightface) need files of yours",
        "Dropdown",
        EMBEDDERS[0],
        lambda: EMBEDDERS,
        taken="live",
    ),
    _Row(
        CHECKPOINT,
        "Base checkpoint that the Train and Generate tabs offer first",
        "empty: the one that the WebUI has loaded",
        "Dropdown",
        choices=_checkpoint_choices,
    ),
    _Row(
        RECIPE,
        "Recipe that the Train tab offers first",
        "the settings with which a training begins",
        "Dropdown",
        FIRST_RECIPE,
        recipe_files,
    ),
    _Row(
        PAINTER_SECONDS,
        "Seconds without an open WebUI after which our own painter takes over",
        "a grid that it has begun stays with it",
        "Number",
        PAINTER_AFTER,
        taken="live",
    ),
)
"""Our section, in order."""
