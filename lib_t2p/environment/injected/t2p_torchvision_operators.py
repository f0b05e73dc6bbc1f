"""Names two operators of torchvision before its import, where its compiled part cannot be loaded.

Copied by Text to Person only where the import failed without it: a torchvision that was built for
CUDA, beside a torch for the CPU. The operators are never called in a training.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

BOXES = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
KEPT: list[object] = []


class OperatorsFirst(MetaPathFinder):
    """Defines the operators once, when torchvision is asked for, and finds nothing."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """None, always; the next finder answers."""
        if fullname == "torchvision":
            sys.meta_path.remove(self)
            import torch

            library = torch.library.Library("torchvision", "DEF")
            library.define("nms" + BOXES)
            library.define("qnms" + BOXES)
            # torch forgets the operators with the object.
            KEPT.append(library)
        return None


sys.meta_path.insert(0, OperatorsFirst())
