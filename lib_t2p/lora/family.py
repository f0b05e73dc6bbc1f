"""Whether a LoRA fits the base checkpoint that it is to be painted with."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.errors import LoraError
from lib_t2p.lora.header import LoraHeader, check_openable, read_header
from lib_t2p.lora.keys import FamilyName
from lib_t2p.lora.recognising import TITLES, UNKNOWN, Recognised, recognise_lora


def check_lora(path: Path) -> Recognised:
    """Tell what a LoRA is; refuses what no WebUI could open, and what is no LoRA.

    Raises:
        LoraError: the file is damaged, has metadata that are no text, or is something else.
    """
    header = read_header(path)
    told = recognise_lora(header)
    if not told.kind:
        raise no_lora(path, header, told)
    check_openable(path, header)
    return told


def lora_family(path: Path) -> str:
    """Tell the family, a key of `recognising.TITLES`; raises as `check_lora`."""
    return check_lora(path).family


def check_family(path: Path, family: FamilyName) -> None:
    """Refuse a LoRA that was made for another family, or for an unknown one.

    A WebUI would paint without it and say nothing.

    Args:
        path: of the LoRA.
        family: of the base checkpoint.

    Raises:
        LoraError: it was, or its file is damaged or no LoRA.
    """
    own = check_lora(path)
    if own.family == family:
        return
    base = TITLES[family]
    if own.family == UNKNOWN:
        raise LoraError(
            f"{path.name} was made for {own.title}, which its names and shapes do not tell, and "
            f"the base checkpoint is {base}: choose a LoRA for {base}."
        )
    raise LoraError(
        f"{path.name} was made for {own.title} and the base checkpoint is {base}: choose a "
        f"checkpoint of its family, or a LoRA for {base}."
    )


def no_lora(path: Path, header: LoraHeader, told: Recognised) -> LoraError:
    """The error for a file that is no LoRA; says what it is instead."""
    if told.instead:
        return LoraError(
            f"{path} holds no LoRA, it is {told.instead}: choose a file of models/Lora."
        )
    return LoraError(
        f"{path} holds no LoRA ({len(header.tensors)} tensors, none of a known kind): choose "
        "a file of models/Lora."
    )
