from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sd_fakes import make_checkout, make_lender, make_ready, make_root, packages_of, trust

from lib_t2p.environment.borrowing import borrow, borrowed
from lib_t2p.environment.checkouts import identity_of, recognise
from lib_t2p.environment.lenders import lender_at
from lib_t2p.environment.readiness import tag_state, tag_states
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.sd_scripts import find_sd_scripts, recognise_tag, remember_folder
from lib_t2p.environment.set_up_choices import Wish, choose
from lib_t2p.environment.stamps import write_stamp
from lib_t2p.environment.tags import TABLE, TAGS, tag_named
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python


@pytest.fixture
def ours(tmp_path: Path, root: Path) -> Path:
    return make_root(tmp_path / "ours", root)


@pytest.mark.parametrize("tag", TAGS)
def test_line_is_told_by_what_it_brought(tmp_path: Path, tag: str) -> None:
    found = recognise(make_checkout(tmp_path, tag))
    assert (found.tag, found.exact) == (tag, False)


def test_files_of_the_tag_are_exact_with_any_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_checkout(tmp_path, "v0.9.1")
    trust(monkeypatch, folder, "v0.9.1")
    file = folder / "networks" / "lora.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert recognise(folder).exact
    file.write_text("# changed\n", encoding="utf-8")
    assert not recognise(folder).exact


@pytest.mark.skipif("T2P_SD_SCRIPTS" not in os.environ, reason="needs a checkout of sd-scripts")
def test_real_checkout_is_one_of_the_tags() -> None:
    folder = Path(os.environ["T2P_SD_SCRIPTS"])
    assert recognise(folder).exact
    assert identity_of(folder) == TABLE[recognise_tag(folder)].identity


@pytest.mark.parametrize(
    ("missing", "words"),
    [("train_network.py", "no checkout of sd-scripts"), ("networks/lora.py", "is not whole")],
)
def test_folder_that_is_no_whole_checkout_is_refused(
    tmp_path: Path, missing: str, words: str
) -> None:
    folder = make_checkout(tmp_path, "v0.9.1")
    (folder / missing).unlink()
    with pytest.raises(SetupError, match=words):
        recognise_tag(folder)


def test_older_release_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    folder = make_checkout(tmp_path, "v0.8.7")
    (folder / "library" / "train_util.py").write_text("", encoding="utf-8")
    with pytest.raises(SetupError, match=r"older than v0\.8\.7.*v0\.10\.1"):
        recognise_tag(folder)


def test_unknown_tag_names_the_known_ones() -> None:
    assert tag_named("0.9.1").name == "v0.9.1"
    with pytest.raises(SetupError, match=r"v0\.8\.7, v0\.9\.1, v0\.10\.1"):
        tag_named("v0.7.0")


def test_named_folder_and_python_come_first(ours: Path, tmp_path: Path) -> None:
    make_ready(ours, "v0.9.1")
    make_checkout(Places("v0.9.1", ours).checkout, "v0.9.1")
    named, python = make_checkout(tmp_path / "mine é", "v0.9.1"), tmp_path / "python"
    python.touch()
    environ = {"T2P_SD_SCRIPTS": str(named), "T2P_SD_SCRIPTS_PYTHON": str(python)}
    found = find_sd_scripts("v0.9.1", root=ours, environ=environ)
    assert (found.folder, found.python, found.exact) == (named, python, False)


def test_named_folder_of_another_tag_is_passed_over(ours: Path, tmp_path: Path) -> None:
    python = make_ready(ours, "v0.9.1")
    own = make_checkout(Places("v0.9.1", ours).checkout, "v0.9.1")
    environ = {"T2P_SD_SCRIPTS": str(make_checkout(tmp_path / "other", "v0.8.7"))}
    found = find_sd_scripts("v0.9.1", root=ours, environ=environ)
    assert (found.folder, found.python) == (own, python)


@pytest.mark.parametrize("name", ["venv", ".venv"])
def test_folders_own_environment_is_used(ours: Path, tmp_path: Path, name: str) -> None:
    folder = make_checkout(tmp_path / "mine", "v0.8.7")
    python = venv_python(folder / name)
    python.parent.mkdir(parents=True)
    python.touch()
    remember_folder(str(folder), ours)
    assert find_sd_scripts("v0.8.7", root=ours, environ={}).python == python


def test_folder_of_the_flag_is_remembered_until_it_is_forgotten(ours: Path, tmp_path: Path) -> None:
    python = make_ready(ours, "v0.9.1")
    folder = make_checkout(tmp_path / "mine", "v0.9.1")
    remember_folder(str(folder), ours)
    found = find_sd_scripts("v0.9.1", root=ours, environ={})
    assert (found.folder, found.python) == (folder, python)
    remember_folder(None, ours)
    with pytest.raises(SetupError, match="not set up"):
        find_sd_scripts("v0.9.1", root=ours, environ={})


def test_python_that_is_not_there_is_named(ours: Path, tmp_path: Path) -> None:
    folder = make_checkout(tmp_path / "mine", "v0.9.1")
    environ = {"T2P_SD_SCRIPTS": str(folder), "T2P_SD_SCRIPTS_PYTHON": str(tmp_path / "none")}
    with pytest.raises(SetupError, match="T2P_SD_SCRIPTS_PYTHON names"):
        find_sd_scripts("v0.9.1", root=ours, environ=environ)


def test_missing_sd_scripts_says_what_to_press_and_run(ours: Path) -> None:
    with pytest.raises(SetupError, match=r"press `Set up`.*`t2p\.py env build v0\.9\.1`"):
        find_sd_scripts("v0.9.1", root=ours, environ={})


def test_broken_checkout_of_ours_asks_for_a_repair(ours: Path) -> None:
    make_checkout(Places("v0.9.1", ours).checkout, "v0.9.1")
    shutil.rmtree(Places("v0.9.1", ours).checkout / "library")
    with pytest.raises(SetupError, match=r"is not whole.*env repair v0\.9\.1"):
        find_sd_scripts("v0.9.1", root=ours, environ={})
    states = {found.tag: found.state for found in tag_states(ours, {})}
    assert states == {"v0.8.7": "missing", "v0.9.1": "incomplete", "v0.10.1": "missing"}


def test_state_of_what_is_ready_says_where(ours: Path) -> None:
    make_ready(ours, "v0.9.1")
    folder = make_checkout(Places("v0.9.1", ours).checkout, "v0.9.1")
    found = tag_state("v0.9.1", root=ours, environ={})
    assert (found.state, str(folder) in found.text) == ("ready", True)


def test_changed_requirements_ask_for_a_repair(ours: Path) -> None:
    make_ready(ours, "v0.9.1")
    make_checkout(Places("v0.9.1", ours).checkout, "v0.9.1")
    file = ours / "requirements" / "sd-scripts-v0.9.1.txt"
    file.write_text("accelerate==9.9\n", encoding="utf-8")
    with pytest.raises(SetupError, match=r"older version.*env repair v0\.9\.1"):
        find_sd_scripts("v0.9.1", root=ours, environ={})


@pytest.mark.parametrize(("now", "words"), [("2.4.0", "is 2.4.0 now"), ("", "is gone")])
def test_changed_torch_of_the_lender_is_seen_at_the_start(
    ours: Path, tmp_path: Path, now: str, words: str
) -> None:
    make_ready(ours, "v0.9.1")
    make_checkout(Places("v0.9.1", ours).checkout, "v0.9.1")
    places, lender = Places("v0.9.1", ours), make_lender(tmp_path / "webui")
    borrow(places.env, lender_at(lender).loan)
    write_stamp(places.paths())
    assert find_sd_scripts("v0.9.1", root=ours, environ={})
    assert borrowed(places.env)
    version = packages_of(lender) / "torch" / "version.py"
    if now:
        version.write_text(f"__version__ = '{now}'\n", encoding="utf-8")
    else:
        version.unlink()
    with pytest.raises(SetupError, match=words):
        find_sd_scripts("v0.9.1", root=ours, environ={})


@pytest.mark.parametrize("named", ["~nosuch/sd-scripts", "a\0b"])
def test_a_folder_that_nobody_can_have_is_refused_in_a_sentence(ours: Path, named: str) -> None:
    with pytest.raises(SetupError, match=r"^'.*(home folder of nobody|NUL)"):
        find_sd_scripts("v0.9.1", root=ours, environ={"T2P_SD_SCRIPTS": named})
    with pytest.raises(SetupError):
        remember_folder(named, ours)
    for wish in (Wish("v0.9.1", python=named, root=ours), Wish("v0.9.1", borrow=named, root=ours)):
        with pytest.raises(SetupError):
            choose(wish)
