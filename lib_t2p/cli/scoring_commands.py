"""Scores told again and by whom; and the page of a person, a run or a sweep."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from lib_t2p.actions.grids import score_again
from lib_t2p.actions.sweeps import report_on_person, report_on_run, report_on_sweep
from lib_t2p.cli.job_progress import follow, follow_all
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.diffusion import check_clip_folder
from lib_t2p.errors import InputError
from lib_t2p.plurals import counted
from lib_t2p.typed_paths import typed_path
from lib_t2p.vision.faces import FaceCheck, VisionTools, check_faces, load_tools
from lib_t2p.workspace import EMBEDDERS, Preferences, Workspace, read_preferences, write_preferences


def settings(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Set what is named, if it can be used; show what is set."""
    before = read_preferences(workspace)
    wanted = _wanted(args, before)
    if args.clip is not None:
        wanted = replace(wanted, clip_folder=_absolute(args.clip))
    if (wanted.embedder, wanted.face_models) != (before.embedder, before.face_models):
        _tools(wanted)
    if wanted.clip_folder and wanted.clip_folder != before.clip_folder:
        check_clip_folder(Path(wanted.clip_folder))
        from lib_t2p.diffusion import ClipJudge

        ClipJudge(Path(wanted.clip_folder))
    write_preferences(workspace, wanted)
    output.line(f"faces are compared by: {wanted.embedder}")
    output.line(f"face models: {wanted.face_models or 'none'}")
    output.line(f"CLIP model: {wanted.clip_folder or 'none, so obedience is not judged'}")
    output.line(f"our painter takes over after: {wanted.painter_after:g} s")


def check(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Show how far faces of one person and of two people are apart."""
    from lib_t2p.cli.known_faces import cached_photos, photos_of, pip_cache, portraits

    tools = _tools(_wanted(args, read_preferences(workspace)))
    output.line(f"Faces by {tools.detector.name}, distances by {tools.embedder.name}")
    output.line(f"threshold for the same person: {tools.embedder.same_person:.3g}")
    _show("scikit-image's portrait, 14 variants", check_faces(portraits(), tools), tools, output)
    photos = photos_of(args.archive) if args.archive else cached_photos(pip_cache())
    if args.archive and not photos:
        raise InputError(f"{args.archive} is no source archive of face_recognition.")
    if photos:
        _show("face_recognition's test photos", check_faces(photos, tools), tools, output)
    else:
        output.line(
            "face_recognition's test photos: its source archive is not in pip's cache; name it "
            "with --archive"
        )


def score(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Score a grid again, or what is painted of it."""
    jobs = follow_all(workspace, score_again(workspace, args.person, args.grid), output)
    output.line(f"{counted(jobs[0].result['scored'], 'picture is')} scored")
    if len(jobs) > 1:
        output.line(f"verdict: {jobs[1].result['verdict']}")
        output.line(f"report: {jobs[1].result['report']}")


def _show(title: str, checked: FaceCheck, tools: VisionTools, output: Output) -> None:
    threshold = tools.embedder.same_person
    above, below = checked.wrong(threshold)
    output.line(f"{title}:")
    output.line(f"  same person:  {_spread(checked.same)}; {above} not below the threshold")
    output.line(f"  other person: {_spread(checked.other)}; {below} below the threshold")
    if checked.faceless:
        output.line(f"  pictures without a face: {checked.faceless}")


def _spread(distances: tuple[float, ...]) -> str:
    if not distances:
        return "no pairs"
    middle = distances[len(distances) // 2]
    return (
        f"{counted(len(distances), 'pair')}, {distances[0]:.3f} to {distances[-1]:.3f}, "
        f"median {middle:.3f}"
    )


def _wanted(args: Namespace, before: Preferences) -> Preferences:
    embedder = args.embedder or before.embedder
    folder = before.face_models if args.face_models is None else _absolute(args.face_models)
    return replace(before, embedder=embedder, face_models=folder)


def _tools(wanted: Preferences) -> VisionTools:
    return load_tools(wanted.embedder, Path(wanted.face_models) if wanted.face_models else None)


def _absolute(folder: str) -> str:
    """The folder whatever the current one is later; empty stays empty."""
    return str(typed_path(folder).absolute()) if folder.strip() else ""


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    scored = commands.add("score", "score a grid again, or what is painted of it so far", score)
    scored.add_argument("person")
    scored.add_argument("grid")
    told = commands.add("settings", "show or set who looks at pictures that are scored", settings)
    told.add_argument(
        "--clip",
        metavar="FOLDER",
        help="a CLIP model with both towers that scores obedience to prompts; '' for none",
    )
    tried = commands.add(
        "check-faces", "show how well faces are told apart, on pictures of known people", check
    )
    tried.add_argument(
        "--archive",
        type=typed_path,
        metavar="FILE",
        help="source archive of face_recognition; `pip download --no-deps --no-binary :all: "
        "face_recognition` fetches it",
    )
    for parser in (told, tried):
        parser.add_argument("--embedder", choices=EMBEDDERS, help="who compares faces")
        parser.add_argument(
            "--face-models", metavar="FOLDER", help="ONNX files for sface and arcface; '' for none"
        )
    _add_report(commands)


def report(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Write the page and say where it lies."""
    if args.run:
        job = report_on_run(workspace, args.person, args.run)
    elif args.sweep:
        job = report_on_sweep(workspace, args.person, args.sweep)
    else:
        job = report_on_person(workspace, args.person)
    written = follow(workspace, job.id, output).result
    output.line(str(written["sentence"]))
    output.line(f"report: {written['page']}")


def _add_report(commands: Commands) -> None:
    parser = commands.add("report", "one page about a person, a run or a sweep", report)
    parser.add_argument("person")
    about = parser.add_mutually_exclusive_group()
    about.add_argument("--run", default="", help="only of this run")
    about.add_argument("--sweep", default="", help="only of this sweep")
