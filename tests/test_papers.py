"""What stands in README.md, CONTRIBUTING.md, CHANGELOG.md and docs/ is true of the code."""

from __future__ import annotations

import ast
import re
import shlex
import sys
import threading
from pathlib import Path
from types import FrameType

import pytest
from import_rules import GROUND, ORDER, room
from shell_commands import leaf_commands

import lib_t2p
from lib_t2p.cli.parser import build_parser
from lib_t2p.dataset import write_demo_photos
from lib_t2p.environment.launching import MODULES
from lib_t2p.jobs import JobContext, Queue
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace import Person, create_person, open_workspace

HANDED_ON = (*MODULES, "test")
"""What `t2p.py` starts itself, without the shell's parser."""
MOST_FILES, MOST_ROOMS = 18, 6
"""That one walk of a photo may enter."""
FOLDERS = "docs|tests|examples|tools|lib_t2p|presets"
DATED = r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d"


def page(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


def typed_commands(text: str) -> list[list[str]]:
    """The arguments of each `t2p.py` line in a page's blocks of code."""
    joined = text.replace("\\\n", " ")
    lines = re.findall(r"^    python3 t2p\.py(.*)$", joined, flags=re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def walk(text: str) -> list[tuple[str, str]]:
    """(file, function) of each line of the walk in ARCHITECTURE.md."""
    return re.findall(r"^    (lib_t2p/[\w/]+\.py):(\w+)$", text, flags=re.MULTILINE)


def functions_in(file: Path) -> set[str]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}


@pytest.mark.parametrize("name", ["README.md", "docs/SHELL.md", "CONTRIBUTING.md"])
def test_each_command_of_a_page_is_one_that_the_shell_takes(root: Path, name: str) -> None:
    refused = []
    for arguments in typed_commands(page(root, name)):
        if not arguments or arguments[0] in HANDED_ON:
            continue
        try:
            build_parser(arguments).parse_args(arguments)
        except SystemExit:
            refused.append(" ".join(arguments))
    assert refused == []


def test_the_shells_manual_names_every_command(root: Path) -> None:
    shown = typed_commands(page(root, "docs/SHELL.md"))
    missing = [
        " ".join(leaf)
        for leaf in leaf_commands(build_parser([]))
        if not any(tuple(arguments[: len(leaf)]) == leaf for arguments in shown)
    ]
    assert missing == []


def test_the_readme_keeps_what_a_newcomer_types_and_names_the_manual(root: Path) -> None:
    text = page(root, "README.md")
    first = {arguments[0] for arguments in typed_commands(text) if arguments}
    assert {"demo", "test", "person", "import", "dataset", "train", "grid", "compare"} <= first
    assert "docs/SHELL.md" in text


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        *map(
            "docs/{}.md".format,
            ("SHELL", "ARCHITECTURE", "GLOSSARY", "SCORES", "SECURITY", "VERDICT"),
        ),
    ],
)
def test_what_a_page_points_to_is_there(root: Path, name: str) -> None:
    folder = (root / name).parent
    targets = re.findall(r"\]\((?!http)([^)#]+)", page(root, name))
    named = re.findall(
        r"`((?:docs|tests|examples|tools|lib_t2p|presets)/[\w./]+)`", page(root, name)
    )
    gone = [t for t in targets if not (folder / t).exists()]
    assert gone + [n for n in named if not (root / n).exists()] == []


def test_the_architecture_fits_on_a_page(root: Path) -> None:
    assert len(page(root, "docs/ARCHITECTURE.md").splitlines()) <= 80


def test_the_architecture_names_the_rooms_in_their_order(root: Path) -> None:
    assert (
        tuple(re.findall(r"^- (\w+): ", page(root, "docs/ARCHITECTURE.md"), re.MULTILINE)) == ORDER
    )


def test_every_room_of_the_order_is_a_folder(root: Path) -> None:
    folders = {f.parent.name for f in (root / "lib_t2p").glob("*/__init__.py")}
    assert folders == {*ORDER} - {GROUND}


def test_each_step_of_the_walk_is_a_function_of_its_file(root: Path) -> None:
    steps = walk(page(root, "docs/ARCHITECTURE.md"))
    assert steps[0][1] == "import_job"
    assert ("lib_t2p/dataset/manifest.py", "write_manifest") in steps
    wrong = [
        f"{file}:{name}"
        for file, name in steps
        if not (root / file).is_file() or name not in functions_in(root / file)
    ]
    assert wrong == []


def test_the_walk_is_short_and_does_not_climb_back(root: Path) -> None:
    steps = walk(page(root, "docs/ARCHITECTURE.md"))
    rooms = [room(file.removesuffix(".py").replace("/", ".")) for file, _ in steps]
    assert len({file for file, _ in steps}) <= MOST_FILES
    assert len({*rooms}) <= MOST_ROOMS
    heights = [ORDER.index(one) for one in rooms]
    assert heights == sorted(heights, reverse=True)


def test_each_version_of_the_changelog_has_a_date(root: Path) -> None:
    heads = re.findall(r"^## (.+)$", page(root, "CHANGELOG.md"), flags=re.MULTILINE)
    assert heads[0] == "Unreleased" or heads[0].startswith(lib_t2p.__version__)
    undated = [
        h
        for h in heads
        if h != "Unreleased" and not re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", h)
    ]
    assert undated == []


@pytest.mark.slow
def test_the_walk_is_what_an_import_and_a_build_really_call(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other files are called as well; those of the walk must be."""
    pytest.importorskip("dlib")
    pytest.importorskip("skimage")
    photos = write_demo_photos(tmp_path / "photos")
    workspace = open_workspace(tmp_path / "w")
    create_person(workspace, Person("Ada", "adax", "woman", "herself", "2026-01-01"))
    queue = Queue(workspace)
    called: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_code.co_filename, frame.f_code.co_name))

    monkeypatch.setattr("lib_t2p.jobs.crew.processes_here", lambda: 1)
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        for kind, params in (
            ("dataset.import", {"sources": [str(photos)]}),
            ("dataset.build", {"options": {"resolution": 96}}),
        ):
            queue.submit(kind, {"person": "ada", **params}, lane="light", person="ada")
            job = queue.claim(["light"], "test")
            assert job is not None
            JOB_FUNCTIONS[kind](JobContext(job, workspace, queue))
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    steps = walk(page(root, "docs/ARCHITECTURE.md"))
    assert [step for step in steps if (str(root / step[0]), step[1]) not in called] == []
