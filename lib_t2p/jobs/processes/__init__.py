"""Processes and devices of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.jobs.processes.devices import (
        CPU,
        Ask,
        ask_program,
        device_lease,
        find_devices,
        variables_of,
    )
    from lib_t2p.jobs.processes.processes import (
        ProcessRecord,
        current_process,
        is_alive,
        launch,
        process_record,
        stop_tree,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
