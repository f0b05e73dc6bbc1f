"""Folder names that are made of typed names."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.files import slug, slug_ending, write_text
from lib_t2p.workspace.person import PersonFolder

ENDINGS = ("verdict", "runs", "prompts", "search 1-1", "search 10-3", "fresh seeds")
LONG = ["n" * 60, "night of the " + "long " * 12, "ä" * 70, "日本語の夜" * 20, "Night 1 " * 9 + "x"]


def test_short_names_simply_get_their_ending() -> None:
    assert slug_ending("Night 1", "verdict") == slug("Night 1 verdict") == "night-1-verdict"


@pytest.mark.parametrize("name", LONG)
def test_grids_of_one_long_name_are_told_apart(name: str) -> None:
    made = [slug_ending(name, ending) for ending in ENDINGS]
    assert len(set(made)) == len(ENDINGS)
    for one, ending in zip(made, ENDINGS, strict=True):
        assert one.endswith(f"-{slug(ending)}")
        assert len(one) <= 60
        assert len(one.encode()) <= 120
        assert slug(one) == one
    searches = [one.partition("-search-")[0] for one in made[3:5]]
    assert searches[0] == searches[1]


def test_long_names_that_begin_alike_are_told_apart() -> None:
    one, other = "a" * 52 + " one", "a" * 52 + " two"
    assert slug_ending(one, "fresh seeds") != slug_ending(other, "fresh seeds")
    person = PersonFolder(Path("people/ada"))
    assert person.grid_of("n" * 60, "verdict").id != person.grid("n" * 60).id


def test_a_name_of_nothing_usable_is_refused() -> None:
    with pytest.raises(WorkspaceError, match="type another"):
        slug_ending("???", "verdict")


def test_half_a_letter_is_named_and_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    write_text(path, "kept")
    with pytest.raises(InputError, match=r"note\.txt cannot be written: .* half a letter"):
        write_text(path, "a\ud800")
    assert path.read_text() == "kept"
    assert [p.name for p in tmp_path.iterdir()] == ["note.txt"]
