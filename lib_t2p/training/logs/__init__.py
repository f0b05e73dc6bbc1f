"""Other people's logs: read, judged and shown as our own runs are."""

from __future__ import annotations

from lib_t2p.training.logs.importing import ImportedLogs, ImportedRun, import_logs

__all__ = ["ImportedLogs", "ImportedRun", "import_logs"]
