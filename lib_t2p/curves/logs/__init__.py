"""Other people's logs: read, judged and shown as our own runs are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.curves.logs.log_comparison import compare
    from lib_t2p.curves.logs.log_import import ImportedLogs, import_logs
    from lib_t2p.curves.logs.logged_run import ImportedRun
    from lib_t2p.curves.logs.repeated_runs import Repeats, repeats_of, told_once

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
