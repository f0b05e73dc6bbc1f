"""Whether a LoRA fits the base checkpoint that it is to be painted with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lib_t2p.errors import LoraError
from lib_t2p.lora.card import read_card
from lib_t2p.lora.header import LoraHeader, check_openable, read_header
from lib_t2p.lora.keys import FamilyName
from lib_t2p.lora.recognising import TITLES, UNKNOWN, Recognised, recognise_lora
from lib_t2p.plurals import counted

_BY_CARD = {"SD1": "sd15", "SD2": "sd2", "SDXL": "sdxl"}
"""The WebUI's words for a family -> key of `recognising.TITLES`."""


def check_lora(path: Path) -> Recognised:
    """Tell what a LoRA is; refuses what no WebUI could open, and what is no LoRA.

    Where neither its layers nor its metadata tell the family, its card does.

    Raises:
        LoraError: the file is damaged, has metadata that are no text, or is something else.
    """
    header = read_header(path)
    told = recognise_lora(header)
    if not told.kind:
        raise no_lora(path, header, told)
    check_openable(path, header)
    return by_card(path, told)


def by_card(path: Path, told: Recognised) -> Recognised:
    """Let the WebUI's card beside a LoRA choose among the families that its layers leave open.

    Args:
        path: of the LoRA.
        told: by the file alone.
    """
    if not told.candidates:
        return told
    try:
        family = _BY_CARD.get(read_card(path).sd_version, UNKNOWN)
    except LoraError:
        # What the card cannot tell is left open.
        return told
    return replace(told, family=family, candidates=()) if family in told.candidates else told


def way_out(path: Path, told: Recognised) -> str:
    """What a person can do who knows the family of such a LoRA; empty when nobody could."""
    choices = [word for word, family in _BY_CARD.items() if family in told.candidates]
    if not choices:
        return ""
    shown = choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"
    return (
        f'if you know it, choose {shown} as "Stable Diffusion version" in the WebUI\'s card of the '
        f'LoRA, or write {{"sd version": "{choices[-1]}"}} into {path.stem}.json beside it'
    )


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
        way = way_out(path, own) if family in own.candidates else ""
        raise LoraError(
            f"{path.name} was made for {own.title}, which its names and shapes do not tell, and "
            f"the base checkpoint is {base}: {f'{way}; else ' if way else ''}choose a LoRA for "
            f"{base}."
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
        f"{path} holds no LoRA ({counted(len(header.tensors), 'tensor')}, none of a known "
        "kind): choose "
        "a file of models/Lora."
    )
