"""What diffusers and transformers would import at their start though training needs none of it.

Those are optional packages, and torch's compiler, which alone takes a second, a quarter of what
importing all models takes. A module in its place answers what they ask at their start; whoever asks
for anything else, or for a part of the package, gets the real one."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

NAME = "torch._dynamo"


ALONE = frozenset({f"{NAME}._trace_wrapped_higher_order_op"})
"""Parts that need no other part; transformers takes one for its attention masks."""


class IdleCompiler(ModuleType):
    """Marks nothing and compiles nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_real(), name)

    @staticmethod
    def allow_in_graph(function: Any) -> Any:
        """What the compiler need not look into; nothing is compiled."""
        return function

    @staticmethod
    def disable(function: Callable[..., Any] | None = None, *_: Any, **__: Any) -> Any:
        """What is not to be compiled; nothing is."""
        return function if function is not None else lambda wrapped: wrapped

    @staticmethod
    def graph_break(*_: Any) -> None:
        """Where compiled code would be cut in two."""


class _Parts(importlib.abc.MetaPathFinder):
    """Finds parts of the package: the real one is imported first, and most parts with it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if not name.startswith(NAME + ".") or not isinstance(_modules().get(NAME), IdleCompiler):
            return None
        if name in ALONE:
            folder = importlib.machinery.PathFinder.find_spec(NAME, _modules()["torch"].__path__)
            places = folder.submodule_search_locations if folder else None
            return importlib.machinery.PathFinder.find_spec(name, places)
        _real()
        if name in _modules():
            return importlib.machinery.ModuleSpec(name, _Loaded())
        return importlib.machinery.PathFinder.find_spec(name, _real().__path__)


class _Loaded(importlib.abc.Loader):
    """Gives a module that is imported already."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        return _modules()[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        del module


def keep_idle() -> None:
    """Put the module in its place unless the compiler is there already.

    For the trainer's own process only.
    """
    if NAME in _modules():
        return
    idle = IdleCompiler(NAME)
    idle.__path__ = []  # a package, as whoever imports a part of it expects
    _modules()[NAME] = idle
    sys.meta_path.insert(0, _Parts())


def _real() -> ModuleType:
    if isinstance(_modules().get(NAME), IdleCompiler):
        del _modules()[NAME]
    return importlib.import_module(NAME)


def _modules() -> dict[str, Any]:
    modules: dict[str, Any] = vars(sys)["modules"]
    return modules


PACKAGES = ("peft", "scipy")
"""They cost a fifth of the seconds that importing the models takes: peft is for LoRAs in diffusers'
own format, scipy for object detection and for some samplers."""


def hide() -> None:
    """Let them look absent to what is imported from now on.

    For the trainer's own process only, and only when it draws no samples: what diffusers found
    absent once stays so.
    """
    modules: dict[str, object] = vars(sys)["modules"]
    for name in PACKAGES:
        # Python's own sign of a module that cannot be imported.
        modules.setdefault(name, None)


@contextmanager
def not_distributed() -> Iterator[None]:
    """Let torch look like a build that trains on one device only, while models are imported.

    This trainer is one process on one device. Without it transformers imports what spreads tensors
    over several, and sympy with it: half a second.
    """
    import torch.distributed

    available = torch.distributed.is_available
    torch.distributed.is_available = lambda: False
    try:
        yield
    finally:
        torch.distributed.is_available = available


def show() -> None:
    """Let others import them again."""
    modules: dict[str, object] = vars(sys)["modules"]
    for name in PACKAGES:
        if modules.get(name, name) is None:
            del modules[name]
