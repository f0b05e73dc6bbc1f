"""Checks before anything starts: what is wrong or unwise, why, and what a fix button changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.preflight.checks.all_findings import errors, findings, value_findings
    from lib_t2p.preflight.checks.facts import PREFIX, CheckFacts, options_of_no_tag
    from lib_t2p.preflight.checks.gathering import (
        MachineFacts,
        data_dirs,
        gather_facts,
        look_at_machine,
    )
    from lib_t2p.preflight.checks.resources import install_words
    from lib_t2p.preflight.checks.sample_checks import NO_SAMPLES

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
