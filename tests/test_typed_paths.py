from pathlib import Path

import pytest

from lib_t2p.errors import InputError, SetupError
from lib_t2p.typed_paths import SHOWN, home_path, is_file, typed_path


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("a\0b", "NUL"),
        ("x\ud800", "half a letter"),
        ("a" * 300, "too long"),
        ("a/" * 5000, "too long"),
        ("~nosuch/x", "home folder of nobody"),
    ],
)
def test_what_no_system_takes_as_a_path_is_one_sentence(typed: str, word: str) -> None:
    with pytest.raises(InputError, match=word) as told:
        typed_path(typed)
    assert len(str(told.value)) < SHOWN + 100
    assert not is_file(Path(typed))


def test_quotes_and_blanks_around_a_path_are_left_out(tmp_path: Path) -> None:
    assert typed_path(f' "{tmp_path}" ') == tmp_path


def test_a_file_whose_name_begins_with_a_tilde_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("~nosuch").write_text("x", encoding="utf-8")
    assert typed_path("~nosuch").read_text(encoding="utf-8") == "x"


def test_home_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert typed_path("~/x") == tmp_path / "x"


def test_a_caller_gets_a_fault_of_its_own_kind(tmp_path: Path) -> None:
    assert home_path(str(tmp_path), SetupError) == tmp_path
    with pytest.raises(SetupError, match="home folder of nobody"):
        home_path("~nosuch/x", SetupError)
