"""`t2p.py dataset inspect|people|choose`: who is shown, how well, and which photos are used."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from lib_t2p.actions import photos as actions
from lib_t2p.cli.job_progress import follow
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.values import add_options, numbers, pairs
from lib_t2p.cli_output import Output
from lib_t2p.dataset import (
    DatasetOptions,
    PhotoOutlook,
    Rectangle,
    counts_of,
    face_from,
    face_text,
    grade_of,
)
from lib_t2p.errors import InputError
from lib_t2p.workspace import Workspace

SORTS = ("photo", "quality", "face", "sharpness", "light", "contrast", "yaw", "distance", "noise")


def inspect(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Look at all photos and tell what a build would do with each."""
    options = DatasetOptions.from_mapping(pairs(args.set))
    follow(workspace, actions.submit_inspection(workspace, args.person).id, output)
    state = actions.photo_state(workspace, args.person, options)
    if state.survey and state.survey.doubt:
        output.line(state.survey.doubt)
    counts = counts_of(state.photos)
    _check_only(args.only, counts)
    shown = [one for one in state.photos if args.only in ("", one.outcome, one.code)]
    rows = [_row(one) for one in sorted(shown, key=lambda one: _place(one, args.sort))]
    output.table(["photo", "state", "grade", "quality", "face", "sharpness", "why"], rows)
    output.line(", ".join(f"{count} {code.replace('_', ' ')}" for code, count in counts.items()))


def people(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Show who is in the photos; choose the person; answer for faces of doubt."""
    if args.choose is not None:
        actions.choose_tile(workspace, args.person, args.choose)
    for text in args.yes:
        actions.answer_face(workspace, args.person, face_from(text), is_person=True)
    for text in args.no:
        actions.answer_face(workspace, args.person, face_from(text), is_person=False)
    follow(workspace, actions.submit_inspection(workspace, args.person).id, output)
    survey = actions.photo_state(workspace, args.person).survey
    if survey is None or not survey.people:
        output.line("No face was found in the photos.")
        return
    rows = [
        [str(n), "chosen" if survey.chosen == n - 1 else "", str(p.photos), face_text(p.anchor)]
        for n, p in enumerate(survey.people, 1)
    ]
    output.table(["person", "", "photos", "face"], rows)
    if survey.doubt:
        output.line(survey.doubt)
    elif survey.chosen is not None:
        for face, distance in survey.people[survey.chosen].border:
            output.line(f"  in doubt: {face_text(face)} (distance {distance:.2f}): --yes or --no")


def choose(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Leave photos out, put them in, and set crops by numbers."""
    for verb, photos in (
        ("leave_out", args.leave_out),
        ("put_in", args.put_in),
        ("forget", args.forget),
    ):
        if photos:
            actions.decide(workspace, args.person, verb, photos)
    for photo, text in args.crop:
        box = None if text == "auto" else _box(text)
        actions.adjust_crop(workspace, args.person, photo, box)
    choices = actions.photo_state(workspace, args.person).choices
    output.line(f"left out: {', '.join(sorted(choices.left_out)) or 'none'}")
    output.line(f"put in: {', '.join(sorted(choices.put_back)) or 'none'}")
    for photo, box in sorted(choices.crops.items()):
        output.line(f"crop of {photo}: {','.join(f'{side:g}' for side in box)}")


def add(topic: Commands) -> None:
    """Add these commands to the topic."""
    looked = topic.add("inspect", "look at all photos: faces, people, quality", inspect)
    looked.add_argument("person")
    add_options(looked)
    looked.add_argument("--sort", choices=SORTS, default="photo")
    looked.add_argument("--only", default="", help="used, left_out, or a reason such as blurred")
    who = topic.add("people", "who is in the photos, and which one it is about", people)
    who.add_argument("person")
    who.add_argument("--choose", type=int, metavar="N", help="the dataset is about this one")
    who.add_argument("--yes", action="append", default=[], metavar="PHOTO#FACE")
    who.add_argument("--no", action="append", default=[], metavar="PHOTO#FACE")
    chosen = topic.add("choose", "leave photos out, put them in, set crops", choose)
    chosen.add_argument("person")
    for name, help_text in (
        ("--leave-out", "never use them"),
        ("--put-in", "use them whatever their quality"),
        ("--forget", "let their quality decide again"),
    ):
        chosen.add_argument(name, nargs="+", default=[], metavar="PHOTO", help=help_text)
    chosen.add_argument(
        "--crop",
        nargs=2,
        action="append",
        default=[],
        metavar=("PHOTO", "LEFT,TOP,RIGHT,BOTTOM"),
        help="pixels of the upright photo; auto leaves it to the plan",
    )


def _check_only(only: str, counts: Mapping[str, int]) -> None:
    known = [code for code in ("used", "held_out", "left_out", *counts) if code]
    if only and only not in known:
        named = ", ".join(dict.fromkeys(known))
        raise InputError(f"No photo is {only!r}: give --only one of {named}.")


def _row(one: PhotoOutlook) -> list[str]:
    shown = one.photo.shown
    state = ("by you: " if one.by_choice else "") + one.outcome.replace("_", " ")
    grade = grade_of(one.quality) if one.photo.face is not None else ""
    numbers_shown = [f"{shown.get(name, 0):g}" for name in ("quality", "face", "sharpness")]
    why = "; ".join(part for part in (one.reason, ", ".join(one.photo.notes)) if part)
    return [one.photo.photo, state, grade, *numbers_shown, why]


def _place(one: PhotoOutlook, sort: str) -> tuple[float, str]:
    return (0.0 if sort == "photo" else -float(one.photo.shown.get(sort, 0.0)), one.photo.photo)


def _box(text: str) -> Rectangle:
    sides = numbers(text, float, "--crop")
    if len(sides) != 4:
        raise InputError(f"The crop {text!r} needs four numbers: left,top,right,bottom.")
    left, top, right, bottom = sides
    return left, top, right, bottom
