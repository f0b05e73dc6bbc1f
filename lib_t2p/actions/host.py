"""What the tabs need to know of the program that they run inside of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from lib_t2p.errors import InputError
from lib_t2p.settings.options import path_options
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


class Host(Protocol):
    """The WebUI or the standalone studio."""

    @property
    def name(self) -> str:
        """Shown to people, such as `Studio`."""

    @property
    def workspace(self) -> Workspace:
        """Where people, jobs and results lie."""

    @property
    def loras_root(self) -> Path:
        """The folder under which LoRAs must lie to be painted."""

    def checkpoints(self) -> list[str]:
        """Titles of the base checkpoints to choose from, best choice first."""

    def checkpoint_path(self, title: str) -> Path | None:
        """Where the checkpoint of that title lies; None for a title that is not offered."""

    def samplers(self) -> list[str]:
        """Names of samplers, in the WebUI's spelling."""

    def recipe(self) -> str:
        """Name of the training recipe to offer first."""

    def roots(self) -> list[Path] | None:
        """Folders that a typed path may lie in; None when there is no limit."""

    def restricted(self) -> str | None:
        """Why nothing may be started from this page, or None."""

    def unready(self) -> str | None:
        """What must be set up before anything can be started, or None."""


@runtime_checkable
class HelpingHost(Protocol):
    """A host that enlarges and describes pictures for the worker: the WebUI."""

    def upscalers(self) -> list[str]:
        """Names of its upscalers."""


@runtime_checkable
class SendingHost(Protocol):
    """A host with tabs that take the parameters of a picture: the WebUI."""

    def send_to(self) -> tuple[str, ...]:
        """Names of those tabs."""


def allowed_path(host: Host, typed: str) -> Path:
    """Turn a typed path into one that may be read.

    Raises:
        InputError: it is no path, or lies outside the folders that the host allows.
    """
    path = typed_path(typed).absolute()
    roots = host.roots()
    if roots is None or any(path.resolve().is_relative_to(r.resolve()) for r in roots):
        return path
    named = ", ".join(str(r) for r in roots) or "none"
    raise InputError(f"{path} lies outside the folders that this host allows ({named}).")


def check_paths(host: Host, values: Mapping[str, Any]) -> None:
    """Refuse settings that point outside the folders that the host allows.

    A relative path without `..` lies in the dataset or run, so it is let through.

    Raises:
        InputError: naming the first such path.
    """
    for name in path_options():
        given = values.get(name) or ""
        for typed in given if isinstance(given, (list, tuple)) else (str(given),):
            path = typed_path(typed) if isinstance(typed, str) else Path()
            if typed and (path.is_absolute() or ".." in path.parts):
                allowed_path(host, typed)


def checkpoint_path(host: Host, chosen: str | None) -> Path:
    """The chosen base checkpoint.

    Args:
        host: that offers titles.
        chosen: a title, or a typed path.

    Raises:
        InputError: none is chosen, it does not exist, or lies outside the allowed folders.
    """
    typed = (chosen or "").strip()
    if not typed:
        raise InputError("No base checkpoint: choose one or type its path.")
    path = host.checkpoint_path(typed) or allowed_path(host, typed)
    if not path.exists():
        raise InputError(f"There is no base checkpoint at {path}: choose one that exists.")
    return path


def checkpoint_title(host: Host, path: str) -> str:
    """The title under which a host offers a path, else the path."""
    titles = (t for t in host.checkpoints() if host.checkpoint_path(t) == Path(path))
    return next(titles, path)


def known_names(host: Host) -> dict[str, list[str]]:
    """All names of the host by kind of axis; kinds that it cannot list are left out."""
    known = {"sampler": list(host.samplers()), "checkpoint": list(host.checkpoints())}
    vaes = getattr(host, "vaes", None)
    return {**known, "vae": ["None", "Automatic", *vaes()]} if vaes else known
