"""Killing processes, damaging the queue, filling the disk and moving the clock: nothing is lost.

    python -m benchmarks.kills --trials 40 [--seed 1] [--scratch FOLDER] [--fresh]

Each trial takes a small real workspace, lets the real worker, the built-in trainer and our own
painter work in processes of their own, does one thing to them, and lets the work run to its end.
Then everything must be there once, with the bytes and pixels of a run that nothing was done to.
What was tried is kept in the scratch folder: the same command goes on after Ctrl-C.
"""
