"""Who agreed to a likeness is said by every LoRA file itself."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from supervised import make_kit, write_any_base
from training_fakes import RecordingReporter, make_person, make_run

from lib_t2p.lora.header import read_header
from lib_t2p.runs.runs import read_run, saved_models
from lib_t2p.runs.supervision.supervisor import run_training
from lib_t2p.runs.supervision.watch import Watching
from lib_t2p.workspace.people import Person, create_person, load_person
from lib_t2p.workspace.person import open_workspace

pytestmark = pytest.mark.slow

WHO = Person("Ada", "blh", "woman", "she agreed,\nby letter of 3 May “Ü”", "2026-01-01")
WORDS = "Consent: she agreed, by letter of 3 May “Ü”"


def test_a_new_run_takes_the_consent_unless_it_has_a_comment(tmp_path: Path) -> None:
    create_person(open_workspace(tmp_path), WHO)
    person = make_person(tmp_path)
    assert read_run(make_run(person, tmp_path / "base")).settings.training_comment == WORDS
    own = make_run(person, tmp_path / "base", "own", training_comment="mine")
    assert read_run(own).settings.training_comment == "mine"


def test_a_person_may_keep_the_note_out_of_files(tmp_path: Path) -> None:
    create_person(open_workspace(tmp_path), replace(WHO, consent_in_files=False))
    person = make_person(tmp_path)
    assert read_run(make_run(person, tmp_path / "base")).settings.training_comment == ""
    assert load_person(person) == replace(WHO, consent_in_files=False)


def test_a_person_of_an_older_version_writes_it_as_before(tmp_path: Path) -> None:
    create_person(open_workspace(tmp_path), WHO)
    person = make_person(tmp_path)
    text = person.record.read_text(encoding="utf-8")
    person.record.write_text(text.replace("consent_in_files = true\n", ""), encoding="utf-8")
    assert load_person(person) == WHO


@pytest.mark.parametrize("trainer", ["builtin", "real"])
def test_every_saved_file_says_who_agreed(tmp_path: Path, trainer: str) -> None:
    pytest.importorskip("diffusers")
    if trainer == "real" and not os.environ.get("T2P_SD_SCRIPTS"):
        pytest.skip("T2P_SD_SCRIPTS names no checkout of sd-scripts")
    create_person(open_workspace(tmp_path), WHO)
    kit = make_kit(trainer, tmp_path, lambda kind: write_any_base(kind, tmp_path))
    run_training(kit.folder, RecordingReporter(), Watching(trainers=kit.trainers))
    files = [read_header(model.path) for model in saved_models(kit.folder)]
    assert files
    assert {header.metadata["ss_training_comment"] for header in files} == {WORDS}
