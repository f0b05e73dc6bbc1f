"""Benchmarks: the speed claims of the README, one command each (`python -m benchmarks.NAME`)."""
