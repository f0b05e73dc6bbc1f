from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from sd_fakes import HERE, make_lender, packages_of, put_package

from lib_t2p.environment.borrowing import borrow, borrowed, give_back, name_operators
from lib_t2p.environment.lenders import lender_at, places
from lib_t2p.environment.operators import MISSING, settle_torchvision
from lib_t2p.environment.sd_building import folders_of_others, snapshot
from lib_t2p.environment.tags import TABLE
from lib_t2p.environment.torch_fit import misfit, needs_numpy_1, torchvision_for
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

LOOK = """
import importlib.metadata as m, importlib.util as u, json, sys
def version(name, **where):
    return [d.version for d in m.distributions(name=name, **where)]
site = [p for p in sys.path if p.endswith("site-packages")]
print(json.dumps({
    "torch": u.find_spec("torch").origin if u.find_spec("torch") else None,
    "other": u.find_spec("other") is not None,
    "version": version("torch"),
    "hidden": version("other"),
    "for pip": version("torch", path=site),
}))
"""


@pytest.fixture
def env(tmp_path: Path) -> Path:
    """An empty real environment."""
    folder = tmp_path / "env é"
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    return folder


def look(env: Path, program: str = LOOK) -> dict[str, object]:
    argv = [str(venv_python(env)), "-I", "-c", program]
    done = subprocess.run(argv, check=True, capture_output=True, text=True, encoding="utf-8")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_torch_comes_from_the_lender_and_nothing_else_does(env: Path, tmp_path: Path) -> None:
    lender = make_lender(tmp_path / "webui")
    borrow(env, lender_at(lender).loan)
    found = look(env)
    assert found["torch"] == str(packages_of(lender) / "torch" / "__init__.py")
    assert found["version"] == ["2.3.1+cu121"]
    assert (found["other"], found["hidden"], found["for pip"]) == (False, [], [])


def test_own_package_wins_over_the_lenders(env: Path, tmp_path: Path) -> None:
    borrow(env, lender_at(make_lender(tmp_path / "webui", torchvision="0.1")).loan)
    put_package(packages_of(env), "torchvision", "0.18.1")
    program = "import json, torchvision as t; print(json.dumps({'version': t.__version__}))"
    assert look(env, program) == {"version": "0.18.1"}


def test_given_back_torch_is_gone_without_a_trace(env: Path, tmp_path: Path) -> None:
    before = sorted(packages_of(env).iterdir())
    borrow(env, lender_at(make_lender(tmp_path / "webui")).loan)
    name_operators(env)
    give_back(env)
    assert sorted(packages_of(env).iterdir()) == before
    assert borrowed(env) is None


def test_environment_starts_when_its_lender_is_gone(env: Path, tmp_path: Path) -> None:
    lender = make_lender(tmp_path / "webui")
    borrow(env, lender_at(lender).loan)
    lender.rename(tmp_path / "elsewhere")
    assert look(env)["torch"] is None


def test_lender_says_what_it_has(tmp_path: Path) -> None:
    folder = make_lender(tmp_path / "webui", torchvision="")
    found = lender_at(folder)
    assert (found.version, found.torch, found.torchvision) == (HERE, "2.3.1+cu121", "")
    assert found.folder == packages_of(folder)
    assert lender_at(venv_python(folder)).folder == found.folder


def test_place_without_torch_or_python_is_no_lender(env: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="has no torch to borrow"):
        lender_at(env)
    with pytest.raises(SetupError, match="no Python environment"):
        lender_at(tmp_path / "nothing")


def test_lender_of_another_python_does_not_fit(tmp_path: Path) -> None:
    lender, tag = lender_at(make_lender(tmp_path / "webui")), TABLE["v0.9.1"]
    assert lender.misfit(tag) == ""
    assert "has Python" in lender.misfit(tag, (3, 9))


def test_the_webuis_environment_is_the_first_place(tmp_path: Path) -> None:
    extension = tmp_path / "webui" / "extensions" / "text-to-person"
    extension.mkdir(parents=True)
    lender = make_lender(tmp_path / "webui" / "venv")
    assert places(extension, prefix=tmp_path / "none") == [lender]
    assert places(extension, prefix=lender) == [lender]


@pytest.mark.parametrize(
    ("torch", "words"),
    [
        ("2.0.1", "older than 2.1"),
        ("2.1.2+cu121", ""),
        ("2.13.0", ""),
        ("2.14.0", "newer"),
        ("", "older"),
    ],
)
def test_table_says_which_torch_fits(torch: str, words: str) -> None:
    fault = misfit(torch, TABLE["v0.10.1"])
    assert words in fault if words else fault == ""


@pytest.mark.parametrize(
    ("torch", "torchvision"),
    [
        ("2.0.1", "0.15.2"),
        ("2.1.2+cu121", "0.16.2"),
        ("2.3.1", "0.18.1"),
        ("2.13.0+cpu", "0.28.0"),
    ],
)
def test_torchvision_that_was_released_with_a_torch(torch: str, torchvision: str) -> None:
    assert torchvision_for(torch) == torchvision


def test_older_torch_gets_numpy_1() -> None:
    assert [needs_numpy_1(v) for v in ("2.1.2", "2.3.1", "2.4.0", "2.13.0")] == [
        True,
        True,
        False,
        False,
    ]


def test_added_and_removed_packages_of_others_are_named(tmp_path: Path) -> None:
    folder = packages_of(make_lender(tmp_path / "webui"))
    before = snapshot([folder])
    assert before.differences(snapshot([folder])) == []
    put_package(folder, "numpy", "2.0")
    (folder / "other-1.0.dist-info").rename(folder / "other-2.0.dist-info")
    found = before.differences(snapshot([folder]))
    assert [line.split()[0] for line in found] == [
        "numpy-2.0.dist-info",
        "other-2.0.dist-info",
        "other-1.0.dist-info",
    ]


def test_our_own_environments_are_not_watched(tmp_path: Path) -> None:
    ours = packages_of(make_lender(tmp_path / ".envs" / "core"))
    theirs = packages_of(make_lender(tmp_path / "webui"))
    watched = folders_of_others(tmp_path, [ours, theirs])
    assert theirs.resolve() in watched
    assert ours.resolve() not in watched


class Torchvision:
    """Fails to import until our file names the operators, or always."""

    def __init__(self, *failures: str) -> None:
        self.failures = list(failures)

    def __call__(self, argv: object, on_line: object) -> int:
        if not self.failures:
            return 0
        assert callable(on_line)
        on_line(self.failures.pop(0))
        return 1


def test_missing_operators_are_named_and_said(env: Path) -> None:
    said: list[str] = []
    settle_torchvision(env, Torchvision(f"RuntimeError: {MISSING}"), lambda _: None, said.append)
    assert len(said) == 1
    assert (packages_of(env) / "t2p_torchvision_operators.pth").exists()


def test_working_pair_gets_no_file(env: Path) -> None:
    settle_torchvision(env, Torchvision(), lambda _: None, lambda _: None)
    assert list(packages_of(env).glob("t2p_*")) == []


@pytest.mark.parametrize("second", [MISSING, "ImportError: libtorch.so"])
def test_pair_that_does_not_work_is_refused(env: Path, second: str) -> None:
    broken = Torchvision(f"RuntimeError: {MISSING}", second)
    with pytest.raises(SetupError, match="do not work together"):
        settle_torchvision(env, broken, lambda _: None, lambda _: None)


def test_operators_are_defined_before_torchvision_is_found(env: Path) -> None:
    packages = packages_of(env)
    for name in ("torch", "torchvision"):
        put_package(packages, name, "1.0")
    (packages / "torch" / "__init__.py").write_text(
        "defined = []\n"
        "class library:\n"
        "    class Library:\n"
        "        def __init__(self, *names): pass\n"
        "        def define(self, text): defined.append(text.split('(')[0])\n",
        encoding="utf-8",
    )
    name_operators(env)
    program = (
        "import json, sys; loaded = 'torch' in sys.modules\n"
        "import torchvision, torch\n"
        "print(json.dumps({'loaded': loaded, 'defined': torch.defined}))"
    )
    assert look(env, program) == {"loaded": False, "defined": ["nms", "qnms"]}
