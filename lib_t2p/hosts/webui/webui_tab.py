"""Our tab in the WebUI: an empty shell at start, the three tabs once it is opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lib_t2p.hosts.webui.forks import too_old

if TYPE_CHECKING:
    from lib_t2p.workspace import Workspace

TITLE = "Text to Person"
ELEMENT = "t2p"
OPENING = "Text to Person is being opened ..."
SHELL = f'<p role="status">{OPENING}</p>'


def tab() -> list[tuple[Any, str, str]]:
    """What `on_ui_tabs` wants: our page, its title and element id."""
    reason = too_old()
    return [(sentence_page(reason) if reason else shell_page(), TITLE, ELEMENT)]


def shell_page() -> Any:
    """A page with nothing in it yet: what a start of the WebUI pays for.

    `javascript/t2p_open.js` puts the rest beside the sentence, since AUTOMATIC1111 has styles of
    its own for all that lies in an HTML element.
    """
    import gradio

    with gradio.Blocks(analytics_enabled=False) as page, gradio.Column(elem_id="t2p_shell"):
        gradio.HTML(SHELL, elem_id="t2p_opening")
    return page


def full_page() -> tuple[Any, Workspace]:
    """The three tabs, in the WebUI's own theme; and the workspace whose files they show."""
    import gradio
    from modules import shared

    from lib_t2p.hosts.webui.background import our_workspace
    from lib_t2p.hosts.webui.flags import page_access
    from lib_t2p.hosts.webui.forks import painter_name
    from lib_t2p.hosts.webui.setup_panel import setup_panel
    from lib_t2p.hosts.webui.webui_host import WebuiHost
    from lib_t2p.ui import guard_events
    from lib_t2p.ui.page import build_tabs

    workspace = our_workspace()
    host = WebuiHost(workspace, painter_name())
    guard_events(page_access())
    theme = getattr(shared, "gradio_theme", None)
    with gradio.Blocks(analytics_enabled=False, theme=theme) as page:
        unready = host.unready() is not None
        build_tabs(page, host, above=partial(setup_panel, host) if unready else None)
    return page, workspace


def sentence_page(sentence: str) -> Any:
    """A page that only says why there is no more."""
    import gradio

    from lib_t2p.ui import message

    with gradio.Blocks(analytics_enabled=False) as page:
        gradio.HTML(message(sentence, "bad"), elem_id="t2p_notice")
    return page
