"""What chains dataset, runs, grids, verdict and report in one night.

Jobs are submitted by the same actions that a person's clicks call, so that a night is nothing but
a patient person.
"""
