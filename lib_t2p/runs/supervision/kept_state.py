"""What is kept of a run between two workers, in its `state.json`."""

from __future__ import annotations

from typing import Any

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import RunFolder

SCHEMA = 1


class Memory:
    """The record of a run.

    Its keys: `status` (running, stopped, failed, finished), `reason` and `code` of a failure,
    `read` and `read_errors` (bytes of the two outputs that were told), `step`, `total`,
    `seconds_per_step`, `batches_per_epoch`, `told` (stems of the saved models that were
    announced), `warned` (codes of the warnings that were given), `finished` (the last LoRA is in
    place).

    Args:
        folder: of the run.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._path = folder.state
        self._known = _read(folder)

    def get(self, key: str, default: Any = None) -> Any:
        """What is known under a key."""
        return self._known.get(key, default)

    def keep(self, **changes: Any) -> None:
        """Change some keys and write the record when that changes anything.

        Raises:
            WorkspaceError: the disk is full or the folder may not be written.
        """
        now = {**self._known, **changes}
        if now != self._known:
            self._known = now
            write_record(self._path, SCHEMA, now)

    def begin(self, *, read: int, read_errors: int) -> None:
        """A process is launched; of the ones before only the announced models stay known."""
        told = self._known.get("told", [])
        self._known = {}
        self.keep(status="running", read=read, read_errors=read_errors, told=told)


def _read(folder: RunFolder) -> dict[str, Any]:
    try:
        record = read_record(folder.state, SCHEMA)
    except WorkspaceError:
        return {}
    return {key: value for key, value in record.items() if key != "schema"}
