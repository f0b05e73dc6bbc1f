"""Checks before anything starts: what is wrong or unwise, why, and what a fix button changes."""

from lib_t2p.training.checks.cross import cross_faults

__all__ = ["cross_faults"]
