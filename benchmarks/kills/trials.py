"""The trials one after the other, kept on disk as they come, and their table."""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from benchmarks.kills.faults import KINDS, PAINTER_KILL, Kind
from benchmarks.kills.material import Material, Part, begin, submit
from benchmarks.kills.outcome import Outcome, Verdict, compare, outcome
from benchmarks.kills.site import PAINTER, WORKER, Site, is_made
from lib_t2p.cli_output import Output
from lib_t2p.jobs import starting
from lib_t2p.workspace.person import Workspace, open_workspace

PAINTER_KILL_EVERY = 4
"""One trial of so many kills a painter in a cell: ten of forty."""
_SPARE_BYTES = 24 << 20


@dataclass(frozen=True)
class Trial:
    """What one trial came to.

    Attributes:
        kind: title of the fault.
        part: of the work.
        did: in words.
        seconds: that it took.
        asked: how often a failed job was tried again.
        lost, doubled, still: phrases; all empty when all is well.
    """

    kind: str
    part: str
    did: str
    seconds: float
    asked: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    still: list[str] = field(default_factory=list)


def run_trials(options: argparse.Namespace, scratch: Path, hooks: Path) -> int:
    """Prepare, try, and print; 1 when anything was lost, doubled or stood still."""
    starting.WORKER, starting.PAINTER = WORKER, PAINTER
    # What is repaired is meant to be.
    logging.getLogger("lib_t2p").setLevel(logging.ERROR)
    output = Output()
    material = Material(scratch, hooks)
    kept = scratch / f"trials-{options.seed}"
    kept.mkdir(exist_ok=True)
    done: list[Trial] = []
    try:
        references = _references(material, options.limit, output)
        for number, (kind, part) in enumerate(schedule(options.trials, options.only), 1):
            path = kept / f"{number:03d}-{kind.title.replace(' ', '-')}-{part}.json"
            if not path.exists():
                chance = Random(f"{options.seed} {number} {kind.title}")
                workspace = Workspace(material.root)
                site = Site(material, workspace, part, chance, options.limit, output)
                trial = _try(site, kind, references[part])
                path.write_text(json.dumps(asdict(trial), indent=1), encoding="utf-8")
            trial = Trial(**json.loads(path.read_text(encoding="utf-8")))
            done.append(trial)
            output.line(_line(number, trial))
    except KeyboardInterrupt:
        output.line(f"Interrupted after {len(done)} of {options.trials} trials.")
    return _table(done, output) or int(len(done) < options.trials)


def schedule(count: int, only: str = "") -> list[tuple[Kind, Part]]:
    """Kinds and parts of so many trials; each fourth kills a painter in a cell."""
    kinds = [kind for kind in (PAINTER_KILL, *KINDS) if only in kind.title]
    pairs = [(kind, part) for turn in (0, 1) for kind in kinds for part in _part(kind, turn)]
    others = [pair for pair in pairs if pair[0] is not PAINTER_KILL]
    found: list[tuple[Kind, Part]] = []
    while len(found) < count:
        if PAINTER_KILL in kinds and (len(found) % PAINTER_KILL_EVERY == 0 or not others):
            found.append((PAINTER_KILL, "painting"))
        else:
            found.append(others[0])
            others.append(others.pop(0))
    return found


def _part(kind: Kind, turn: int) -> Sequence[Part]:
    """Both parts take turns, beginning with another one for each kind."""
    first = KINDS.index(kind) if kind in KINDS else 0
    return (kind.parts[(first + turn) % len(kind.parts)],)


def _references(material: Material, limit: float, output: Output) -> dict[Part, Outcome]:
    """The undisturbed runs, done once."""
    path = material.scratch / "reference.json"
    if not path.exists():
        output.line("The undisturbed run, and the workspace before each part:")
        site = Site(material, open_workspace(material.root), "training", Random(0), limit, output)
        begin(material)
        made: dict[Part, Outcome] = {}
        try:
            _undisturbed(site, lambda: True)
            material.keep("training")
            submit(site.workspace, "training")
            _undisturbed(site, lambda: is_made(site))
            made["training"] = outcome(site.workspace, "training", site.new_jobs())
            material.keep("painting")
            site.part = "painting"
            submit(site.workspace, "painting")
            _undisturbed(site, lambda: is_made(site))
            made["painting"] = outcome(site.workspace, "painting", site.new_jobs())
        finally:
            site.end()
        path.write_text(json.dumps({k: v.made for k, v in made.items()}), encoding="utf-8")
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {"training": Outcome(kept["training"]), "painting": Outcome(kept["painting"])}


def _undisturbed(site: Site, is_done: object) -> None:
    began = time.monotonic()
    if not site.run_to_the_end(lambda: bool(is_done())) or site.asked:  # type: ignore[operator]
        raise SystemExit("The undisturbed run did not come to its end: see its workspace.")
    site.end()
    site.output.line(f"  {time.monotonic() - began:.0f} s")


def _try(site: Site, kind: Kind, reference: Outcome) -> Trial:
    began = time.monotonic()
    with _disk(site.material, site.part) if kind.small_disk else nullcontext():
        site.material.restore(site.part)
        try:
            did, still = _disturb(site, kind)
            if not still and not site.run_to_the_end(lambda: is_made(site)):
                still = ["the work did not come to its end"]
            jobs = site.new_jobs()
            site.end()
            made = outcome(site.workspace, site.part, jobs)
            found = compare(site.workspace, made, reference, jobs, once=not kind.submits)
        finally:
            site.end()
    if still:
        found = Verdict(still=still + found.lost)
    return Trial(
        kind.title,
        site.part,
        did,
        round(time.monotonic() - began, 1),
        site.asked,
        found.lost,
        found.doubled,
        found.still,
    )


def _disturb(site: Site, kind: Kind) -> tuple[str, list[str]]:
    if not kind.submits:
        submit(site.workspace, site.part)
    if kind.busy and not site.wait_until_busy():
        return "", ["the work was never in its middle"]
    return kind.do(site), []


@contextmanager
def _disk(material: Material, part: Part) -> Iterator[None]:
    """A small disk of its own in the place of the workspace, where this user may mount one."""
    used = sum(p.stat().st_size + 4096 for p in material.kept(part).rglob("*") if p.is_file())
    size = f"size={used + _SPARE_BYTES}"
    material.root.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(material.root)]
    mounted = (
        os.name != "nt"
        and subprocess.run(command, check=False, capture_output=True).returncode == 0
    )
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(material.root)], check=False)


def _line(number: int, trial: Trial) -> str:
    wrong = [
        f"{word.upper()}: {'; '.join(found)}"
        for word, found in (
            ("lost", trial.lost),
            ("doubled", trial.doubled),
            ("standing still", trial.still),
        )
        if found
    ]
    asked = f", tried again {trial.asked}" if trial.asked else ""
    told = " | ".join(wrong) or "all there"
    return f"{number:3d} {trial.kind}, {trial.part}: {trial.did}{asked}: {told} ({trial.seconds} s)"


def _table(done: Sequence[Trial], output: Output) -> int:
    rows = []
    kinds = list(dict.fromkeys(trial.kind for trial in done))
    for kind in (*kinds, "all"):
        of_it = [trial for trial in done if kind in (trial.kind, "all")]
        bad = [sum(bool(getattr(t, name)) for t in of_it) for name in ("lost", "doubled", "still")]
        again = sum(trial.asked for trial in of_it)
        rows.append([kind, str(len(of_it)), *map(str, bad), str(again)])
    output.table(["fault", "trials", "lost", "doubled", "standing still", "tried again"], rows)
    return int(any(trial.lost or trial.doubled or trial.still for trial in done))
