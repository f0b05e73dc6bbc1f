"""The trainers, by the name that a run carries."""

from __future__ import annotations

from lib_t2p.environment import TAGS
from lib_t2p.errors import InputError
from lib_t2p.runs.trainers.base import Trainer
from lib_t2p.runs.trainers.builtin.trainer import BuiltinTrainer
from lib_t2p.runs.trainers.sd_scripts.trainer import SdScriptsTrainer

TRAINERS: dict[str, Trainer] = {
    "builtin": BuiltinTrainer(),
    **{f"sd-scripts-{tag}": SdScriptsTrainer(tag) for tag in TAGS},
}


def trainer_named(name: str) -> Trainer:
    """Find a trainer; raises `InputError` naming those there are."""
    if name not in TRAINERS:
        known = ", ".join(TRAINERS)
        raise InputError(f"There is no trainer {name!r}: choose one of {known}.")
    return TRAINERS[name]
