"""Regularisation images: whether there are enough."""

from __future__ import annotations

from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import Finding, Settings


def regularisation_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Compare the regularisation images with pictures x repeats."""
    if not settings.reg_data_dir or facts.plan is None or facts.regularisation is None:
        return []
    wanted, there = facts.plan.train_images, facts.regularisation
    if not there:
        return [_missing(facts)]
    if settings.prior_loss_weight == 0:
        return [_weightless()]
    if there < wanted:
        return [
            Finding(
                "few-regularisation-images",
                "warning" if there < wanted / 2 else "note",
                f"There are {there} regularisation images for {wanted} pictures x repeats: each "
                f"is shown about {wanted / there:.1f} times an epoch.",
                "The guide used as many as pictures x repeats (330); few that come again and "
                "again are learnt themselves.",
                fix_label=f"Add {wanted - there} images of the class, or lower the repeats",
            )
        ]
    if there > wanted:
        return [
            Finding(
                "unused-regularisation-images",
                "note",
                f"{there - wanted} of {there} regularisation images are never shown: there are "
                f"only {wanted} pictures x repeats.",
                "The others are the same in each epoch.",
                fix_label="Raise the repeats, or leave it so",
            )
        ]
    return []


def _missing(facts: CheckFacts) -> Finding:
    return Finding(
        "no-regularisation-images",
        "warning",
        f"There are no regularisation images in {facts.reg_dir}.",
        "The run goes on without them; in the guide they are the one setting that clearly raised "
        "likeness.",
        {"reg_data_dir": ""},
        "Train without, or put them there as `1_<class>`",
    )


def _weightless() -> Finding:
    return Finding(
        "weightless-regularisation",
        "warning",
        "prior_loss_weight is 0, so that regularisation images are shown and not counted.",
        "They double the steps and teach nothing.",
        {"prior_loss_weight": 1.0},
        "Set prior_loss_weight to 1",
    )
