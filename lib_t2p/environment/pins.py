"""What the requirement files ask for on this Python and system."""

from __future__ import annotations

import re
import sys

from lib_t2p.environment.definitions import Paths, Stage
from lib_t2p.environment.interpreters import Version
from lib_t2p.environment.records import normalised

_MARKER = re.compile(r"(python_version|sys_platform)\s*(>=|<|==)\s*[\"']([^\"']+)[\"']")


def pins(paths: Paths, version: Version, platform: str = sys.platform) -> dict[str, str]:
    """Version by name of all that an environment should have; later stages win."""
    found: dict[str, str] = {}
    for stage in paths.environment.stages:
        for line in _lines(paths, stage):
            requirement, _, marker = line.partition(";")
            if _holds(marker.strip(), version, platform):
                name, _, pinned = requirement.strip().partition("==")
                found[normalised(name)] = pinned
    return found


def _lines(paths: Paths, stage: Stage) -> list[str]:
    if stage.packages:
        return list(stage.packages)
    text = paths.requirements(stage).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _holds(marker: str, version: Version, platform: str) -> bool:
    match = _MARKER.fullmatch(marker)
    if match is None:
        return True
    variable, comparison, value = match.groups()
    if variable == "sys_platform":
        return platform == value
    major, minor = value.split(".")[:2]
    bound = (int(major), int(minor))
    return {">=": version >= bound, "<": version < bound, "==": version == bound}[comparison]
