"""Measuring a round's pictures against real photos of the person."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from lib_t2p.jobs.events import Reporter
from lib_t2p.portraits.places import find_picture
from lib_t2p.portraits.round_scores import RoundScores, read_round_scores, write_round_scores
from lib_t2p.portraits.rounds import read_round
from lib_t2p.portraits.rule import PictureScore, Yardstick
from lib_t2p.scores import References, distances, load_references, measure, reference_print
from lib_t2p.scores.verdict import copy_limit
from lib_t2p.workspace import DatasetFolder, PortraitsFolder

if TYPE_CHECKING:
    from lib_t2p.vision.faces import VisionTools


def score_round(
    folder: PortraitsFolder,
    number: int,
    dataset: DatasetFolder | None,
    tools: VisionTools,
    reporter: Reporter,
) -> RoundScores:
    """Score the painted pictures of a round; what is scored already is not measured again.

    Args:
        folder: of the series.
        number: of the round, from 1.
        dataset: whose photos are compared with; None counts faces and judges no likeness.
        tools: who looks.
        reporter: told of progress.

    Raises:
        InputError: no held-out photo shows a face, or a picture cannot be read.
        WorkspaceError: the round or the dataset is missing or damaged.
        StopRequested: the person asked to stop.
    """
    reference = reference_print(dataset, tools) if dataset else ""
    old = read_round_scores(folder, number)
    known = {(s.id, s.print): s for s in old.pictures} if old and old.reference == reference else {}
    painted = [
        (one.id, path)
        for one in read_round(folder, number)
        if (path := find_picture(folder, one.id)) is not None
    ]
    prints = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in painted}
    fresh = any((name, prints[name]) not in known for name, _ in painted)
    if old and not fresh:
        return old
    references = load_references(dataset, tools, reporter) if dataset else None
    reporter.phase("scores")
    found = []
    for done, (name, path) in enumerate(painted):
        reporter.check_stop()
        reporter.progress(done, len(painted), "picture")
        score = known.get((name, prints[name]))
        found.append(score or _score(name, path, prints[name], references, tools))
    reporter.progress(len(painted), len(painted), "picture")
    scores = RoundScores(reference, _yardstick(references, tools), tuple(found))
    write_round_scores(folder, number, scores)
    return scores


def _yardstick(references: References | None, tools: VisionTools) -> Yardstick:
    if references is None:
        return Yardstick()
    return Yardstick(tools.embedder.same_person, copy_limit(references.spread))


def _score(
    name: str, path: Path, picture_print: str, references: References | None, tools: VisionTools
) -> PictureScore:
    seen = measure(path, tools)
    if references is None or seen.embedding is None:
        sharp = None if seen.sharpness is None else round(seen.sharpness, 5)
        return PictureScore(name, picture_print, seen.faces, sharpness=sharp)
    near = distances(seen.embedding, references.training) if len(references.training) else None
    return PictureScore(
        name,
        picture_print,
        seen.faces,
        distance=round(float(distances(seen.embedding, references.held_out).mean()), 5),
        nearest_training=None if near is None else round(float(near.min()), 5),
        sharpness=None if seen.sharpness is None else round(seen.sharpness, 5),
    )
