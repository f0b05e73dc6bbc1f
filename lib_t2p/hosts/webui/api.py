"""Our interface beside the WebUI's own, behind the same credentials."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lib_t2p.api.access import Access
from lib_t2p.api.app import mount
from lib_t2p.hosts.webui import flags
from lib_t2p.hosts.webui.host import WebuiHost
from lib_t2p.hosts.webui.versions import too_old, webui_kind
from lib_t2p.workspace import open_workspace


def serve_api(app: Any) -> None:
    """Put the interface before the routes of the WebUI's application."""
    if too_old():
        return
    host = WebuiHost(open_workspace(flags.workspace_root()), webui_kind())
    mount(app, host, access())


def access() -> Access:
    """What the WebUI was told of users and names on its command line."""
    name = flags.flag("server_name")
    return Access(dict(_credentials()), frozenset([str(name)] if name else []))


def _credentials() -> Iterator[tuple[str, str]]:
    texts = [str(flags.flag("api_auth", "")), str(flags.flag("gradio_auth", ""))]
    file = flags.flag("gradio_auth_path")
    if file:
        texts += Path(file).read_text(encoding="utf-8").splitlines()
    for text in texts:
        for pair in text.split(","):
            user, colon, password = pair.strip().partition(":")
            if colon:
                yield user, password
