"""A run on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_fakes import make_person, make_run

from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.runs.runs import data_folders, read_run, saved_models


def test_a_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    folder = make_run(make_person(tmp_path, 0), tmp_path / "base", "Über Lauf", reg_data_dir="reg")
    run = read_run(folder)
    assert folder.id == "über-lauf"
    assert (run.name, run.dataset, run.checkpoint) == ("Über Lauf", 1, str(tmp_path / "base"))
    assert run.settings.network_args == ("conv_dim=2", "conv_alpha=2")
    dataset = folder.person.dataset(1)
    assert data_folders(folder, run) == (dataset.img, dataset.reg)


def test_a_seed_is_drawn_and_written_down(tmp_path: Path) -> None:
    folder = make_run(make_person(tmp_path, 0), tmp_path / "base", seed=None)
    assert read_run(folder).settings.seed is not None
    assert read_run(folder) == read_run(folder)


def test_a_run_is_never_overwritten(tmp_path: Path) -> None:
    person = make_person(tmp_path, 0)
    make_run(person, tmp_path / "base", "one")
    with pytest.raises(InputError, match="exists already"):
        make_run(person, tmp_path / "base", "One")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("schema = 1", "schema = 2", WorkspaceError),
        ('trainer = "builtin"', "trainer = 5", InputError),
        ("dataset = 1", 'dataset = "x"', InputError),
        ("[settings]", "[", InputError),
    ],
)
def test_a_damaged_or_newer_run_is_refused(
    tmp_path: Path, old: str, new: str, error: type[Exception]
) -> None:
    folder = make_run(make_person(tmp_path, 0), tmp_path / "base")
    text = folder.settings.read_text(encoding="utf-8")
    folder.settings.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(error):
        read_run(folder)


def test_half_written_models_are_left_out(tmp_path: Path) -> None:
    folder = make_run(make_person(tmp_path, 0), tmp_path / "base")
    assert saved_models(folder) == []
    folder.model.mkdir()
    (folder.model / "a.safetensors").write_bytes(b"x")
    (folder.model / "b.safetensors.part").write_bytes(b"x")
    assert saved_models(folder) == []
