"""EXIF times as numbers."""

from __future__ import annotations

from datetime import datetime


def seconds_of(taken: str) -> float:
    """Seconds of an EXIF time; not a number when there is none."""
    try:
        # Cameras write local time; only differences count here, so any zone will do.
        moment = datetime.strptime(f"{taken[:19]} +0000", "%Y:%m:%d %H:%M:%S %z")
    except ValueError:
        return float("nan")
    return moment.timestamp()
