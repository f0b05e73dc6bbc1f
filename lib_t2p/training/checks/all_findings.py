"""All checks of a run before it starts."""

from __future__ import annotations

from lib_t2p.training.checks.facts import CheckFacts
from lib_t2p.training.checks.family import family_findings
from lib_t2p.training.checks.finding import Finding, by_severity
from lib_t2p.training.checks.network import network_findings
from lib_t2p.training.checks.pictures import picture_findings
from lib_t2p.training.checks.precision import precision_findings
from lib_t2p.training.checks.rates import rate_findings
from lib_t2p.training.checks.regularisation import regularisation_findings
from lib_t2p.training.checks.resources import resource_findings
from lib_t2p.training.checks.saving import saving_findings
from lib_t2p.training.checks.trainers import trainer_findings
from lib_t2p.training.settings import Settings

CHECKS = (
    resource_findings,
    trainer_findings,
    rate_findings,
    network_findings,
    picture_findings,
    regularisation_findings,
    saving_findings,
    family_findings,
    precision_findings,
)


def findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Every trap that these settings walk into, errors first."""
    return by_severity([found for check in CHECKS for found in check(settings, facts)])


def errors(found: list[Finding]) -> list[Finding]:
    """Those that refuse the run."""
    return [finding for finding in found if finding.severity == "error"]
