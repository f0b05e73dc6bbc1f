"""Our tab in the WebUI."""

from __future__ import annotations

import logging
from typing import Any

from lib_t2p.environment.sd_scripts import remember_folder
from lib_t2p.errors import SetupError
from lib_t2p.hosts.webui import flags
from lib_t2p.hosts.webui.host import WebuiHost
from lib_t2p.hosts.webui.service import serve
from lib_t2p.hosts.webui.versions import too_old, webui_kind, webui_version
from lib_t2p.jobs.starting import wake
from lib_t2p.workspace import open_workspace

TITLE = "Text to Person"
ELEMENT = "t2p"

_log = logging.getLogger(__name__)


def tab() -> list[tuple[Any, str, str]]:
    """What `on_ui_tabs` wants: our page, its title and element id."""
    reason = too_old()
    return [(sentence_page(reason) if reason else full_page(), TITLE, ELEMENT)]


def full_page() -> Any:
    """The three tabs, and the service beside them."""
    import gradio

    from lib_t2p.hosts.webui.api import page_access
    from lib_t2p.hosts.webui.setup_panel import setup_panel
    from lib_t2p.ui.app import build_tabs
    from lib_t2p.ui.guarding import guard_events

    name = " ".join([webui_kind(), ".".join(str(part) for part in webui_version())]).strip()
    workspace = open_workspace(flags.workspace_root())
    workspace.use_loras(flags.lora_root())
    remember_sd_scripts()
    host = WebuiHost(workspace, name)
    guard_events(page_access())
    serve(workspace, name)
    with gradio.Blocks(analytics_enabled=False) as page:
        if host.unready():
            setup_panel(host).also_on(page.load)
        else:
            wake(workspace)
        build_tabs(page, host)
    return page


def remember_sd_scripts() -> None:
    """Tell worker and shell where sd-scripts lies; a fault costs only the trainer, no tab."""
    try:
        remember_folder(flags.sd_scripts_folder())
    except SetupError as error:
        _log.warning("The folder of sd-scripts could not be kept: %s", error)


def sentence_page(sentence: str) -> Any:
    """A page that only says why there is no more."""
    import gradio

    from lib_t2p.ui.markup import message

    with gradio.Blocks(analytics_enabled=False) as page:
        gradio.HTML(message(sentence, "bad"), elem_id="t2p_notice")
    return page
