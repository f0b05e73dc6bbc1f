"""What pip's output means, in sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_PACKAGE = re.compile(
    r"(?:No matching distribution found for|satisfies the requirement|Failed building wheel for"
    r"|Failed to build|Could not build wheels for|Could not find a version that satisfies)"
    r"\s+([A-Za-z0-9][\w.\-\[\]]*(?:\s*==\s*[\w.+!]+)?)"
)
_STEP = re.compile(r"^\s*(Collecting|Downloading|Building wheel for|Installing collected)\s+(\S+)")
_UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Failed to establish a new connection"
    r"|name resolution|getaddrinfo failed|nodename nor servname|ProxyError|Network is unreachable"
    r"|Connection refused|Connection reset|ConnectionError|timed out|IncompleteRead"
)
_HOST = re.compile(r"host='([^']+)'|https?://([^/\s:]+)")


def step_of(line: str) -> str | None:
    """What pip is at, from one line of its output: `Collecting torch`; None for other lines."""
    match = _STEP.match(line)
    if not match:
        return None
    if match[1].startswith("Installing"):
        return "Installing"
    name = match[2].rsplit("/", 1)[-1] if match[1] == "Downloading" else match[2]
    return f"{match[1]} {re.split(r'[=<>~!;]', name)[0]}"


def failure_sentence(lines: Sequence[str], log: Path, wanted: str = "") -> str:
    """Why pip failed, and how to go on.

    Args:
        lines: pip's output, in order.
        log: where all of it was written.
        wanted: what pip was asked for, as its arguments.
    """
    text = "\n".join(lines)
    return f"{_cause(text, how_to_go_on(wanted))} The whole log is {log}."


def how_to_go_on(wanted: str) -> str:
    """What to put where when there is no network.

    Args:
        wanted: arguments of pip; empty leaves the file open.
    """
    return (
        "What is installed already is kept: run the same command again when you are online. "
        "Without a network, fill a folder on another computer with the same system and Python by "
        f"`pip wheel {wanted or '-r requirements/FILE'} -w FOLDER`, the same for each file that "
        "is asked for next, and name that folder in T2P_WHEELS; pip's own "
        "settings for mirrors and proxies hold too."
    )


def _cause(text: str, advice: str) -> str:
    package = _last_package(text)
    if re.search(r"No space left on device|Errno 28|not enough space", text):
        return "The disk is full: make room, then run the same command again; it goes on from here."
    if re.search(r"CERTIFICATE_VERIFY_FAILED|SSLError", text):
        return (
            f"The certificate of {_host(text)} could not be checked: behind a company's proxy, "
            "point pip to its certificate (`pip config set global.cert FILE`), then run again."
        )
    if re.search(r"PermissionError|Permission denied|Access is denied", text):
        return (
            "pip may not write into .envs: give yourself the right to this folder, close programs "
            "that use it, then run the same command again."
        )
    if _UNREACHABLE.search(text):
        return f"{_host(text)} could not be reached{_for(package)}. {advice}"
    if re.search(r"No matching distribution|Could not find a version", text):
        return f"{package or 'A package'} was not found where pip looked. {advice}"
    if re.search(r"Failed building wheel|Failed to build|Could not build wheels", text):
        return (
            f"{package or 'A package'} could not be built here: its wheel for this Python and "
            "system is missing. Try another Python from 3.10 to 3.12."
        )
    return "pip ended with an error: read the end of its log, then run the same command again."


def _last_package(text: str) -> str | None:
    found = _PACKAGE.findall(text)
    return found[-1].replace(" ", "") if found else None


def _for(package: str | None) -> str:
    return f", so {package} could not be had" if package else ""


def _host(text: str) -> str:
    match = _HOST.search(text)
    return next((name for name in match.groups() if name), "") if match else "The package index"
