"""The Train tab: a form on the left; run, queue, sweeps, logs and disk on the right."""
