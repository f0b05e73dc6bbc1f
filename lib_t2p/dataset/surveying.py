"""Looking at all photos and writing down what the tab needs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from lib_t2p.dataset.crop_turns import settled_choices
from lib_t2p.dataset.cropping import Crop, draw_crop
from lib_t2p.dataset.grading import notes_of
from lib_t2p.dataset.inspecting import inspect_photos
from lib_t2p.dataset.judging import (
    face_numbers,
    face_of,
    judge_photos,
    numbers_of,
    other_faces,
    seen_candidates,
)
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.pairs import twins_by_photo
from lib_t2p.dataset.photo_choices import FaceId, PhotoChoices
from lib_t2p.dataset.photo_report import PhotoReport
from lib_t2p.dataset.previews import write_previews
from lib_t2p.dataset.reasons import Code
from lib_t2p.dataset.splitting import group_seen
from lib_t2p.dataset.subject import SeenPerson, Subject, find_people, find_subject
from lib_t2p.dataset.survey import MOST_BORDER, Survey, SurveyedPerson, SurveyedPhoto, write_survey
from lib_t2p.errors import InputError, PhotoError
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision.faces import VisionTools
from lib_t2p.vision.photo_files import open_photo, save_jpeg
from lib_t2p.workspace import PersonFolder

SIDE = 160
"""Pixels."""
ROOM = 1.7
"""Side of a tile in sides of the face box."""


def write_face_tiles(person: PersonFolder, survey: Survey, reporter: Reporter) -> None:
    """Draw the people and the faces of doubt; what an earlier survey drew goes."""
    shutil.rmtree(person.faces, ignore_errors=True)
    photos = {photo.photo: photo for photo in survey.photos}
    wanted = [tile.anchor for tile in survey.people]
    if survey.chosen is not None:
        wanted += [face for face, _ in survey.people[survey.chosen].border[:MOST_BORDER]]
    for name, number in dict.fromkeys(wanted):
        reporter.check_stop()
        try:
            _draw(person, photos[name], number)
        except PhotoError as error:
            reporter.warning(str(error))


def _draw(person: PersonFolder, photo: SurveyedPhoto, number: int) -> None:
    box = photo.box(number)
    side = ROOM * max(box.width, box.height)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    longest = max(1, int(max(photo.width, photo.height) * min(1.0, 2 * SIDE / side)))
    opened = open_photo(person.photos / photo.photo, longest, photo.turn)
    crop = Crop(x - side / 2, y - side / 2, side)
    drawn = draw_crop(opened.picture, opened.scale, crop, (SIDE, SIDE))
    face: FaceId = (photo.photo, number)
    save_jpeg(np.asarray(Image.fromarray(drawn)), person.face_tile(face), 88)


MOST_TILES = 24
"""People who get a tile; passers-by come last."""


def survey_photos(
    person: PersonFolder, tools: VisionTools, reporter: Reporter, helpers: int = 1
) -> Survey:
    """Look at the photos (those seen before are read from the cache) and write `survey.json`.

    Args:
        person: whose photos they are.
        tools: who looks at them.
        reporter: told of each photo.
        helpers: as of `inspect_photos`.

    Raises:
        InputError: there is no photo.
        WorkspaceError: the disk is full.
        StopRequested: the person asked to stop.
    """
    reports = inspect_photos(person, tools, reporter, helpers)
    reporter.phase("people")
    survey = survey_of(person, reports, settled_choices(person, reports, reporter))
    write_face_tiles(person, survey, reporter)
    write_survey(person, survey)
    turns = {photo.photo: photo.turn for photo in survey.photos if not photo.fault}
    write_previews(person, turns, reporter)
    return survey


def survey_of(
    person: PersonFolder, reports: Sequence[PhotoReport], choices: PhotoChoices
) -> Survey:
    """What the reports say, light."""
    options = DatasetOptions()
    readable = [report for report in reports if not report.fault]
    people = find_people(readable, options.same_person)[:MOST_TILES]
    subject, doubt = Subject({}, {}), ""
    try:
        subject = find_subject(person, readable, options.same_person, choices)
    except InputError as error:
        doubt = str(error)
    seen = seen_candidates(readable, subject)
    twins = twins_by_photo(seen, options.near_duplicate_bits)
    groupings = group_seen(seen, options.same_burst_bits)
    looks = {one.report.photo: one.look for one in seen}
    faceless = _faceless(readable, subject)
    photos = tuple(
        replace(
            _photo(report, subject, twins.get(report.photo, ())),
            faceless=faceless.get(report.photo),
            look=looks.get(report.photo),
            groups=groupings.numbers_of(report.photo),
        )
        for report in reports
    )
    tiles = tuple(SurveyedPerson(p.anchor, len(p.photos), p.border) for p in people)
    return Survey(photos, tiles, None if doubt else _chosen(people, subject), doubt)


def _faceless(reports: Sequence[PhotoReport], subject: Subject) -> dict[str, tuple[Code, str]]:
    """Photos in which no face counts, with code and sentence; no slider changes that."""
    _, left_out = judge_photos(reports, subject, DatasetOptions())
    without = {report.photo for report in reports if not report.faces}
    return {
        d.photo: (d.code, d.reason) for d in left_out if d.code == "no_face" or d.photo in without
    }


def _chosen(people: Sequence[SeenPerson], subject: Subject) -> int | None:
    faces = set(subject.face.items())
    shared = [len(faces & set(found.faces)) for found in people]
    most = max(shared, default=0)
    return shared.index(most) if most else None


def _photo(report: PhotoReport, subject: Subject, twins: tuple[str, ...]) -> SurveyedPhoto:
    if report.fault:
        return SurveyedPhoto(report.photo, fault=report.fault)
    boxes = [seen.face.box for seen in report.faces]
    faces = tuple(
        (round(b.left, 1), round(b.top, 1), round(b.right, 1), round(b.bottom, 1)) for b in boxes
    )
    seen = face_of(report, subject)
    if seen is None:
        return SurveyedPhoto(
            report.photo,
            width=report.width,
            height=report.height,
            taken=report.taken,
            turn=report.turn,
        )
    distance = subject.distance(seen, report.photo)
    others = other_faces(report, seen)
    return SurveyedPhoto(
        photo=report.photo,
        width=report.width,
        height=report.height,
        faces=faces,
        face=next(n for n, one in enumerate(report.faces) if one is seen),
        others=tuple(n for n, one in enumerate(report.faces) if any(one is o for o in others)),
        numbers=face_numbers(report, subject, seen, distance),
        shown=numbers_of(report, seen, distance),
        notes=notes_of(report, seen),
        repaired=report.repaired,
        twins=twins,
        detail=round(float(seen.face.box.width * max(seen.sharpness, 0.0) ** 0.5), 2),
        taken=report.taken,
        turn=report.turn,
    )
