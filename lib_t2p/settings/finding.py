"""What a check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]

ORDER: tuple[Severity, ...] = ("error", "warning", "note")
"""The gravest first."""


@dataclass(frozen=True)
class Finding:
    """One trap or fault of a run that has not started.

    Attributes:
        code: stable name, such as `growth-rate`.
        severity: an `error` refuses the run; a `warning` is shown before and during it; a `note`
            is worth knowing.
        what: one sentence with the numbers of this run.
        why: what comes of it, one or two sentences.
        fix: settings that cure it, by option name; empty when only the person can.
        fix_label: text of the button; what to do by hand when `fix` is empty.
        install: package that can be installed into the trainer's environment on a press.
    """

    code: str
    severity: Severity
    what: str
    why: str
    fix: Mapping[str, Any] = field(default_factory=dict)
    fix_label: str = ""
    install: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one line, as a log or a shell shows it."""
        label = self.fix_label.rstrip(".")
        return " ".join(part for part in (self.what, self.why, label and label + ".") if part)


def by_severity(found: list[Finding]) -> list[Finding]:
    """Errors first; otherwise in the order of the checks."""
    return sorted(found, key=lambda finding: ORDER.index(finding.severity))
