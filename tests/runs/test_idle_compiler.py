"""The trainer starts without torch's compiler, and whoever asks for it still gets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

START = """
import sys
from lib_t2p.runs.trainers.builtin import unused_packages
unused_packages.keep_idle()
import torch
with unused_packages.not_distributed():
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel
layer = torch.nn.Linear(2, 2)
optimizer = torch.optim.AdamW(layer.parameters())
layer(torch.ones(1, 2)).sum().backward()
optimizer.step()
optimizer.zero_grad()
"""


def run(code: str) -> list[str]:
    pytest.importorskip("diffusers")
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", START + code],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout.split()


def test_models_and_optimizers_need_no_compiler() -> None:
    told = run(
        "print(type(sys.modules['torch._dynamo']).__name__, 'sympy' in sys.modules, "
        "torch.distributed.is_available())"
    )
    assert told == ["IdleCompiler", "False", "True"]


def test_whoever_asks_for_more_gets_the_real_compiler() -> None:
    told = run(
        "print(torch.compile(layer, backend='eager')(torch.ones(1, 2)).shape[1]);"
        "print(type(sys.modules['torch._dynamo']).__name__)"
    )
    assert told == ["2", "module"]
