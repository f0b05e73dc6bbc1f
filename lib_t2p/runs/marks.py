"""Epochs of a run that are worse than the rest, kept in its folder for the grids that show them."""

from __future__ import annotations

from lib_t2p.curves import Curves, curve_findings
from lib_t2p.files import write_record
from lib_t2p.settings import Settings
from lib_t2p.workspace import RunFolder

SCHEMA = 1


def keep_marks(folder: RunFolder, curves: Curves, settings: Settings | None = None) -> None:
    """Judge the curves of a run and keep its collapsed epochs; none takes the file away.

    Args:
        folder: of the run.
        curves: of the run, as far as it was trained.
        settings: of the run.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    stretches = [
        {"code": finding.code, "epochs": list(finding.epochs), "message": finding.message}
        for finding in curve_findings(curves, settings)
        if finding.epochs
    ]
    if stretches:
        write_record(folder.marks, SCHEMA, {"stretches": stretches})
    else:
        folder.marks.unlink(missing_ok=True)
