"""The standalone studio: the three tabs on a page of our own, for this machine only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from lib_t2p.errors import SetupError
from lib_t2p.hosts.standalone.ports import ADDRESS, free_port
from lib_t2p.jobs import ACTIVE, Queue, wake
from lib_t2p.workspace import Workspace, open_workspace

# gradio reads these when it is imported: nothing is sent anywhere, and uploads stay with the rest.
QUIET = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1"}


def run_studio(
    workspace: Path,
    port: int,
    open_browser: bool,
    *,
    say: Callable[[str], None] = lambda _: None,
    wait: bool = True,
) -> str:
    """Serve the studio until it is interrupted.

    Args:
        workspace: root of all data, made on first use.
        port: wanted; the next free one is taken when it is busy.
        open_browser: show the page.
        say: told where the page is.
        wait: block until interrupted; False returns with the page being served.

    Returns:
        The address of the page.

    Raises:
        WorkspaceError: the workspace cannot be used.
        SetupError: no port is free.
    """
    opened = open_workspace(workspace)
    _prepare_environment(opened)
    taken = free_port(port)
    if taken != port:
        say(f"Port {port} is busy, so the studio uses {taken}.")
    from lib_t2p.hosts.standalone.studio_host import StudioHost
    from lib_t2p.hosts.standalone.studio_page import serve

    try:
        wake(opened)
    except SetupError as error:
        say(str(error))
    address = f"http://{ADDRESS}:{taken}/"
    say(f"The studio is at {address} (workspace {opened.root}). Ctrl+C ends it; jobs go on.")
    serve(StudioHost(opened), taken, open_browser=open_browser, wait=wait)
    return address


def _prepare_environment(workspace: Workspace) -> None:
    uploads = workspace.uploads
    if not Queue(workspace).jobs(states=ACTIVE):
        # What was uploaded before lies in the people's folders by now; a waiting import needs it.
        shutil.rmtree(uploads, ignore_errors=True)
    uploads.mkdir(parents=True, exist_ok=True)
    os.environ.update({**QUIET, "GRADIO_TEMP_DIR": str(uploads)})
