"""Jobs of the room `dataset`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from lib_t2p.jobs.context import JobContext
from lib_t2p.worker.params import param, person_of


def import_job(context: JobContext) -> dict[str, Any]:
    """`dataset.import` {person, sources} -> {added, known, failed: [[name, reason]]}."""
    from lib_t2p.dataset.importing import import_photos

    sources = [Path(source) for source in param(context, "sources")]
    done = import_photos(person_of(context), sources, context)
    return {
        "added": len(done.added),
        "known": len(done.known),
        "failed": [[name, reason] for name, reason in done.failed],
    }


def build_job(context: JobContext) -> dict[str, Any]:
    """`dataset.build` {person, options} -> {dataset, kept, held_out, left_out}."""
    from lib_t2p.dataset.building import build_dataset
    from lib_t2p.dataset.manifest import read_manifest
    from lib_t2p.dataset.options import DatasetOptions
    from lib_t2p.vision.tools import load_tools

    options = DatasetOptions.from_mapping(param(context, "options"))
    built = build_dataset(person_of(context), options, load_tools(), context)
    counts = Counter(decision.state for decision in read_manifest(built).decisions)
    return {
        "dataset": built.number,
        "kept": counts["kept"],
        "held_out": counts["held_out"],
        "left_out": counts["left_out"],
    }
