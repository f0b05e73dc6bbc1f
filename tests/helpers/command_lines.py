"""Settings as a person would type them for sd-scripts."""

from __future__ import annotations

from typing import Any


def to_arguments(values: dict[str, Any]) -> list[str]:
    """The same as a command line, for a person to read or a shell to quote."""
    argv: list[str] = []
    for name, value in values.items():
        if value is True:
            argv.append(f"--{name}")
        elif isinstance(value, list):
            argv += [f"--{name}", *map(str, value)]
        else:
            argv.append(f"--{name}={value}")
    return argv
