"""All checks of a run before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.errors import SettingsError
from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.preflight.checks.family_checks import family_findings, network_findings
from lib_t2p.preflight.checks.picture_checks import picture_findings, regularisation_findings
from lib_t2p.preflight.checks.rate_checks import loss_findings, rate_findings
from lib_t2p.preflight.checks.resources import (
    package_findings,
    precision_findings,
    resource_findings,
)
from lib_t2p.preflight.checks.sample_checks import sample_findings
from lib_t2p.preflight.checks.saving_checks import saving_findings
from lib_t2p.preflight.checks.trainers import trainer_findings
from lib_t2p.settings import (
    Finding,
    Settings,
    Unfit,
    by_severity,
    coerced,
    cross_findings,
    settings_from,
)
from lib_t2p.settings.options import option_table

CHECKS = (
    resource_findings,
    trainer_findings,
    package_findings,
    rate_findings,
    loss_findings,
    network_findings,
    picture_findings,
    regularisation_findings,
    saving_findings,
    sample_findings,
    family_findings,
    precision_findings,
)


def findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Every trap that these settings walk into, errors first."""
    return by_severity([found for check in CHECKS for found in check(settings, facts)])


def errors(found: list[Finding]) -> list[Finding]:
    """Those that refuse the run."""
    return [finding for finding in found if finding.severity == "error"]


def value_findings(values: Mapping[str, Any]) -> list[Finding]:
    """Why values make no settings, with a fix where there is one; empty when they do.

    Args:
        values: by option name, as for `settings_from`.
    """
    try:
        settings_from(values)
    except SettingsError as error:
        fixes = {finding.what: finding for finding in cross_findings(_fit(values))}
        return [
            fixes.get(fault, Finding("bad-value", "error", fault, "")) for fault in error.faults
        ]
    return []


def _fit(values: Mapping[str, Any]) -> dict[str, Any]:
    fit = {}
    for option in option_table():
        try:
            fit[option.name] = coerced(option, values.get(option.name, option.default))
        except Unfit:
            fit[option.name] = option.default
    return fit
