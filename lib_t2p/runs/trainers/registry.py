"""The trainers, by the name that a run carries; each is loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

from lib_t2p.environment import TAGS
from lib_t2p.errors import InputError
from lib_t2p.runs.trainer import Trainer


def _builtin() -> Trainer:
    from lib_t2p.runs.trainers.builtin.trainer import BuiltinTrainer

    return BuiltinTrainer()


def _sd_scripts(tag: str) -> Trainer:
    from lib_t2p.runs.trainers.sd_scripts.trainer import SdScriptsTrainer

    return SdScriptsTrainer(tag)


class Trainers(Mapping[str, Trainer]):
    """Name -> trainer, made once.

    Args:
        makers: name -> what makes it.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Trainer]]) -> None:
        self._makers = {name: cache(make) for name, make in makers.items()}

    def __getitem__(self, name: str) -> Trainer:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


TRAINERS = Trainers(
    {"builtin": _builtin, **{f"sd-scripts-{tag}": partial(_sd_scripts, tag) for tag in TAGS}}
)


def trainer_named(name: str) -> Trainer:
    """Find a trainer; raises `InputError` naming those there are."""
    if name not in TRAINERS:
        known = ", ".join(TRAINERS)
        raise InputError(f"There is no trainer {name!r}: choose one of {known}.")
    return TRAINERS[name]
