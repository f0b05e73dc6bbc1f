"""A request as a record of JSON, and back.

Fields that came later are left out at their defaults, so that the fingerprints of pictures that
were painted before stay what they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lib_t2p.painting.request import CellRequest, HiresFix, ScriptCall, StartPicture

_LATER: dict[str, Any] = {"vae": "", "hires": None, "start": None, "scripts": ()}


def request_to_record(request: CellRequest) -> dict[str, Any]:
    """All that makes a request; equal requests give equal records."""
    record = asdict(request)
    return {
        name: value
        for name, value in record.items()
        if name not in _LATER or getattr(request, name) != _LATER[name]
    }


def request_from_record(record: Mapping[str, Any]) -> CellRequest:
    """The request of a record; raises `TypeError` or `KeyError` for one that is none."""
    given = dict(record)
    if given.get("hires") is not None:
        given["hires"] = HiresFix(**given["hires"])
    if given.get("start") is not None:
        given["start"] = StartPicture(**given["start"])
    given["scripts"] = tuple(_script(entry) for entry in given.get("scripts", ()))
    return CellRequest(**given)


def _script(entry: Mapping[str, Any]) -> ScriptCall:
    pictures = tuple((str(key), str(path)) for key, path in entry.get("pictures", ()))
    return ScriptCall(entry["title"], entry["args"], pictures)
