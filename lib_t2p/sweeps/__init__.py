"""Runs that differ in named settings: what they are, in which order they run, what came of them."""
