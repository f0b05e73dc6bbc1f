"""Epochs, saved models and states."""

from __future__ import annotations

from lib_t2p.plurals import counted, every
from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.preflight.forecast import StepPlan
from lib_t2p.preflight.forecasts.space import saved_model_count
from lib_t2p.settings import Finding, Settings

LONG_MINUTES = 15
"""A run that is cut off after more than that is a loss: ours."""

MANY_MODELS = 40
"""More cannot be compared in one grid: ours."""

FEW_STEPS = 100
"""A person is not learnt in fewer: ours; the guide's shortest run has 300 and is under-trained."""


def saving_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check the length of the run and what it leaves."""
    plan = facts.plan
    if plan is None:
        return []
    found = []
    if plan.steps < FEW_STEPS:
        found.append(
            Finding(
                "few-steps",
                "warning",
                f"The run has {counted(plan.steps, 'step')}.",
                f"A person is hardly learnt in fewer than {FEW_STEPS}; good for a trial only.",
                fix_label="Raise the epochs, or the repeats of the dataset",
            )
        )
    found += _interval(settings, plan)
    count = saved_model_count(settings, plan.steps, plan.epochs)
    if count > MANY_MODELS:
        interval = max(1, plan.epochs // 10)
        found.append(
            Finding(
                "many-models",
                "warning",
                f"{count} models would be saved.",
                "They fill the disk, and no grid can compare so many.",
                {"save_every_n_epochs": interval, "save_every_n_steps": None},
                f"Save {every(interval, 'epoch')}",
            )
        )
    minutes = facts.forecast.minutes if facts.forecast else 0.0
    if not settings.save_state and minutes > LONG_MINUTES:
        found.append(
            Finding(
                "no-state",
                "warning",
                f"No training state is saved, and the run takes about {minutes:.0f} minutes.",
                "After a crash or a power cut it would start over.",
                {"save_state": True},
                "Save states",
            )
        )
    return found


def _interval(settings: Settings, plan: StepPlan) -> list[Finding]:
    interval, epochs = settings.save_every_n_epochs, plan.epochs
    by_steps = settings.save_every_n_steps
    if epochs < 2 or (by_steps and by_steps < plan.steps):
        return []
    wanted = max(1, epochs // 10)
    fix = {"save_every_n_epochs": wanted, "save_every_n_steps": None}
    label = f"Save {every(wanted, 'epoch')}"
    why = "There is nothing to choose from, and a crash before the end loses everything."
    if not interval:
        what = f"Only the model of the last of {epochs} epochs is saved."
        return [Finding("saves-only-last", "warning", what, why, fix, label)]
    if interval >= epochs:
        what = (
            f"A model is saved {every(interval, 'epoch')}, and the run has {epochs}: only the "
            "last is saved."
        )
        return [Finding("save-interval", "warning", what, why, fix, label)]
    if epochs % interval:
        what = (
            f"{epochs} epochs are no multiple of {interval}: the last model comes "
            f"{counted(epochs % interval, 'epoch')} after the one before."
        )
        return [
            Finding("save-interval-uneven", "note", what, "The steps between models are not equal.")
        ]
    return []
