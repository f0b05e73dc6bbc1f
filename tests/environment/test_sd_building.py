from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from environment_fakes import Recorder
from sd_fakes import (
    HERE,
    FakeTools,
    make_checkout,
    make_lender,
    make_ready,
    make_root,
    packages_of,
    put_package,
)

from lib_t2p.environment import set_up_choices as choosing
from lib_t2p.environment.borrowing import borrowed
from lib_t2p.environment.interpreters import check_fit, interpreter_for
from lib_t2p.environment.planning import own_torch_mb, plan
from lib_t2p.environment.sd_building import SdBuilder
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.set_up_choices import OWN, Wish, choose, kept, python_of
from lib_t2p.environment.tags import TABLE
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

TAG = "v0.9.1"
PLENTY = 10**12


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"T2P_SD_SCRIPTS": str(make_checkout(tmp_path / "sd", TAG))}


@pytest.fixture
def wish(tmp_path: Path, root: Path, environ: Mapping[str, str]) -> Wish:
    """Nobody is there to borrow from."""
    return Wish(TAG, root=make_root(tmp_path / "ours", root), environ=environ, lenders=())


def builder(tools: FakeTools, progress: Recorder | None = None, free: int = PLENTY) -> SdBuilder:
    return SdBuilder(progress=progress or Recorder(), run=tools, free_bytes=lambda _: free)


def test_environment_without_a_lender_gets_its_own_torch_last(wish: Wish) -> None:
    tools = FakeTools()
    found = builder(tools).ensure(wish)
    assert tools.installed() == ["sd-scripts-v0.9.1.txt", "sd-scripts-torch.txt"]
    assert "--no-deps" in next(call for call in tools.calls if "install" in call)
    assert found.python == venv_python(Places(TAG, wish.root).env)


def test_borrowing_installs_no_torch_and_writes_the_line_last(wish: Wish, tmp_path: Path) -> None:
    lender = make_lender(tmp_path / "webui", torch="2.13.0", torchvision="0.28.0")
    tools, env = FakeTools(), Places(TAG, wish.root).env
    seen: list[bool] = []

    def run(argv: Sequence[str], on_line: Callable[[str], None]) -> int:
        if "install" in argv:
            seen.append(borrowed(env) is not None)
        return tools(argv, lambda _: None)

    replace(builder(tools), run=run).ensure(replace(wish, lenders=(lender,)))
    assert tools.installed() == ["sd-scripts-v0.9.1.txt"]
    assert seen == [False]
    loan = borrowed(env)
    assert loan is not None
    assert (loan.folder, loan.torch) == (packages_of(lender), "2.13.0")


def test_lender_without_torchvision_and_with_old_torch_is_completed(
    wish: Wish, tmp_path: Path
) -> None:
    lender = make_lender(tmp_path / "webui", torch="2.3.1", torchvision="")
    tools = FakeTools()
    builder(tools).ensure(replace(wish, lenders=(lender,)))
    assert tools.installed()[1:] == ["numpy==1.26.4", "torchvision==0.18.1"]


def test_second_time_nothing_runs(wish: Wish) -> None:
    again = FakeTools()
    builder(FakeTools()).ensure(wish)
    builder(again).ensure(wish)
    assert again.calls == []


def test_updated_torch_of_the_lender_is_borrowed_anew(wish: Wish, tmp_path: Path) -> None:
    lender = make_lender(tmp_path / "webui", torch="2.12.0")
    borrowing, tools = replace(wish, lenders=(lender,)), FakeTools()
    builder(tools).ensure(borrowing)
    put_package(packages_of(lender), "torch", "2.13.0")
    builder(tools).ensure(borrowing)
    loan = borrowed(Places(TAG, wish.root).env)
    assert loan is not None
    assert (loan.torch, loan.fault()) == ("2.13.0", "")


def test_other_torch_than_before_makes_the_environment_anew(wish: Wish, tmp_path: Path) -> None:
    lender = make_lender(tmp_path / "webui", torch="2.13.0")
    builder(FakeTools()).ensure(replace(wish, lenders=(lender,)))
    tools = FakeTools()
    builder(tools).ensure(replace(wish, borrow=OWN))
    assert any("venv" in call for call in tools.calls)
    assert borrowed(Places(TAG, wish.root).env) is None


def test_packages_of_others_are_compared_and_kept_in_the_log(wish: Wish, tmp_path: Path) -> None:
    lender, said = make_lender(tmp_path / "webui", torch="2.13.0"), Recorder()
    builder(FakeTools(), said).ensure(replace(wish, lenders=(lender,)))
    assert any("are as they were" in line for line in said.lines)
    log = Places(TAG, wish.root).paths().log.read_text(encoding="utf-8")
    assert log.count(f"{packages_of(lender)}: other-1.0.dist-info") == 2


def test_change_of_anothers_packages_is_said_even_when_the_build_fails(
    wish: Wish, tmp_path: Path
) -> None:
    lender, said = make_lender(tmp_path / "webui", torch="2.13.0"), Recorder()

    def run(argv: Sequence[str], on_line: Callable[[str], None]) -> int:
        put_package(packages_of(lender), "numpy", "9.9")
        return 1

    with pytest.raises(SetupError):
        replace(builder(FakeTools(), said), run=run).ensure(replace(wish, lenders=(lender,)))
    assert "numpy-9.9.dist-info was added" in said.lines[-1]


def test_full_disk_is_refused_before_anything_runs(wish: Wish) -> None:
    tools = FakeTools()
    with pytest.raises(SetupError, match=r"needs about \d+ MB.*has 100 MB free"):
        builder(tools, free=100_000_000).ensure(wish)
    assert tools.calls == []


def test_offline_answer_names_the_file_to_fill_a_folder_from(wish: Wish) -> None:
    lines = ["ERROR: Could not find a version that satisfies the requirement accelerate==0.30.0"]
    tools = FakeTools(answers={"sd-scripts-v0.9.1.txt": [(1, lines)]})
    with pytest.raises(SetupError) as caught:
        builder(tools).ensure(wish)
    text = str(caught.value)
    assert "pip wheel --no-deps -r requirements/sd-scripts-v0.9.1.txt -w FOLDER" in text
    assert "T2P_WHEELS" in text


def test_plan_says_size_source_and_reason(wish: Wish) -> None:
    todo = plan(TAG, wish=wish)
    text = "\n".join(todo.lines)
    assert todo.megabytes == TABLE[TAG].packages_mb + own_torch_mb()
    assert "no environment to borrow one from" in text
    assert str(Places(TAG, wish.root).env) in text
    assert todo.borrow == OWN


def test_plan_with_a_lender_takes_no_room_for_torch(wish: Wish, tmp_path: Path) -> None:
    lender = make_lender(tmp_path / "webui", torch="2.13.0")
    todo = plan(TAG, wish=replace(wish, lenders=(tmp_path / "none", lender)))
    assert todo.megabytes == TABLE[TAG].packages_mb
    assert f"Borrow torch 2.13.0 from {packages_of(lender)}" in "\n".join(todo.lines)


def test_plan_without_a_checkout_begins_with_the_clone(wish: Wish) -> None:
    todo = plan(TAG, wish=replace(wish, environ={}))
    assert todo.lines[0].startswith(f"Clone {TAG} of https://github.com/kohya-ss/sd-scripts")


def test_plan_of_what_is_ready_is_empty(wish: Wish) -> None:
    builder(FakeTools()).ensure(wish)
    todo = plan(TAG, wish=wish)
    assert (todo.megabytes, len(todo.lines)) == (0, 1)
    assert "ready" in todo.lines[0]


def test_folder_with_its_own_python_is_left_alone(wish: Wish, tmp_path: Path) -> None:
    python = venv_python(tmp_path / "sd" / "venv")
    python.parent.mkdir(parents=True)
    python.touch()
    tools = FakeTools()
    assert builder(tools).ensure(wish).python == python
    assert tools.calls == []
    assert plan(TAG, wish=wish).megabytes == 0


def test_lender_that_was_asked_for_must_fit(wish: Wish, tmp_path: Path) -> None:
    lender = make_lender(tmp_path / "webui", torch="1.13.1")
    with pytest.raises(SetupError, match=r"torch 1\.13\.1 is older than 2\.1"):
        choose(replace(wish, borrow=str(lender)))
    chosen = choose(replace(wish, lenders=(lender,)))
    assert chosen.lender is None
    assert "does not fit, torch 1.13.1 is older" in chosen.why_own


def test_named_python_must_have_packages_for_the_tag(
    wish: Wish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "version_of", lambda python: (3, 13))
    with pytest.raises(SetupError, match=r"Python 3\.10 to 3\.12 and not for 3\.13"):
        choose(replace(wish, python="python3.13"))


@pytest.mark.parametrize("version", [(3, 9), (3, 13)])
def test_unfit_python_without_another_is_one_sentence(version: tuple[int, int]) -> None:
    tag = TABLE["v0.8.7"]
    with pytest.raises(SetupError, match="install one of them"):
        interpreter_for(tag, running=version, which=lambda _: None)
    with pytest.raises(SetupError, match="--python"):
        check_fit(tag, version)


def test_other_python_on_the_path_is_asked_before_it_is_taken(tmp_path: Path) -> None:
    real = make_lender(tmp_path / "env")

    def which(name: str) -> str | None:
        return str(venv_python(real))

    tag = replace(TABLE[TAG], pythons=((3, 7), HERE))
    assert interpreter_for(tag, running=(3, 99), which=which) == (venv_python(real), HERE)
    with pytest.raises(SetupError, match="no other is installed"):
        interpreter_for(replace(tag, pythons=((3, 7),)), running=(3, 99), which=which)


def test_repair_keeps_torch_and_python_of_the_build(wish: Wish, tmp_path: Path) -> None:
    make_ready(wish.root, TAG)
    lender = make_lender(tmp_path / "webui", torch="2.13.0")
    again = kept(replace(wish, lenders=(lender,)))
    assert again.borrow == OWN
    assert python_of(Places(TAG, wish.root).env) == HERE


def test_wheels_and_further_index_reach_pip(wish: Wish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T2P_TORCH_INDEX", "https://torch.example/cu")
    monkeypatch.delenv("T2P_WHEELS", raising=False)
    tools = FakeTools()
    SdBuilder(run=tools, free_bytes=lambda _: PLENTY).ensure(wish)
    installs = [call for call in tools.calls if "install" in call]
    assert ["--extra-index-url" in call for call in installs] == [False, True]
