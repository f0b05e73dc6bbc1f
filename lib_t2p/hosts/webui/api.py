"""Our interface beside the WebUI's own, behind the same credentials."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lib_t2p.access import Access
from lib_t2p.api import PREFIX, App, guarded, put_first
from lib_t2p.hosts.webui import flags
from lib_t2p.hosts.webui.later import Later


def serve_api(app: Any) -> None:
    """Put the interface before the routes of the WebUI's application; made when first asked."""
    allowed = access()
    trusted = bool(allowed.credentials)
    put_first(app, PREFIX, guarded(Later(lambda: _interface(trusted), "its interface"), allowed))


def _interface(trusted: bool) -> App:
    from lib_t2p.api import api_app
    from lib_t2p.hosts.webui.forks import this_fork
    from lib_t2p.hosts.webui.webui_host import WebuiHost
    from lib_t2p.workspace import open_workspace

    host = WebuiHost(open_workspace(flags.workspace_root()), this_fork().name)
    return api_app(host, trusted=trusted)


def access() -> Access:
    """What the WebUI was told of users, names and other sites on its command line."""
    return Access(dict(_credentials()), _names(), origins=_origins())


def page_access() -> Access:
    """As `access`, for the page, whose password the WebUI asks for itself.

    A shared page has a name that nobody knows beforehand, and can be reached without rebinding.
    """
    named_later = ("gradio_auth", "gradio_auth_path", "share", "ngrok")
    any_name = any(flags.flag(name) for name in named_later)
    return Access(names=_names(), any_name=any_name, origins=_origins())


def _names() -> frozenset[str]:
    name = flags.flag("server_name")
    own = [str(name)] if name else []
    return frozenset([*own, *(urlsplit(site).hostname or "" for site in _origins())])


def _origins() -> frozenset[str]:
    given = str(flags.flag("cors_allow_origins", ""))
    # A star would let every site ask, which is not what a person who wrote it for pictures meant.
    return frozenset(site for site in given.split(",") if site and site not in ("*", "null"))


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
