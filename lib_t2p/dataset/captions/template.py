"""Places in a caption, filled when a version is built: `{token} {class}, {pose}, {distance}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lib_t2p.errors import InputError

DEFAULT = "{token} {class}, {pose}, {distance}"
PLACES = ("token", "class", "pose", "distance")
_PLACE = re.compile(r"\{([^{}]*)\}")

TURNED, PROFILE = 18.0, 40.0
"""Degrees of yaw from which a head is turned, and in profile."""
TILTED = 20.0
"""Degrees of pitch from which a person looks up or down."""
CLOSE, BUST, HALF = 0.4, 0.22, 0.1
"""Face width by picture width from which a picture is a close-up, head and shoulders, half body."""


def fill(caption: str, values: Mapping[str, str]) -> str:
    """Put values into the places; what an empty value leaves of `, , ` is tidied.

    Raises:
        InputError: a place is unknown.
    """
    check_places(caption)
    filled = _PLACE.sub(lambda found: values.get(found[1], ""), caption)
    parts = (part.strip() for part in filled.split(","))
    return ", ".join(" ".join(part.split()) for part in parts if part)


def check_places(caption: str) -> None:
    """Raise `InputError` where a place is unknown or a brace is left open."""
    unknown = [name for name in _PLACE.findall(caption) if name not in PLACES]
    if unknown or "{" in _PLACE.sub("", caption) or "}" in _PLACE.sub("", caption):
        known = ", ".join(f"{{{name}}}" for name in PLACES)
        what = f"{{{unknown[0]}}}" if unknown else "a brace without its partner"
        raise InputError(f"The caption {caption!r} has {what}: the places are {known}.")


def pose_words(yaw: float, pitch: float) -> str:
    """How the head is held; angles in degrees, yaw above 0 to the picture's right."""
    side = "right" if yaw > 0 else "left"
    turn = "facing the camera"
    if abs(yaw) >= PROFILE:
        turn = f"profile to the {side}"
    elif abs(yaw) >= TURNED:
        turn = f"head turned to the {side}"
    if abs(pitch) >= TILTED:
        turn += ", looking down" if pitch > 0 else ", looking up"
    return turn


def distance_words(share: float) -> str:
    """How much is shown; `share` is the face's width by the picture's."""
    if share >= CLOSE:
        return "close-up"
    if share >= BUST:
        return "head and shoulders"
    return "half body" if share >= HALF else "full body"
