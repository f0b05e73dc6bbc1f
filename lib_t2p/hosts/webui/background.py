"""What of us lives in the WebUI's process beside its page, begun in a thread once that answers."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from lib_t2p.hosts.webui import flags

if TYPE_CHECKING:
    from lib_t2p.workspace import Workspace

_log = logging.getLogger(__name__)


def begin() -> threading.Thread:
    """Begin, and give the thread that does so: reading our modules takes a part of a second."""
    thread = threading.Thread(target=_begin, name="Text to Person begins", daemon=True)
    thread.start()
    return thread


def our_workspace() -> Workspace:
    """The workspace that the WebUI's settings and command line name.

    Raises:
        WorkspaceError: it cannot be opened.
    """
    from lib_t2p.workspace import open_workspace

    workspace = open_workspace(flags.workspace_root())
    workspace.use_loras(flags.lora_root())
    return workspace


def remember_sd_scripts() -> None:
    """Tell worker and shell where sd-scripts lies; a fault costs only the trainer, no tab."""
    from lib_t2p.environment import remember_folder
    from lib_t2p.errors import SetupError

    try:
        remember_folder(flags.sd_scripts_folder())
    except SetupError as error:
        _log.warning("The folder of sd-scripts could not be kept: %s", error)


def _begin() -> None:
    from lib_t2p.hosts.webui.forks import painter_name
    from lib_t2p.hosts.webui.service import serve
    from lib_t2p.hosts.webui.webui_host import WebuiHost
    from lib_t2p.jobs import ACTIVE, Queue, wake
    from lib_t2p.workspace import empty_waiting

    try:
        workspace = our_workspace()
        if not Queue(workspace).jobs(states=ACTIVE):
            empty_waiting(workspace)
        remember_sd_scripts()
        name = painter_name()
        serve(workspace, name)
        if not WebuiHost(workspace, name).unready():
            wake(workspace)
    except Exception:
        # At the border of the host: its page must go on, and ours tells the reason when opened.
        _log.exception("Text to Person could not begin its work beside the page.")
