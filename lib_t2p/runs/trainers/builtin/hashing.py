"""The hashes of the base checkpoint, reckoned while other things happen."""

from __future__ import annotations

import threading
from pathlib import Path

from lib_t2p.errors import CheckpointError
from lib_t2p.lora import base_hashes


class BaseHashes:
    """Reckons AUTOMATIC1111's hashes of a checkpoint in a thread; only LoRAs' metadata needs them.

    The thread ends with the process, so that a training that fails early waits for nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hashes: tuple[str, str] | None = None
        self._fault: OSError | None = None
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin if they are not being reckoned yet."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="hashes", daemon=True)
            self._thread.start()

    def result(self) -> tuple[str, str] | None:
        """Old and new hash, None for a folder; waits for them.

        Raises:
            CheckpointError: the file cannot be read any more.
        """
        self.begin()
        assert self._thread is not None
        self._thread.join()
        if self._fault:
            raise CheckpointError(
                f"{self._path} cannot be read ({self._fault}): put the checkpoint back, then "
                "start the run again."
            ) from self._fault
        return self._hashes

    def _run(self) -> None:
        try:
            self._hashes = base_hashes(self._path)
        except OSError as error:
            self._fault = error
