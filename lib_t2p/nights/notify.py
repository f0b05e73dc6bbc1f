"""Telling somebody that a night is over."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.client import HTTPException

from lib_t2p.json_io import json_text
from lib_t2p.platforms import notification_command

HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "text-to-person"}

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
    body = json_text(message, ensure_ascii=False).encode("utf-8", "replace")
    try:
        request = urllib.request.Request(address, data=body, headers=HEADERS, method="POST")
        with urllib.request.urlopen(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        reason = f"it answered {error.code}"
    except (OSError, ValueError, HTTPException) as error:
        reason = f"{type(getattr(error, 'reason', error)).__name__}"
    # Such an address is often a key to somebody's channel: it stands in no note and no log.
    return f"the address that was given could not be told ({reason})"


def _run(command: Sequence[str]) -> None:
    subprocess.run(
        list(command),
        check=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
