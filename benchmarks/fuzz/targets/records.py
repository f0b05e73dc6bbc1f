"""Records of ours in a person's folder, damaged: each reader refuses, or goes on without."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from benchmarks.fuzz import planted
from benchmarks.fuzz.changing import each_odd
from benchmarks.fuzz.odd import near_bytes, near_json, near_text
from benchmarks.fuzz.oddities import ODD_NUMBERS
from benchmarks.fuzz.planted import plant
from benchmarks.fuzz.target import Call, Target, as_bytes
from lib_t2p.dataset.captions.book import read_captions
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.photo_choices import read_choices
from lib_t2p.dataset.survey import read_survey
from lib_t2p.grids.cells.cells import read_cells
from lib_t2p.grids.plan_files import read_plan
from lib_t2p.jobs.rebuild import job_roots, kept_job
from lib_t2p.nights.night import read_state
from lib_t2p.portraits.plan import read_portraits
from lib_t2p.runs.runs import read_run
from lib_t2p.scores.verdict.scores import read_scores
from lib_t2p.scores.votes.ballots import read_ballots
from lib_t2p.sweeps.storing import read_sweep
from lib_t2p.workspace.people import load_person
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace
from lib_t2p.workspace.preferences import read_preferences
from lib_t2p.workspace.series_folders import portraits_folder

CHOICES = """{"schema": 1, "anchor": ["a.jpg", 0], "same": [["a.jpg", 1]], "others": [["a.jpg", 2]],
"left_out": ["a.jpg"], "put_back": [], "crops": {"a.jpg": [0, 0, 99, 99.5]}}"""
VOTES = """{"schema": 1, "seed": 3, "candidates": [["t2p_ann_first_e01", 0.5]], "votes": [
{"pair": "a b", "left": "000001", "right": "000002", "choice": "left"}]}"""
SCORES = """{"schema": 1, "painter": "p", "detector": "d", "embedder": "e", "same_person": 0.6,
"reference": "r", "obedience_by": "", "notes": ["a"], "real": {"held_out": 1, "training": 2,
"without_face": 0, "distances": [0.1], "nearest": [0.2], "heldout_are_variants": false},
"cells": []}"""
NIGHT = """{"schema": 1, "jobs": {"train": ["a"]}, "dataset": 1, "notes": ["n"],
"result": {"weight": 0.8}, "end": "", "reason": ""}"""
CAPTIONS = '{"schema": 1, "default": "{token}", "own": {"a.jpg": "x"}, "past": []}'
PREFERENCES = '{"schema": 1, "painter_after": 60.0, "embedder": "dlib"}'

PARTS = (*ODD_NUMBERS, None, [], {}, [None], {"a": 1}, "", "a\0b", "\ud800", "x" * 10_000)
"""Put in place of each part of a record."""

Read = Callable[[Workspace, PersonFolder], object]
Where = Callable[[Workspace, PersonFolder], Path]

ROWS: dict[str, tuple[Where, Read]] = {
    "person": (lambda _, p: p.record, lambda _, p: load_person(p)),
    "manifest": (lambda _, p: p.dataset(1).manifest, lambda _, p: read_manifest(p.dataset(1))),
    "survey": (lambda _, p: p.survey, lambda _, p: read_survey(p)),
    "choices": (lambda _, p: p.photo_choices, lambda _, p: read_choices(p)),
    "captions": (lambda _, p: p.captions, lambda _, p: read_captions(p)),
    "run": (lambda _, p: p.run("first").settings, lambda _, p: read_run(p.run("first"))),
    "sweep": (lambda _, p: p.sweep("ranks").record, lambda _, p: read_sweep(p.sweep("ranks"))),
    "grid plan": (lambda _, p: p.grid("g").plan, lambda _, p: read_plan(p.grid("g"))),
    "cells": (lambda _, p: p.grid("g").requests, lambda _, p: read_cells(p.grid("g"))),
    "portraits": (
        lambda _, p: portraits_folder(p, "p").plan,
        lambda _, p: read_portraits(portraits_folder(p, "p")),
    ),
    "votes": (lambda _, p: p.grid("g").votes, lambda _, p: read_ballots(p.grid("g"))),
    "scores": (lambda _, p: p.grid("g").scores, lambda _, p: read_scores(p.grid("g"))),
    "night": (lambda _, p: p.night("n").state, lambda _, p: read_state(p.night("n"))),
    "preferences": (lambda w, _: w.preferences, lambda w, _: read_preferences(w)),
    "workspace": (lambda w, _: w.root / "workspace.json", lambda w, _: open_workspace(w.root)),
    "job": (
        lambda w, _: _job(w) / "job.json",
        lambda w, _: [kept_job(w, root) for root in job_roots(w)],
    ),
}
GIVEN = {
    "choices": CHOICES,
    "captions": CAPTIONS,
    "preferences": PREFERENCES,
    "votes": VOTES,
    "scores": SCORES,
    "night": NIGHT,
}


def targets(scratch: Path) -> list[Target]:
    """One for each record; the good ones are taken from a workspace planted in `scratch`."""
    workspace = plant(scratch)
    person = workspace.person(planted.PERSON)
    rows = []
    for name, (where, read) in ROWS.items():
        text = GIVEN.get(name) or where(workspace, person).read_text(encoding="utf-8")
        made = near_text([text]) | near_bytes([text.encode("utf-8")])
        if text.startswith("{"):
            # Most of them pass the first checks.
            made = near_json([json.loads(text)]) | near_json([json.loads(text)]) | made
        listed = partial(_listed, text)
        rows.append(Target(f"record: {name}", made, _opened(where, read), listed=listed))
    return rows


def _listed(text: str) -> Iterator[str]:
    """Each part of a good record exchanged for each oddity."""
    if text.startswith("{"):
        yield from map(json.dumps, each_odd(json.loads(text), PARTS))


def _job(workspace: Workspace) -> Path:
    return min(workspace.jobs.iterdir())


def _opened(where: Where, read: Read) -> Callable[[Path], AbstractContextManager[Call]]:
    @contextmanager
    def opened(folder: Path) -> Iterator[Call]:
        workspace = planted.planted_workspace(folder, folder.with_name("planted"))
        person = workspace.person(planted.PERSON)
        path = where(workspace, person)
        path.parent.mkdir(parents=True, exist_ok=True)

        def call(given: object) -> object:
            # A job's folder is set aside, or moved, when its record names another.
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_bytes(given))
            return read(workspace, person)

        yield call

    return opened
