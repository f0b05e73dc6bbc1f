"""What the shell says of datasets on bad input and where nothing is there yet."""

from __future__ import annotations

import io
from datetime import datetime, timezone
from pathlib import Path

import pytest

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.class_images.class_plan import SCHEMA
from lib_t2p.cli.parser import build_parser
from lib_t2p.cli.values import option_help
from lib_t2p.cli_output import Output
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import T2PError
from lib_t2p.files import write_record
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace, open_workspace

ANN, SLUG = "Ännchen von Thärau 日本", "ännchen-von-thärau-日本"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    opened = open_workspace(tmp_path / "wörk späce")
    who = {"name": ANN, "trigger": "ohwx", "class_word": "woman", "consent": "herself"}
    new_person(opened, **who, now=datetime(2026, 1, 2, tzinfo=timezone.utc))
    return opened


def said(workspace: Workspace, *arguments: str) -> str:
    """What a command prints, or the sentence with which it refuses."""
    stream = io.StringIO()
    args = build_parser().parse_args([*arguments, "--workspace", str(workspace.root)])
    try:
        args.carry_out(args, workspace, Output(stream))
    except T2PError as error:
        return str(error)
    return stream.getvalue()


@pytest.mark.parametrize("command", [["delete-person"], ["dataset", "inspect"]])
def test_an_unknown_person_is_answered_with_those_who_are_there(
    workspace: Workspace, command: list[str]
) -> None:
    assert said(workspace, *command, "nobody") == (
        f"There is no person named 'nobody': there are {SLUG}."
    )


def test_the_first_person_has_to_be_made(tmp_path: Path) -> None:
    told = said(open_workspace(tmp_path / "empty"), "delete-person", "nobody")
    assert "create a person first" in told


def test_no_class_images_are_told_with_the_ways_to_get_some(workspace: Workspace) -> None:
    told = said(workspace, "dataset", "reg", ANN)
    assert "No class images yet" in told and "--photos" in told and "--checkpoint" in told


def test_a_set_is_named_with_what_it_is_made_of(workspace: Workspace) -> None:
    folder = workspace.painted_class("0123456789abcdef")
    folder.photos.mkdir(parents=True)
    (folder.photos / "0.png").write_bytes(b"x")
    made_of = {"prompt": "photo of a {class_word}", "checkpoint": "base é.safetensors"}
    write_record(folder.record, SCHEMA, made_of)
    told = said(workspace, "dataset", "reg", ANN)
    assert "photo of a {class_word} (base é.safetensors)" in told
    assert f"`dataset build {SLUG} --set regularisation=0123456789abcdef`" in told


def test_a_set_that_is_not_there_is_refused_before_anybody_looks_at_photos(
    workspace: Workspace,
) -> None:
    told = said(workspace, "dataset", "build", ANN, "--set", "regularisation=none such")
    assert "named 'none such': import class photos or paint some first" in told
    assert Queue(workspace).jobs() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["captions", ANN], f"run `dataset inspect {SLUG}` first"),
        (["captions", ANN, "--edit", "prefix", "x"], "look at them first"),
        (["captions", ANN, "--by", "x"], "add --edit KIND TEXT"),
        (["captions", ANN, "--preview"], "add --edit KIND TEXT"),
        (["captions", ANN, "--template", "{nonsense}"], "the places are {token}"),
        (["captions", ANN, "--tagger", "nowhere"], "name the folder of the tagger"),
        (["people", ANN, "--yes", "one.jpg"], "write PHOTO#NUMBER"),
        (["people", ANN, "--choose", "1"], "inspect"),
        (["choose", ANN, "--crop", "one.jpg", "1,2,3"], "four numbers"),
        (["choose", ANN, "--leave-out", "nö pe.jpg"], "has no photo named nö pe.jpg"),
        (["sheet", ANN], "build one first"),
        (["diff", ANN, "1"], "build one first"),
        (["import", ANN, "no such folder"], "point at a folder or files that exist"),
    ],
)
def test_every_refusal_says_what_to_do(
    workspace: Workspace, arguments: list[str], told: str
) -> None:
    sentence = said(workspace, "dataset", *arguments)
    assert told in sentence
    assert "Errno" not in sentence and "Traceback" not in sentence
    assert Queue(workspace).jobs() == []


def test_only_one_model_may_describe(workspace: Workspace, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        said(workspace, "dataset", "captions", ANN, "--tagger", "a", "--blip", "b")
    assert "not allowed with" in capsys.readouterr().err


def test_help_names_every_option_with_its_range_and_use() -> None:
    told = option_help()
    for name in vars(DatasetOptions()):
        head, _, text = told.partition(f"  {name}=")[2].partition("\n")
        assert "when not given" in head
        assert text.startswith("      ") and len(text.split("\n")[0].split()) > 3, name
    assert "face|bust|whole" in told and "64 to 2048 px, a multiple of 8" in told
