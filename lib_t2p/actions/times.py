"""Times as people type them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from lib_t2p.errors import InputError

FARTHEST = timedelta(days=36525)
"""A century; no clock shows the year 10000."""
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")


def parse_when(text: str, now: datetime) -> datetime:
    """A moment to come.

    Args:
        text: `22:30` for the next time that the clock shows it, or a day with it as in
            `2026-11-24 22:30`.
        now: with a time zone, in which the text is read.

    Raises:
        InputError: it is no time, or has passed.
    """
    typed = text.strip()
    clock = _CLOCK.fullmatch(typed)
    try:
        if clock:
            at = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
            return at if at > now else at + timedelta(days=1)
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise InputError(
            f"{text!r} is no time: type one such as 22:30, or 2026-11-24 22:30 with the day."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    if moment <= now:
        raise InputError(f"{typed} has passed already: type a time to come, such as 22:30.")
    if moment - now > FARTHEST:
        raise InputError(f"{typed} is too far away: type a time such as 22:30.")
    return moment


def clock_text(seconds: float, now: datetime) -> str:
    """A moment in Unix seconds for people: the time, with its day unless that is today."""
    moment = datetime.fromtimestamp(seconds, now.tzinfo)
    return moment.strftime("%H:%M" if moment.date() == now.date() else "%Y-%m-%d %H:%M")
