"""Every error that may reach a person. Each says what, where, and what to do, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence


class T2PError(Exception):
    """Base of all errors of Text to Person; its text is fit to be shown as it is."""


class FaultsError(T2PError):
    """Several faults of one input, collected and raised once.

    Attributes:
        faults: one sentence each, in the order in which they were found.
    """

    def __init__(self, subject: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__("\n".join([f"{subject}: {count}", *(f"- {f}" for f in self.faults)]))


class InputError(T2PError):
    """Something a person typed or pointed at cannot be used."""


class WorkspaceError(T2PError):
    """The workspace, or a file in it, cannot be read, written or trusted."""


class NewerSchemaError(WorkspaceError):
    """A file was written by a newer version of Text to Person."""


class SetupError(T2PError):
    """An environment or one of its packages is missing or broken."""


class PhotoError(T2PError):
    """A photo cannot be read or used."""


class CheckpointError(T2PError):
    """A base checkpoint cannot be read, or is of a family that is not supported."""


class LoraError(T2PError):
    """A LoRA file cannot be read, or does not fit the checkpoint."""


class SettingsError(FaultsError):
    """Training settings that cannot be used; all faults at once."""


class TrainerError(T2PError):
    """A training ended without a usable LoRA; says why and what to do."""


class PaintingError(T2PError):
    """A picture could not be painted."""


class JobError(T2PError):
    """A job cannot be submitted, found or changed."""


class StopRequested(T2PError):
    """Raised inside a job when the person asked it to stop."""
