"""Packages that settings need and the trainer's environment lacks."""

from __future__ import annotations

from lib_t2p.environment import INSTALLABLE, add_command, extra_of
from lib_t2p.preflight.checks.facts import PREFIX, CheckFacts
from lib_t2p.settings import Finding, Need, Settings
from lib_t2p.settings.options import SD_SCRIPTS


def package_findings(_: Settings, facts: CheckFacts) -> list[Finding]:
    """One finding for each setting whose package is not there."""
    return [_missing(need, facts) for need in facts.installation.missing]


def _missing(need: Need, facts: CheckFacts) -> Finding:
    package = extra_of(need.module).package
    by_hand = install_words(package, facts.trainer, foreign=facts.installation.foreign)
    return Finding(
        "missing-package",
        "error",
        f"{need.setting} needs the package {package}, which the environment of {facts.trainer} "
        "lacks.",
        f"The run would end at once. {by_hand}" if need.fix else "The run would end at once.",
        need.fix,
        need.label if need.fix else by_hand.rstrip("."),
        package if _is_added(package, facts.trainer, facts.installation.foreign) else "",
    )


def install_words(package: str, trainer: str, *, foreign: bool) -> str:
    """How to get a package into the environment of a trainer, as a sentence."""
    if foreign:
        return f"Install {package} into the environment of sd-scripts that you named."
    if _is_added(package, trainer, foreign):
        return f"`{add_command(package, trainer.removeprefix(PREFIX))}` installs it there."
    return f"{package} depends on the torch that is there and is not installed by us."


def _is_added(package: str, trainer: str, foreign: bool) -> bool:
    return package in INSTALLABLE and trainer in SD_SCRIPTS and not foreign
