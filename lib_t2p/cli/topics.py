"""Every topic of the shell; a new one is a file of its own and a line here."""

from __future__ import annotations

from lib_t2p.cli import (
    basics,
    check,
    comparing,
    config,
    dataset,
    deleting,
    disk,
    environment,
    logs,
    lora,
    overnight,
    portraits,
    queue,
    reports,
    scoring,
    sweep,
    voting,
    worker,
)
from lib_t2p.cli.commanding import Topic

TOPICS: tuple[Topic, ...] = (
    basics.add,
    dataset.add,
    deleting.add,
    check.add,
    comparing.add,
    config.add,
    sweep.add,
    overnight.add,
    lora.add,
    logs.add,
    portraits.add,
    scoring.add,
    reports.add,
    voting.add,
    environment.add,
    queue.add,
    worker.add,
    disk.add,
)
"""In the order of `--help`."""
