"""Telling somebody that a night is over."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence

from lib_t2p.platforms import notification_command

SECONDS = 10.0
"""A message that takes longer is given up."""


def notify_desktop(
    title: str, text: str, *, run: Callable[[Sequence[str]], None] | None = None
) -> str:
    """Show a message on the desktop.

    Args:
        title: a few words.
        text: one sentence.
        run: starts a command; a test may give its own.

    Returns:
        Why nothing was shown; empty when it was.
    """
    command = notification_command(title, text, sys.platform)
    if command is None:
        return "this desktop shows no messages"
    try:
        (run or _run)(command)
    except (OSError, subprocess.SubprocessError) as error:
        return f"the desktop shows no messages ({error})"
    return ""


def notify_url(address: str, message: dict[str, object]) -> str:
    """POST a message as JSON to an address that the person gave.

    Returns:
        Why it could not be delivered; empty when it was.
    """
    request = urllib.request.Request(
        address,
        data=json.dumps(message, ensure_ascii=False).encode("utf-8"),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "text-to-person"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return ""
    except (OSError, ValueError, urllib.error.URLError) as error:
        return f"{address} could not be told ({error})"


def _run(command: Sequence[str]) -> None:
    subprocess.run(
        list(command),
        check=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
