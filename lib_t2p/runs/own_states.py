"""Which training states are ours: reading another's may run code of others, as accelerate does."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.workspace import RunFolder, Workspace


def state_fault(resume: str, workspace: Workspace, *, trusted: bool) -> str:
    """Why the state that `resume` names may not be read, in a sentence; empty when it may.

    Args:
        resume: folder of a state; empty for none.
        workspace: whose runs wrote the states that need no trust.
        trusted: whether a person said that code of others may be run.
    """
    if not resume or trusted or run_of(Path(resume), workspace) is not None:
        return ""
    return (
        f"resume names {resume!r}, which no run of this workspace wrote: reading the training "
        "state of others may run their code, so leave it out, or say explicitly that you trust it"
    )


def run_of(state: Path, workspace: Workspace) -> RunFolder | None:
    """The run of this workspace in whose folder a state lies, all links followed; else None."""
    try:
        people = (workspace.root / "people").resolve()
        parts = state.resolve().relative_to(people).parts
    except (OSError, ValueError, RuntimeError):
        return None
    if len(parts) != 6 or (parts[1], *parts[3:5]) != ("runs", "model", "state"):
        return None
    return RunFolder(people / parts[0] / "runs" / parts[2])
