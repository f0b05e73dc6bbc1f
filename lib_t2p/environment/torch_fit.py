"""Which torch goes with which tag, which torchvision with which torch."""

from __future__ import annotations

import re

from lib_t2p.environment.interpreters import dotted
from lib_t2p.environment.tags import Tag

OWN_TORCH = "2.13.0"
"""What an environment that borrows none gets, see `requirements/sd-scripts-torch.txt`."""

NEWEST_TORCH = (2, 13)
"""The newest that the tags ran with; 2.1.2 (A1111 1.10) and 2.3.1 (Forge) ran as well."""

OWN_TORCH_MB = 4900
CPU_TORCH_MB = 900
"""On disk, torch 2.13.0 with torchvision, with and without CUDA's libraries; measured on Linux."""

NUMPY_1 = "numpy==1.26.4"
"""torch before 2.4 was compiled for NumPy 1 on one system or the other, and warns or fails."""

_NUMPY_2_SINCE = (2, 4)


def numbers(version: str) -> tuple[int, ...]:
    """`2.1.2+cu121` -> (2, 1, 2); empty when it begins with no number."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def misfit(torch: str, tag: Tag) -> str:
    """Why a torch does not go with a tag; empty when it does."""
    version = numbers(torch)[:2]
    if version < tag.oldest_torch:
        return f"torch {torch} is older than {dotted(tag.oldest_torch)}"
    if version > NEWEST_TORCH:
        return f"torch {torch} is newer than {dotted(NEWEST_TORCH)}, which we know to run"
    return ""


def torchvision_for(torch: str) -> str:
    """The torchvision that was released with a torch 2.x: 2.1.2 -> 0.16.2.

    Source: the table in torchvision's README. Its minor version runs 15 ahead, and with torch 2.0
    its last number one ahead.
    """
    _, minor, patch = (*numbers(torch), 0, 0)[:3]
    return f"0.{minor + 15}.{patch + (minor == 0)}"


def needs_numpy_1(torch: str) -> bool:
    """Whether a torch cannot be given NumPy 2."""
    return numbers(torch)[:2] < _NUMPY_2_SINCE
