"""Checking what the form holds while it is filled in: findings and the forecast of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from lib_t2p import actions, preflight, settings
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError, SettingsError, T2PError
from lib_t2p.preflight import checks
from lib_t2p.ranges import whole_number
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import act_button
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import Tone, message
from lib_t2p.ui.option_fields import (
    TrainFields,
    field_style,
    shown_value,
    unfound_names,
    unknown_names,
)
from lib_t2p.ui.text import counted, duration
from lib_t2p.ui.training.trainer_part import Filled, TrainerPart, family_of

CHANNEL = "train_fix"
INSTALL = " install"
"""End of what a button sends that installs a package."""

TONES: dict[settings.Severity, tuple[Tone, str]] = {
    "error": ("bad", "Must be changed"),
    "warning": ("warn", "Careful"),
    "note": ("plain", "Note"),
}


def findings_panel(found: Sequence[settings.Finding]) -> str:
    """One box per finding, the gravest first, with a button where there is a fix."""
    return "".join(_box(number, finding) for number, finding in enumerate(found))


def finding_named(found: Sequence[settings.Finding], act: str) -> settings.Finding | None:
    """The finding whose button was pressed, if it is still there."""
    number, _, code = act.removesuffix(INSTALL).partition(" ")
    place = whole_number(number)
    wanted = [f for f in found if (f.install if act.endswith(INSTALL) else f.fix)]
    same = [finding for finding in wanted if finding.code == code]
    if place is not None and place < len(found) and found[place] in same:
        return found[place]
    return same[0] if same else None


def forecast_line(
    plan: preflight.StepPlan | None, forecast: preflight.Forecast | None, memory: str
) -> str:
    """Steps, epochs, minutes, memory and disk with where they come from.

    Args:
        plan: None when the pictures cannot be counted.
        forecast: of that plan.
        memory: what the memory is of, such as `graphics memory`.
    """
    if plan is None or forecast is None:
        return ""
    reg = f" + {plan.reg_images} regularisation" if plan.reg_images else ""
    facts = [
        f"{counted(plan.steps, 'step')} in {counted(plan.epochs, 'epoch')}",
        f"{plan.train_images}{reg} pictures per epoch",
        f"about {duration(forecast.minutes * 60)}",
        f"{forecast.vram_mb / 1024:.1f} GB of {memory}",
        f"{run_actions.megabytes(forecast.disk_bytes)} on disk",
    ]
    items = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    return (
        f'<div class="t2p-forecast"><ul>{items}</ul>'
        f'<p class="t2p-facts">{escape(forecast.basis)}</p></div>'
    )


def _box(number: int, finding: settings.Finding) -> str:
    tone, word = TONES[finding.severity]
    role = "alert" if finding.severity == "error" else "status"
    why = f"<p>{escape(finding.why)}</p>" if finding.why else ""
    head = f"<p><strong>{word}:</strong> {escape(finding.what)}</p>"
    return (
        f'<div class="t2p-message t2p-{tone} t2p-finding" role="{role}" '
        f'data-code="{escape(finding.code)}">{head}{why}{_remedy(number, finding)}</div>'
    )


def _remedy(number: int, finding: settings.Finding) -> str:
    buttons = []
    if finding.fix:
        changes = ", ".join(f"{name} = {value}" for name, value in finding.fix.items())
        label = finding.fix_label or f"Set {changes}"
        act = f"{number} {finding.code}"
        buttons.append(act_button(CHANNEL, act, label, title=f"Sets {changes}"))
    if finding.install:
        act, label = f"{number} {finding.code}{INSTALL}", f"Install {finding.install}"
        into = "Into the trainer's own environment, nowhere else"
        buttons.append(act_button(CHANNEL, act, label, title=into))
    by_hand = f"<p>{escape(finding.fix_label)}</p>" if finding.fix_label and not finding.fix else ""
    return by_hand + " ".join(buttons)


MACHINE_SECONDS = 20.0
"""For so long the card's free memory is not asked again: each time starts a program."""


@dataclass
class Checker:
    """Handlers of the form that look but start nothing."""

    context: TabContext
    fields: TrainFields
    clock: Callable[[], float] = time.monotonic
    _machine: tuple[float, checks.MachineFacts] | None = field(default=None, repr=False)

    def check(self, search: str | None, *values: Any) -> tuple[Any, ...]:
        """Findings with the forecast, and the marks of the fields."""
        filled = Filled.of(values, self.fields.options)
        return self._findings(filled), self.style(search, filled)

    def style(self, search: str | None, filled: Filled) -> str:
        """Which fields are shown and marked."""
        options = self.fields.options
        changed = filled.overrides(self.context.workspace)
        family = family_of(self.context.host, filled.base)
        names = family.value if family else "sd15"
        hidden = unknown_names(options, filled.trainer, names, changed)
        return field_style(options, hidden | unfound_names(options, search or ""), changed)

    def search(self, search: str | None, *values: Any) -> tuple[Any, ...]:
        """The marks, then each group opened while something is searched."""
        filled = Filled.of(values, self.fields.options)
        is_open = bool((search or "").strip())
        groups = [g.changed(open=is_open) for _ in self.fields.groups]
        return (self.style(search, filled), *groups)

    def fix(self, act: str, *values: Any) -> tuple[Any, ...]:
        """Carry out the fix of the finding whose button was pressed."""
        filled = Filled.of(values, self.fields.options)
        found, _ = self.look(filled)
        finding = finding_named(found, act)
        if finding is None:
            raise InputError("That finding is gone already: the form was changed meanwhile.")
        if act.endswith(INSTALL):
            return (self._install(finding.install, filled.trainer), *self.shown({}))
        told = ", ".join(f"{name} = {value}" for name, value in finding.fix.items())
        return (message(f"Changed: {told}.", "good"), *self.shown(finding.fix))

    def _install(self, package: str, trainer: str) -> str:
        self.context.may_start()
        host = self.context.host
        with self.context.submitting:
            tag = trainer.removeprefix(checks.PREFIX)
            run_actions.submit_environment(host.workspace, "add", tag, package=package)
        return message(f"{package} is being installed: see below the trainer.", "good")

    def shown(self, changes: Any) -> list[Any]:
        """Updates that show changed settings and leave all other fields."""
        return [
            shown_value(option, changes) if option.name in changes else g.unchanged()
            for option in self.fields.options
        ]

    def look(self, filled: Filled) -> tuple[list[settings.Finding], run_actions.RunCheck | None]:
        """What is found, and the whole check when the settings can be used.

        Raises:
            InputError: what the checks need is not chosen yet.
        """
        workspace = self.context.workspace
        found = self.context.person(filled.who)
        if found is None:
            raise InputError(text.NO_PERSON)
        person, _ = found
        number, checkpoint = filled.dataset(person), filled.checkpoint(self.context)
        overrides = filled.overrides(workspace)
        actions.check_paths(self.context.host, overrides)
        try:
            check = run_actions.check_run(
                workspace,
                person.slug,
                recipe=filled.recipe,
                overrides=overrides,
                checkpoint=checkpoint,
                dataset=number,
                trainer=filled.trainer,
                trusted=filled.trusted,
                machine=self.machine(),
            )
        except SettingsError as error:
            faults = checks.value_findings(filled.values(workspace))
            return faults or [settings.Finding("bad-value", "error", str(error), "")], None
        return check.findings, check

    def machine(self) -> checks.MachineFacts:
        """This computer; looked at again now and then."""
        now = self.clock()
        if self._machine is None or now - self._machine[0] > MACHINE_SECONDS:
            self._machine = (now, run_actions.machine_of(self.context.workspace))
        return replace(self._machine[1])

    def _findings(self, filled: Filled) -> str:
        try:
            found, check = self.look(filled)
            changed = filled.overrides(self.context.workspace)
        except T2PError as error:
            return message(str(error), "plain")
        recipe = filled.recipe
        differs = f"{counted(len(changed), 'setting')} changed from the recipe {recipe}"
        told = f'<p class="t2p-facts">{differs if changed else f"As the recipe {recipe}"}.</p>'
        forecast = ""
        if check is not None:
            memory = "graphics memory" if check.facts.card else "memory"
            forecast = forecast_line(check.facts.plan, check.forecast, memory)
        return forecast + told + findings_panel(found)


@dataclass(frozen=True)
class TrainForm:
    """What the other parts of the tab need of the form.

    Attributes:
        dataset: the list of dataset versions.
        recipe: the list of recipes.
        trainer: the list of trainers with its panel and buttons.
        inputs: all components in the order of `Filled`.
        checker: tells findings of what is filled in.
    """

    dataset: Any
    recipe: Any
    trainer: TrainerPart
    inputs: tuple[Any, ...]
    checker: Checker
