"""What was repaired or set aside by itself: sentences for people, beside the queue."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from lib_t2p.files import write_text
from lib_t2p.json_io import json_text
from lib_t2p.workspace import Workspace

SHOWN_SECONDS = 3 * 86400.0
MOST_SHOWN = 5
_MOST_BYTES = 256 << 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """Something that a person should know of the workspace; `t` is Unix seconds."""

    t: float
    text: str


def tell(workspace: Workspace, text: str, clock: Callable[[], float] = time.time) -> None:
    """Keep a sentence for the pages and the shell, unless it was told these days already.

    What cannot be written stands in the log only: a repair must not fail for its notice.
    """
    path, now = workspace.notices, clock()
    if any(one.text == text and abs(now - one.t) < SHOWN_SECONDS for one in _read(workspace)):
        return
    _log.warning("%s", text)
    try:
        if path.is_file() and path.stat().st_size > _MOST_BYTES:
            path.unlink()
        with path.open("a", encoding="utf-8", errors="replace") as file:
            # As it reads, so that a name can be found again.
            line = json_text({"t": now, "text": text}, ensure_ascii=False)
            file.write(line + "\n")
    except OSError as error:
        _log.warning("%s cannot be written: %s", path, error)


def recent_notices(workspace: Workspace, now: float) -> list[Notice]:
    """The last ones of these days, newest first.

    Args:
        workspace: whose.
        now: Unix seconds; what is told for a later time, after the clock was put back, counts too.
    """
    fresh = [one for one in _read(workspace) if abs(now - one.t) < SHOWN_SECONDS]
    return list(reversed(fresh[-MOST_SHOWN:]))


def mentions(text: str, words: Collection[str]) -> bool:
    """Whether one of the words stands in a text, also as JSON writes it; parts of words do not."""
    written = {form for word in words if word for form in (word, json.dumps(word)[1:-1])}
    named = "|".join(re.escape(form) for form in written)
    return bool(named) and re.search(rf"(?<!\w)(?:{named})(?!\w)", text) is not None


def any_notices(workspace: Workspace, words: Collection[str]) -> bool:
    """Whether a line of the file has one of these words."""
    return any(mentions(line, words) for line in _lines(workspace))


def forget_notices(workspace: Workspace, words: Collection[str]) -> None:
    """Drop every line that has one of these words; the others stay.

    Raises:
        WorkspaceError: the file cannot be written.
    """
    lines = _lines(workspace)
    kept = [line for line in lines if not mentions(line, words)]
    if kept != lines:
        write_text(workspace.notices, "\n".join(kept))


def _lines(workspace: Workspace) -> list[str]:
    try:
        return workspace.notices.read_bytes().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return []


def _read(workspace: Workspace) -> list[Notice]:
    try:
        data = workspace.notices.read_bytes()[-_MOST_BYTES:]
    except OSError:
        return []
    found = []
    for line in data.decode("utf-8", errors="replace").split("\n"):
        try:
            body = json.loads(line)
            found.append(Notice(float(body["t"]), str(body["text"])))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
    return found
