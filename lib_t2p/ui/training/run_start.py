"""Starting the run that the form describes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from lib_t2p import actions, runs
from lib_t2p import settings as settings_room
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError, T2PError
from lib_t2p.ui import text
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.ui.option_fields import TrainFields
from lib_t2p.ui.training.filled import Filled
from lib_t2p.ui.training.trainer_part import refuse_missing
from lib_t2p.workspace import PersonFolder


class Starter:
    """Handler of Start."""

    def __init__(self, context: TabContext, fields: TrainFields) -> None:
        self.context = context
        self.fields = fields

    def start(self, *values: Any) -> tuple[Any, ...]:
        """Queue the run; a message and the emptied name."""
        filled = Filled.of(values, self.fields.options)
        person, _ = self.context.open_person(filled.who)
        number, checkpoint = filled.dataset(person), filled.checkpoint(self.context)
        overrides = filled.overrides(self.context.workspace)
        actions.check_paths(self.context.host, overrides)
        refuse_missing(filled.trainer)
        with self.context.submitting:
            self._not_twice(person, filled, number, checkpoint)
            folder, _ = run_actions.submit_run(
                self.context.workspace,
                person.slug,
                filled.name or free_name(person, filled.recipe),
                recipe=filled.recipe,
                overrides=overrides,
                checkpoint=checkpoint,
                dataset=number,
                trainer=filled.trainer,
                trusted=filled.trusted,
            )
        return message(f"{folder.id} is on its way: see the right side.", "good"), ""

    def _not_twice(
        self, person: PersonFolder, filled: Filled, dataset: int, checkpoint: Path
    ) -> None:
        values = filled.values(self.context.workspace)
        wanted = (
            dataset,
            str(checkpoint.absolute()),
            filled.trainer,
            settings_room.settings_from(values, trusted=filled.trusted),
        )
        for job in self.context.active(person, ("train.run",)):
            try:
                run = runs.read_run(person.run(str(job.params["run"])))
            except T2PError:
                continue
            # The consent and the person's token are written into a run when it is stored.
            settings = replace(
                run.settings,
                training_comment=wanted[3].training_comment,
                sample_prompts=wanted[3].sample_prompts,
            )
            if (run.dataset, run.checkpoint, run.trainer, settings) == wanted:
                state = text.STATE_WORDS[job.state][0]
                raise InputError(
                    f"This very training is {state} already as {job.params['run']}: "
                    "wait for it, stop it, or change a setting."
                )


def free_name(person: PersonFolder, recipe: str) -> str:
    """The recipe's name with the first number that no run of the person has."""
    number = 1
    while person.run(f"{recipe}-{number}").root.exists():
        number += 1
    return f"{recipe}-{number}"
