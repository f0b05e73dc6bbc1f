"""Checks before anything starts: what is wrong or unwise, why, and what a fix button changes."""
