"""From the values of a cell to its prompt, and everything that keeps a plot from being drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.hosts.webui.xyz.catalogue import Catalogue
from lib_t2p.hosts.webui.xyz.chosen import Chosen, Kind, choose, model_of, value_fault
from lib_t2p.hosts.webui.xyz.prompts import (
    Spoken,
    emphasised,
    filled,
    first_spoken,
    named_lora,
    spoken_of,
    with_lora,
    without_lora,
)


@dataclass
class Plot:
    """What is known of one plot while the host reads its axes.

    Attributes:
        known: what was on disk when it began.
        axes: kind and values of each axis of ours that was read so far.
    """

    known: Catalogue
    axes: list[tuple[Kind, Sequence[str]]] = field(default_factory=list)

    def combinations(self) -> Iterator[Chosen]:
        """What the cells choose, as far as the axes were read."""
        for values in product(*(values for _, values in self.axes)):
            chosen = Chosen()
            for (kind, _), value in zip(self.axes, values, strict=True):
                chosen = choose(chosen, kind, value)
            yield chosen

    def faults(self, prompt: str) -> list[str]:
        """Every value that names nothing, then every combination that does."""
        bad = [value_fault(kind, value, self.known) for kind, vs in self.axes for value in vs]
        found = [fault for fault in bad if fault]
        for chosen in [] if found else self.combinations():
            try:
                cell_prompt(prompt, chosen, self.known)
            except InputError as error:
                found.append(str(error))
        return list(dict.fromkeys(found))

    def files(self, prompt: str) -> dict[str, Path]:
        """Stem -> file of every saved model that a cell needs; for a plot without faults."""
        found = {}
        for chosen in self.combinations():
            if needs_model(chosen, prompt, self.known):
                model = model_of(chosen, self.known, _named(prompt, chosen, self.known))[1]
                found[model.stem] = model.path
        return found


def needs_model(chosen: Chosen, prompt: str, known: Catalogue) -> bool:
    """Whether a cell paints with a saved model that its prompt need not name."""
    if chosen.without:
        return False
    return chosen.names_model or (
        chosen.weight is not None and not named_lora(prompt, known.stems, any_other=True)
    )


def cell_prompt(prompt: str, chosen: Chosen, known: Catalogue) -> str:
    """The prompt of a cell; an axis may be applied to the prompt of another.

    Raises:
        InputError: no saved model, or nobody's trigger, is what the values name.
    """
    words = [Spoken(run.trigger, run.class_word) for run in known.runs]
    named = _named(prompt, chosen, known)
    spoken = first_spoken(prompt, words)
    if chosen.without:
        gone = {*known.stems, named} if named else set(known.stems)
        prompt = without_lora(prompt, gone)
    elif needs_model(chosen, prompt, known):
        run, model = model_of(chosen, known, named)
        new = Spoken(run.trigger, run.class_word)
        prompt = with_lora(filled(prompt, new), named, model.stem, chosen.weight)
        if spoken and first_spoken(prompt, [new]) is None:
            prompt = spoken_of(prompt, spoken, new)
        spoken = new if first_spoken(prompt, [new]) else spoken
    elif chosen.weight is not None:
        prompt = with_lora(prompt, named, named, chosen.weight)
    return _spoken_for(prompt, chosen, known, spoken)


def _spoken_for(prompt: str, chosen: Chosen, known: Catalogue, spoken: Spoken | None) -> str:
    """Weigh the trigger, and fill what no LoRA filled with the person that trained last."""
    last = known.newest(chosen.person)
    if last and ("{trigger}" in prompt or "{class_word}" in prompt):
        spoken = Spoken(last.trigger, last.class_word)
        prompt = filled(prompt, spoken)
    if chosen.trigger_weight is None:
        return prompt
    if spoken is None:
        raise InputError(
            "the prompt names nobody whose trigger could be weighed: write {trigger} in it"
        )
    return emphasised(prompt, spoken, chosen.trigger_weight)


def _named(prompt: str, chosen: Chosen, known: Catalogue) -> str:
    return named_lora(prompt, known.stems, any_other=not chosen.names_model)
