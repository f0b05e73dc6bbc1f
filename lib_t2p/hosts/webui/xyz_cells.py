"""From the values of a cell to its prompt, and everything that keeps a plot from being drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.grids.axes import shown
from lib_t2p.hosts.webui.xyz_catalogue import Catalogue, Chosen, Kind, choose, model_of, value_fault

_TAG = re.compile(r"<lora:([^<>:]*)(:[^<>]*)?>")
_ANGLES = re.compile(r"(<[^<>]*>)")


@dataclass(frozen=True)
class Spoken:
    """The words that stand for a person in a prompt."""

    trigger: str
    class_word: str


def named_lora(prompt: str, ours: Collection[str], *, any_other: bool = False) -> str:
    """The LoRA of ours that a prompt names first, else the first of any; empty when none."""
    names = [found[1].strip() for found in _TAG.finditer(prompt)]
    own = next((name for name in names if name in ours), "")
    return own or (names[0] if names and any_other else "")


def with_lora(prompt: str, named: str, stem: str, weight: float | None) -> str:
    """Put a LoRA in the place of the one that is named, or at the end.

    Args:
        prompt: to be changed.
        named: stem in the tag to be replaced; empty when there is none.
        stem: of the LoRA.
        weight: None keeps the weight that the tag has, or takes 1.
    """
    for found in _TAG.finditer(prompt):
        if named and found[1].strip() == named:
            rest = f":{shown(weight)}" if weight is not None else (found[2] or ":1")
            return f"{prompt[: found.start()]}<lora:{stem}{rest}>{prompt[found.end() :]}"
    return f"{prompt.rstrip()} <lora:{stem}:{shown(1.0 if weight is None else weight)}>".lstrip()


def without_lora(prompt: str, stems: Collection[str]) -> str:
    """Take out every tag of these LoRAs."""
    return _TAG.sub(lambda found: "" if found[1].strip() in stems else found[0], prompt)


def filled(prompt: str, words: Spoken) -> str:
    """Fill `{trigger}` and `{class_word}`."""
    return prompt.replace("{trigger}", words.trigger).replace("{class_word}", words.class_word)


def first_spoken(prompt: str, known: Collection[Spoken]) -> Spoken | None:
    """Whose trigger stands first in a prompt."""
    text = _ANGLES.sub(lambda found: " " * len(found[0]), prompt)
    places = [(found.start(), words) for words in known if (found := _find(text, words.trigger))]
    return min(places, key=lambda place: place[0])[1] if places else None


def spoken_of(prompt: str, old: Spoken, new: Spoken) -> str:
    """Name another person: trigger for trigger, and the class word that follows it."""
    pattern = re.compile(
        rf"(?<!\w){re.escape(old.trigger)}(?!\w)((?:\s*:\s*[\d.]+)?\)*)"
        rf"(\s+{re.escape(old.class_word)}(?!\w))?"
    )

    def name(found: re.Match[str]) -> str:
        return f"{new.trigger}{found[1]}" + (f" {new.class_word}" if found[2] else "")

    return _outside_angles(prompt, lambda text: pattern.sub(name, text))


def emphasised(prompt: str, words: Spoken, weight: float) -> str:
    """Weigh the trigger: an emphasis that it has, alone or with its class word, is replaced."""
    token, kind = re.escape(words.trigger), re.escape(words.class_word)
    pattern = re.compile(
        rf"\(\s*({token}(?:\s+{kind})?)\s*(?::\s*[\d.]+\s*)?\)|(?<!\w)({token})(?!\w)"
    )

    def weigh(found: re.Match[str]) -> str:
        return f"({found[1] or found[2]}:{shown(weight)})"

    return _outside_angles(prompt, lambda text: pattern.sub(weigh, text))


def _find(text: str, trigger: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", text)


def _outside_angles(prompt: str, change: Callable[[str], str]) -> str:
    parts = _ANGLES.split(prompt)
    return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))


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
