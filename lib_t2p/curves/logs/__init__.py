"""Other people's logs: read, judged and shown as our own runs are."""

from __future__ import annotations

from lib_t2p.curves.logs.importing import ImportedLogs, import_logs
from lib_t2p.curves.logs.run import ImportedRun

__all__ = ["ImportedLogs", "ImportedRun", "import_logs"]
