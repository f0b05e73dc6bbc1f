"""Finding a port on this machine."""

from __future__ import annotations

import socket

from lib_t2p.errors import SetupError

ADDRESS = "127.0.0.1"
"""Nobody but this machine."""

TRIES = 50


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one after it.

    Raises:
        SetupError: none of the next 50 is free.
    """
    for port in range(wanted, min(wanted + TRIES, 65_536)):
        if _is_free(port):
            return port
    raise SetupError(
        f"No port from {wanted} to {wanted + TRIES - 1} is free: close a program, or give another "
        "with --port."
    )


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True
