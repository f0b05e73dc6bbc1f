from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from sd_fakes import FakeTools, make_checkout, trust

from lib_t2p.environment.checkout import get_checkout, is_whole
from lib_t2p.environment.commands import run_program
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.tags import tag_named
from lib_t2p.errors import SetupError

TAG = "v0.9.1"

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the tag, in a folder that a shell would take apart."""
    folder = make_checkout(tmp_path / "a repo; é", TAG)
    trust(monkeypatch, folder, TAG)
    who = ["-c", "user.name=t", "-c", "user.email=t@example", "-c", "commit.gpgsign=false"]
    steps = (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", TAG])
    for step in steps:
        subprocess.run(["git", *who, *step], cwd=folder, check=True, capture_output=True)
    return folder


def fetch(root: Path, source: Path) -> Path:
    return get_checkout(
        tag_named(TAG), run_program, lambda _: None, root=root, source=source.as_uri()
    )


@needs_git
def test_tag_is_cloned_into_its_place(tmp_path: Path, source: Path) -> None:
    root = tmp_path / "with space ü"
    root.mkdir()
    folder = fetch(root, source)
    assert folder == Places(TAG, root).checkout
    assert is_whole(folder, tag_named(TAG))
    assert [p.name for p in folder.parent.iterdir() if p.is_dir()] == [folder.name]


@needs_git
def test_whole_checkout_is_not_fetched_again(tmp_path: Path, source: Path) -> None:
    folder = fetch(tmp_path, source)
    tools = FakeTools()
    assert get_checkout(tag_named(TAG), tools, lambda _: None, root=tmp_path) == folder
    assert tools.calls == []


@needs_git
def test_remains_of_a_killed_clone_are_replaced(tmp_path: Path, source: Path) -> None:
    place = Places(TAG, tmp_path).checkout
    remains = place.with_name(place.name + ".part")
    remains.mkdir(parents=True)
    (remains / "half.py").touch()
    assert not (fetch(tmp_path, source) / "half.py").exists()
    assert not remains.exists()


@needs_git
def test_checkout_that_was_changed_by_hand_is_kept_aside(tmp_path: Path, source: Path) -> None:
    place = Places(TAG, tmp_path).checkout
    make_checkout(place, "v0.8.7")
    (place / "mine.py").touch()
    fetch(tmp_path, source)
    assert (place.with_name(place.name + ".old") / "mine.py").exists()
    assert is_whole(place, tag_named(TAG))


@needs_git
def test_other_content_under_the_tags_name_is_refused(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with pytest.raises(SetupError, match=r"not the sd-scripts v0\.9\.1 that we know"):
        fetch(tmp_path, source)
    assert not Places(TAG, tmp_path).checkout.exists()


@needs_git
def test_source_out_of_reach_says_what_to_put_where(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        fetch(tmp_path, tmp_path / "nowhere")
    text = str(caught.value)
    assert str(Places(TAG, tmp_path).checkout) in text
    assert f"archive/refs/tags/{TAG}.zip" in text
    assert "T2P_SD_SCRIPTS" in text


def test_missing_git_is_one_sentence_with_the_way_round(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="git is not installed") as caught:
        get_checkout(
            tag_named(TAG), FakeTools(), lambda _: None, root=tmp_path, which=lambda _: None
        )
    assert "T2P_SD_SCRIPTS" in str(caught.value)
    assert "\n" not in str(caught.value)
