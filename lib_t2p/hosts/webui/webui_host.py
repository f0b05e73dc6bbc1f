"""The WebUI as the tabs see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.hosts.webui import flags, models
from lib_t2p.hosts.webui import settings_section as settings
from lib_t2p.hosts.webui.extension_scripts import extensions_there
from lib_t2p.hosts.webui.forks import this_fork
from lib_t2p.hosts.webui.models import upscaler_names
from lib_t2p.hosts.webui.setting_up import SettingUp
from lib_t2p.painting import Extension
from lib_t2p.workspace import Workspace


@dataclass(frozen=True)
class WebuiHost:
    """A page that the WebUI serves, perhaps to others than its owner."""

    workspace: Workspace
    name: str

    @property
    def loras_root(self) -> Path:
        """The WebUI's LoRA folder."""
        return flags.lora_root()

    def checkpoints(self) -> list[str]:
        """The WebUI's titles: the one that is set as first, then the chosen one."""
        titles = models.checkpoint_titles()
        first = settings.setting(settings.CHECKPOINT)
        return sorted(titles, key=lambda title: title != first)

    def checkpoint_path(self, title: str) -> Path | None:
        """The file of a title."""
        return models.checkpoint_file(title)

    def vaes(self) -> list[str]:
        """The WebUI's VAEs."""
        return this_fork().vae_names()

    def extensions(self) -> Mapping[str, Extension]:
        """ControlNet and ADetailer, if they are installed."""
        return extensions_there()

    def upscalers(self) -> list[str]:
        """The WebUI's upscalers."""
        return upscaler_names()

    def send_to(self) -> tuple[str, ...]:
        """Tabs that take a picture's parameters; the page's script pastes them there."""
        return ("txt2img", "img2img")

    def samplers(self) -> list[str]:
        """The WebUI's samplers."""
        return models.sampler_names()

    def recipe(self) -> str:
        """The one that is set, else the one with which the guide ends."""
        return str(settings.setting(settings.RECIPE, settings.FIRST_RECIPE))

    def roots(self) -> list[Path] | None:
        """No limit on the person's own machine; else the workspace and the WebUI's data only."""
        if flags.flag("hide_ui_dir_config") or flags.is_open_to_strangers():
            return [self.workspace.root, flags.data_folder()]
        reachable = flags.flag("listen") or flags.flag("share") or flags.flag("ngrok")
        return [self.workspace.root, flags.data_folder()] if reachable else None

    def restricted(self) -> str | None:
        """Why nothing may be started, as when strangers reach the page."""
        return flags.restriction()

    def unready(self) -> str | None:
        """Our own environment must be there, since the WebUI's has no face recognition."""
        if SettingUp(self.workspace).state() == "ready":
            return None
        return "Text to Person is not set up yet: press Set up above and wait until it is done."
