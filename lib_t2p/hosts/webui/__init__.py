"""The WebUI as host (AUTOMATIC1111, Forge): the only place that imports `modules.*`."""

from __future__ import annotations

import logging
from typing import Any

_log = logging.getLogger("text_to_person")


def register() -> None:
    """Register our callbacks; a fault is logged and the WebUI starts without us."""
    try:
        from lib_t2p.hosts.webui.callbacks import listen

        listen("ui_tabs", _tab)
        listen("before_ui", _before_ui)
        listen("ui_settings", _add_settings)
        listen("cfg_denoiser", _between_steps)
        listen("app_started", _started)
    except Exception:
        _log.exception("Text to Person could not register its tab; the WebUI goes on without it.")


def _tab() -> list[tuple[Any, str, str]]:
    from lib_t2p.hosts.webui.webui_tab import ELEMENT, TITLE, sentence_page, tab

    try:
        return tab()
    except Exception as error:
        _log.exception("the tab could not be built")
        said = f"Text to Person could not open its tab: {error}"
        return [(sentence_page(said), TITLE, ELEMENT)]


def _before_ui() -> None:
    _serve_workspace_files()
    _add_axes()


def _add_settings() -> None:
    from lib_t2p.hosts.webui import flags
    from lib_t2p.hosts.webui import settings_section as settings

    try:
        settings.add_settings(with_folders=flags.may_set_folders())
    except Exception:
        _log.exception("the settings page goes without our section.")


def _serve_workspace_files() -> None:
    from modules import shared

    from lib_t2p.hosts.webui.flags import workspace_root

    allowed = getattr(shared.cmd_opts, "gradio_allowed_path", None)
    root = str(workspace_root())
    if isinstance(allowed, list) and root not in allowed:
        allowed.append(root)


def _add_axes() -> None:
    from lib_t2p.hosts.webui.forks import too_old
    from lib_t2p.hosts.webui.xyz_options import add_axes

    try:
        if not too_old():
            add_axes()
    except Exception:
        _log.exception("the X/Y/Z plot goes without our axes.")


def _between_steps(params: Any) -> None:
    from lib_t2p.hosts.webui.service import between_steps

    between_steps(int(params.sampling_step), int(params.total_sampling_steps))


def _started(demo: Any, app: Any) -> None:
    from lib_t2p.hosts.webui.forks import too_old

    try:
        if not too_old():
            _serve(app, with_page=demo is not None)
    except Exception:
        _log.exception("Text to Person is not served; the WebUI goes on without it.")


def _serve(app: Any, *, with_page: bool) -> None:
    from lib_t2p.hosts.webui.flags import page_access
    from lib_t2p.hosts.webui.served_apps import serve_api, serve_page

    serve_api(app)
    if with_page:
        from lib_t2p.hosts.webui.background import begin

        serve_page(app, page_access())
        begin()
