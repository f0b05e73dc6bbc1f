"""Putting a person's own saved models where a painter finds the LoRAs that prompts name."""

from __future__ import annotations

from collections.abc import Iterable

from lib_t2p.jobs import JobContext
from lib_t2p.workspace import PersonFolder


def install_named(context: JobContext, person: PersonFolder, prompts: Iterable[str]) -> None:
    """Link saved models of the person that prompts name and that are not there yet.

    A name that is no saved model is left to the painter, which says that it is missing.

    Raises:
        LoraError: another LoRA has the name of a saved model.
    """
    from lib_t2p.lora import install_trial
    from lib_t2p.painting import lora_stems
    from lib_t2p.runs import saved_models

    named = {stem for prompt in prompts for stem in lora_stems(prompt)}
    saved = {model.stem: model for run in person.runs() for model in saved_models(run)}
    for stem in sorted(named & set(saved)):
        install_trial(saved[stem].path, context.workspace.loras, stem)
