"""Building `.envs/core` from the WebUI: a process of its own that outlives the page."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lib_t2p.environment import CORE, ROOT, Paths, clean_variables, is_ready
from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.jobs.events import Tail
from lib_t2p.jobs.processes import ProcessRecord, is_alive, launch, stop_tree
from lib_t2p.workspace import Workspace

State = Literal["ready", "missing", "running", "failed"]
SCHEMA = 1
_END = 4096


@dataclass(frozen=True)
class SettingUp:
    """The core's environment as seen from a WebUI.

    Attributes:
        workspace: keeps the log and which process is at work.
        root: the extension's folder.
        launcher: starts a program in a process group of its own.
    """

    workspace: Workspace
    root: Path = ROOT
    launcher: Callable[..., ProcessRecord] = launch

    @property
    def log(self) -> Path:
        """All that the set-up printed."""
        return self.workspace.logs / "setup.log"

    def state(self) -> State:
        """How far it is; a finished set-up is told by the environment itself."""
        if is_ready(Paths(self.root, CORE)):
            return "ready"
        process = self._process()
        if process is None:
            return "missing"
        return "running" if is_alive(process) else "failed"

    def last_line(self) -> str:
        """What it said last; empty before it said anything."""
        size = self.log.stat().st_size if self.log.exists() else 0
        lines = Tail(self.log, max(0, size - _END)).read_new().strip().splitlines()
        return lines[-1].strip() if lines else ""

    def start(self) -> None:
        """Begin, or go on after a failure; nothing happens when it is at work already."""
        if self.state() in ("ready", "running"):
            return
        argv = [sys.executable, str(self.root / "t2p.py"), "env", "build", CORE.name]
        process = self.launcher(
            argv,
            cwd=self.root,
            env={**clean_variables(os.environ), "PYTHONUNBUFFERED": "1"},
            stdout=self.log,
            stderr=self.log,
        )
        write_record(self._record, SCHEMA, {"pid": process.pid, "created": process.created})

    def stop(self) -> None:
        """End the process; what was installed stays, and a later start goes on from it."""
        process = self._process()
        if process is not None:
            stop_tree(process)

    @property
    def _record(self) -> Path:
        return self.workspace.logs / "setup.json"

    def _process(self) -> ProcessRecord | None:
        try:
            record = read_record(self._record, SCHEMA)
            return ProcessRecord(int(record["pid"]), float(record["created"]))
        except (WorkspaceError, KeyError, TypeError, ValueError):
            return None
