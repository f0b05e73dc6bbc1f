"""Attacks on a running studio, one line each: `python -m benchmarks.attacks`."""
