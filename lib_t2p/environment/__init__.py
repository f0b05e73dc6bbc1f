"""Builds, checks and repairs the environments under `.envs/`; standard library only."""
