"""What is tried: one row for each parser, route or command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy

from lib_t2p.errors import T2PError

Call = Callable[[Any], object]
"""Tries one input; what it raises beyond `Target.allowed` is a fault."""


@dataclass(frozen=True)
class Target:
    """One thing that reads what others wrote.

    Attributes:
        name: unique in the table.
        inputs: what it is given: plain values of JSON, texts, bytes, or lists of these.
        typed: whether texts stay texts and lists stay lists when an input is changed.
        listed: gives further ones, each of which is tried once.
        opened: gives its call, for as long as the context is open, in a folder of its own.
        allowed: errors by which it may refuse an input.
        renewed: inputs after which the folder is made again.
        fixed: how many parts of an input, a list, stay when it is changed.
        share: of the time, against 1 of others; slow ones get less.
    """

    name: str
    inputs: SearchStrategy[Any]
    opened: Callable[[Path], AbstractContextManager[Call]]
    allowed: tuple[type[BaseException], ...] = (T2PError,)
    renewed: int = 1000
    fixed: int = 0
    typed: bool = False
    listed: Callable[[], Iterable[Any]] = tuple
    share: float = 1.0


def plain(call: Call) -> Callable[[Path], AbstractContextManager[Call]]:
    """A call that needs no folder."""

    @contextmanager
    def opened(_: Path) -> Iterator[Call]:
        yield call

    return opened


def in_file(name: str, read: Callable[[Path], object]) -> Callable[[Path], Any]:
    """A call that writes each input into a file of that name and reads it from there."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Call]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)

        def call(given: Any) -> object:
            path.write_bytes(as_bytes(given))
            return read(path)

        yield call

    return opened


def texts_of(given: Any, count: int) -> list[str]:
    """The first texts of a list, which changes may have made longer or empty."""
    texts = [str(each) for each in given][:count]
    return texts + [""] * (count - len(texts))


def as_bytes(given: Any) -> bytes:
    """Bytes as they are, a text as UTF-8 (half letters included)."""
    return given if isinstance(given, bytes) else str(given).encode("utf-8", "surrogatepass")
