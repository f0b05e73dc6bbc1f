"""How many faults of photos are found, and how often one is seen where there is none.

    python -m benchmarks.dataset_detection --seed 2 3
    python -m benchmarks.dataset_detection --folder PHOTOS      (with a truth.json)

Thresholds were fixed on seed 1; other seeds have other photos and strengths.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.dataset_corpus import write_corpus
from lib_t2p.cli_output import Output
from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import PhotoDecision, read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_list import read_photo_list
from lib_t2p.jobs.crew import processes_here
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import open_workspace

SEEN_AS: Mapping[str, tuple[str, ...]] = {
    "moved": ("blurred",),
    "too_small": ("too_small", "no_face"),
    "cut": ("cut", "no_face"),
    "group": ("group", "several_people"),
    "again": ("near_duplicate",),
    "mirrored": ("near_duplicate",),
    "cropped": ("near_duplicate",),
}
"""Faults of the corpus that have another name among our findings."""
MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "blurred": ("enlarged",),
    "moved": ("enlarged",),
    "flat": ("covered",),
    "too_small": ("blurred",),
}
"""What is true of a photo too when it has a fault."""


def findings_of(decision: PhotoDecision) -> set[str]:
    """Everything that was said of a photo."""
    found = {decision.code, *decision.notes, *decision.repaired} - {"", "padded"}
    if decision.numbers.get("faces", 0) > 1:
        found.add("group")
    return found


def look(folder: Path, truth: Mapping[str, Any], scratch: Path) -> dict[str, set[str]]:
    """Import and build a dataset of a folder; gives the findings of each of its files."""
    workspace = open_workspace(scratch / "workspace")
    record = Person("Corpus", "corpus", "woman", "free pictures", "2024-01-01")
    person = create_person(workspace, record)
    import_photos(person, [folder / name for name in truth], SilentReporter())
    tools, helpers = load_tools(), processes_here()
    options = DatasetOptions(resolution=512)
    built = build_dataset(person, options, tools, SilentReporter(), helpers=helpers)
    sources = {photo.file: Path(photo.source).name for photo in read_photo_list(person).photos}
    decisions = read_manifest(built).decisions
    return {sources.get(d.photo, d.photo): findings_of(d) for d in decisions}


def table(truth: Mapping[str, Any], found: Mapping[str, set[str]]) -> list[list[str]]:
    """One row per fault: photos, found, share, false alarms among photos without it."""
    faults = sorted({fault for entry in truth.values() for fault in entry["faults"]})
    copied = {entry["of"] for entry in truth.values() if entry["of"]}
    rows = []
    for fault in faults:
        names = SEEN_AS.get(fault, (fault,))
        having = [name for name, entry in truth.items() if fault in entry["faults"]]
        hits = [name for name in having if _is_found(name, truth, found, names)]
        free = [n for n, e in truth.items() if _is_free(n, e, names, copied)]
        alarms = [n for n in free if found.get(n, set()) & set(names)]
        share = f"{len(hits) / len(having):.0%}"
        missed = ", ".join(sorted(set(having) - set(hits))[:3])
        wrong = ", ".join(alarms[:3])
        alarm = f"{len(alarms)}/{len(free)}"
        rows.append([fault, f"{len(hits)}/{len(having)}", share, alarm, missed, wrong])
    return rows


def _is_found(
    name: str, truth: Mapping[str, Any], found: Mapping[str, set[str]], names: Sequence[str]
) -> bool:
    of = truth[name]["of"]
    seen = found.get(name, set()) | (found.get(of, set()) if of else set())
    return bool(seen & set(names))


def _is_free(name: str, entry: Mapping[str, Any], names: Sequence[str], copied: set[str]) -> bool:
    own = {seen for fault in entry["faults"] for seen in SEEN_AS.get(fault, (fault,))}
    own |= {seen for fault in entry["faults"] for seen in MAY_FOLLOW.get(fault, ())}
    if "near_duplicate" in names and name in copied:
        return False
    return not own & set(names)


def main() -> int:
    """Make or read the corpus, look at it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", default=[2, 3], help="counted together")
    parser.add_argument("--folder", type=Path, help="photos with a truth.json beside them")
    args = parser.parse_args()
    output = Output()
    truth: dict[str, Any] = {}
    found: dict[str, set[str]] = {}
    for seed in [0] if args.folder else args.seed:
        with tempfile.TemporaryDirectory() as scratch:
            folder = args.folder or Path(scratch) / "corpus"
            path = folder / "truth.json" if args.folder else write_corpus(folder, seed)
            told = json.loads(path.read_text(encoding="utf-8"))
            seen = look(folder, told, Path(scratch))
        prefix = "" if args.folder else f"{seed}/"
        found |= {f"{prefix}{name}": findings for name, findings in seen.items()}
        for name, entry in told.items():
            of = f"{prefix}{entry['of']}" if entry["of"] else ""
            truth[f"{prefix}{name}"] = {**entry, "of": of}
    rows = table(truth, found)
    output.table(["fault", "found", "share", "false alarms", "missed", "wrongly"], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
