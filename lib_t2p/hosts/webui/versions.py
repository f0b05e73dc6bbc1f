"""Which WebUI this is: all that differs between AUTOMATIC1111 and Forge is asked here."""

from __future__ import annotations

import importlib.util
import re
from typing import Literal

Kind = Literal["AUTOMATIC1111", "Forge"]
MINIMUM = (1, 6, 0)


def webui_kind() -> Kind:
    """AUTOMATIC1111, or Forge, which has rooms of its own beside `modules`."""
    return "Forge" if importlib.util.find_spec("modules_forge") else "AUTOMATIC1111"


def webui_version() -> tuple[int, ...]:
    """Such as (1, 10, 1); empty when a fork writes it in a way that we do not know."""
    from modules import launch_utils

    found = re.search(r"(\d+)\.(\d+)\.(\d+)(?!.*\d+\.\d+\.\d+)", str(launch_utils.git_tag()))
    return tuple(int(part) for part in found.groups()) if found else ()


def too_old() -> str | None:
    """Why this WebUI cannot be our host, or None."""
    version = webui_version()
    if not version or version >= MINIMUM:
        return None
    named, needed = (".".join(str(part) for part in v) for v in (version, MINIMUM))
    return (
        f"Text to Person needs {webui_kind()} {needed} or newer, and this is {named}: "
        "update the WebUI."
    )
