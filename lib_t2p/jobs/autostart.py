"""Going on after a restart of the machine: a file that the system reads when its user logs in."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lib_t2p import platforms
from lib_t2p.environment import ROOT
from lib_t2p.errors import SetupError, WorkspaceError
from lib_t2p.files import write_bytes
from lib_t2p.jobs.starting import core_python
from lib_t2p.platforms import LoginStart
from lib_t2p.workspace import Workspace


@dataclass(frozen=True)
class Autostart:
    """Where the start at login stands.

    Attributes:
        path: of its file, which need not exist.
        installed: the file is there and in effect.
        current: it does what this version would write.
        hint: what a person should know of this system; may be empty.
    """

    path: Path
    installed: bool
    current: bool
    hint: str


def planned(workspace: Workspace) -> LoginStart:
    """What would be written for a workspace; each has a file of its own."""
    mark = hashlib.sha256(str(workspace.root).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return platforms.login_start(
        f"text-to-person-{mark}", _command(workspace), {"PYTHONPATH": str(ROOT)}
    )


def autostart_of(workspace: Workspace, start: LoginStart | None = None) -> Autostart:
    """Whether a workspace goes on after a restart."""
    start = start or planned(workspace)
    linked = start.link is None or start.link[0].is_symlink()
    there = start.path.is_file()
    current = there and start.path.read_bytes() == start.content
    return Autostart(start.path, there and linked, current, start.hint)


def install_autostart(
    workspace: Workspace,
    start: LoginStart | None = None,
    supported: Callable[[], bool] = platforms.has_login_start,
) -> Autostart:
    """Let the system go on with what waits at each login; doing it again brings it up to date.

    Raises:
        SetupError: this system cannot; says which command would have to be run.
        WorkspaceError: the file may not be written.
    """
    if not supported():
        command = shlex.join(["env", f"PYTHONPATH={ROOT}", *_command(workspace)])
        raise SetupError(
            "This system has no systemd to start things at login: let what it has instead run "
            f"{command}"
        )
    start = start or planned(workspace)
    write_bytes(start.path, start.content)
    if start.link is not None:
        _link(*start.link)
    return autostart_of(workspace, start)


def uninstall_autostart(workspace: Workspace, start: LoginStart | None = None) -> list[Path]:
    """Remove what `install_autostart` wrote; gives what was there.

    Raises:
        WorkspaceError: a file may not be removed.
    """
    start = start or planned(workspace)
    paths = [start.path] if start.link is None else [start.link[0], start.path]
    found = [path for path in paths if path.is_symlink() or path.exists()]
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise WorkspaceError(
                f"{path} could not be removed ({error.strerror}): remove it yourself."
            ) from error
    return found


def _command(workspace: Workspace) -> list[str]:
    command = [core_python(), "-m", "lib_t2p.cli", "worker", "start"]
    return [*command, "--workspace", str(workspace.root)]


def _link(link: Path, target: str) -> None:
    try:
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(target)
    except OSError as error:
        raise WorkspaceError(
            f"{link} could not be made ({error.strerror}): see whether you may write {link.parent}."
        ) from error
