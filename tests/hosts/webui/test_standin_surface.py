"""The stand-in offers only what the real hosts were seen to offer."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from webui_standin import Standin

PUBLIC = ("script_callbacks", "shared", "paths", "call_queue", "sd_models", "processing")
READ_IN_SOURCE = {
    "checkpoints_list",
    "checkpoint_aliases",
    "sd_upscalers",
    "total_tqdm",
    "StableDiffusionProcessingImg2Img",
}
"""Names that the contracts do not spell out; `tests/host` finds them in a real host."""


@pytest.mark.parametrize("module", PUBLIC)
def test_every_name_stands_in_the_contracts(module: str, webui: Standin, shared: Path) -> None:
    text = (shared / "contracts" / "webui" / "README.md").read_text(encoding="utf-8")
    offered = {n for n in vars(sys.modules[f"modules.{module}"]) if not n.startswith("__")}
    unknown = {n for n in offered - READ_IN_SOURCE if not re.search(rf"\b{n}\b", text)}
    assert unknown == set()
