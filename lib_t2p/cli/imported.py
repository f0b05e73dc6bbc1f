"""What an import of photos did, in lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.cli_output import Output


def say_imported(result: Mapping[str, Any], output: Output) -> None:
    """How many photos and captions were taken, and each file that was not with its reason."""
    output.line(f"{result['added']} photos added, {result['known']} known already")
    if result.get("captions"):
        output.line(f"{result['captions']} captions beside the photos taken")
    for name, reason in result["failed"]:
        output.line(f"  not imported: {name}: {reason}")
