from __future__ import annotations

import json

from lib_t2p.grids.cells.cell_files import fingerprint
from lib_t2p.painting.request import (
    CellRequest,
    HiresFix,
    ScriptCall,
    StartPicture,
    request_from_record,
    request_to_record,
)

PLAIN = CellRequest("a man", 7, "base.safetensors")
FULL = CellRequest(
    "a man",
    7,
    "base.safetensors",
    vae="soft.safetensors",
    hires=HiresFix(1.5, "Latent", 4, 0.5),
    start=StartPicture("photo ü.png", "0" * 64, 0.4),
    scripts=(ScriptCall("ControlNet", "[{}]", (("0.image", "pose.png"),)),),
)


def test_a_request_comes_back_from_json_as_it_was() -> None:
    for request in (PLAIN, FULL):
        assert request_from_record(json.loads(json.dumps(request_to_record(request)))) == request


def test_a_plain_request_keeps_the_fingerprint_that_it_had_before_the_later_fields() -> None:
    assert fingerprint(PLAIN) == PLAIN_PRINT
    assert set(request_to_record(PLAIN)).isdisjoint({"vae", "hires", "start", "scripts"})


def test_each_later_field_changes_the_fingerprint() -> None:
    prints = {
        fingerprint(request_from_record({**request_to_record(PLAIN), name: value}))
        for name, value in request_to_record(FULL).items()
    }
    # The fields that both share leave it as it is.
    assert len(prints) == 1 + 4


PLAIN_PRINT = "eadba5f75c62dc32c04305c9fcaf9c8c093a3f5b52046e8c4728c9db79beb431"
