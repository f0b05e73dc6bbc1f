"""What the person who started the WebUI asked for on its command line, and who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lib_t2p.access import Access
from lib_t2p.errors import WorkspaceError
from lib_t2p.hosts.webui import settings_section as settings
from lib_t2p.typed_paths import home_path

WORKSPACE = "text-to-person"
"""Folder under the WebUI's data folder, which outlives an update of the extension."""


def flag(name: str, default: Any = None) -> Any:
    """A flag of the WebUI; `default` when this version does not have it or it was not given."""
    from modules import shared

    value = getattr(shared.cmd_opts, name, None)
    return default if value in (None, "") else value


def data_folder() -> Path:
    """Where the WebUI keeps what belongs to the person (`--data-dir`)."""
    from modules import paths

    return Path(paths.data_path).absolute()


def workspace_root() -> Path:
    """`--t2p-workspace`, else what is set, else a folder of ours among the WebUI's data."""
    named = flag("t2p_workspace") or set_folder(settings.WORKSPACE)
    return home_path(str(named or data_folder() / WORKSPACE), WorkspaceError)


def sd_scripts_folder() -> str | None:
    """`--t2p-sd-scripts-dir`, else what is set."""
    named = flag("t2p_sd_scripts_dir") or set_folder(settings.SD_SCRIPTS)
    return str(named) if named else None


def may_set_folders() -> bool:
    """Whether the settings page may name folders: programs are run from one of them."""
    return not flag("hide_ui_dir_config") and restriction() is None


def set_folder(name: str) -> str | None:
    """A folder of the settings page, where those are allowed."""
    return settings.setting(name) if may_set_folders() else None


def lora_root() -> Path:
    """`--lora-dir`, else `models/Lora`."""
    from modules import paths

    return Path(flag("lora_dir") or Path(paths.models_path) / "Lora").absolute()


def is_open_to_strangers() -> bool:
    """Whether others than the person at this machine reach the page without a password."""
    reachable = flag("listen") or flag("share") or flag("ngrok") or flag("server_name")
    alone = str(flag("server_name", "")) in ("127.0.0.1", "localhost", "::1")
    if not reachable or (alone and not (flag("share") or flag("ngrok") or flag("listen"))):
        return False
    return not (flag("gradio_auth") or flag("gradio_auth_path"))


def restriction() -> str | None:
    """Why nothing may be started from the page, or None."""
    if not is_open_to_strangers() or flag("enable_insecure_extension_access"):
        return None
    return (
        "Others can reach this WebUI without a password, so Text to Person starts nothing here: "
        "start the WebUI with --gradio-auth, or without --listen and --share. Programs may ask "
        "under /t2p/v1 with the password of --api-auth."
    )


def access() -> Access:
    """What the WebUI was told of users, names and other sites on its command line."""
    return Access(dict(_credentials()), _names(), origins=_origins())


def page_access() -> Access:
    """As `access`, for the page, whose password the WebUI asks for itself.

    A shared page has a name that nobody knows beforehand, and can be reached without rebinding.
    """
    named_later = ("gradio_auth", "gradio_auth_path", "share", "ngrok")
    any_name = any(flag(name) for name in named_later)
    return Access(names=_names(), any_name=any_name, origins=_origins())


def _names() -> frozenset[str]:
    name = flag("server_name")
    own = [str(name)] if name else []
    return frozenset([*own, *(urlsplit(site).hostname or "" for site in _origins())])


def _origins() -> frozenset[str]:
    given = str(flag("cors_allow_origins", ""))
    # A star would let every site ask, which is not what a person who wrote it for pictures meant.
    return frozenset(site for site in given.split(",") if site and site not in ("*", "null"))


def _credentials() -> Iterator[tuple[str, str]]:
    texts = [str(flag("api_auth", "")), str(flag("gradio_auth", ""))]
    file = flag("gradio_auth_path")
    if file:
        texts += Path(file).read_text(encoding="utf-8").splitlines()
    for text in texts:
        for pair in text.split(","):
            user, colon, password = pair.strip().partition(":")
            if colon:
                yield user, password
