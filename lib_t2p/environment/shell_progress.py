"""Says each step of an installation in a shell."""

from __future__ import annotations

import sys
import time

from lib_t2p.cli_output import Output
from lib_t2p.environment.builder import SetUpProgress


class ShellProgress(SetUpProgress):
    """Says each step of an installation in the shell."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._begun = time.monotonic()
        self._live = sys.stdout.isatty()

    def line(self, text: str) -> None:
        """Print one line."""
        self._output.line(text)

    def step(self, stage: str, text: str, number: int) -> None:
        """Show what pip is at, on a line that rewrites itself."""
        if self._live:
            note = f", {text}, {time.monotonic() - self._begun:.0f} s"
            self._output.progress(stage, number, 0, "step", note)
