from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from sd_fakes import HERE, FakeTools, imported, make_checkout, make_ready, make_root, packages_of

from lib_t2p.environment.commands import run_program
from lib_t2p.environment.definitions import CORE, Paths
from lib_t2p.environment.diagnosing import Doctor, EnvFinding, last_words, pins, train_one_step
from lib_t2p.environment.installed_files import damaged, installed, normalised
from lib_t2p.environment.probing import CHECKOUT, MODULES, OPTIONAL, probe
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.sd_scripts import SdScripts, find_sd_scripts
from lib_t2p.environment.stamps import write_stamp
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

TAG = "v0.9.1"


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"T2P_SD_SCRIPTS": str(make_checkout(tmp_path / "sd", TAG))}


@pytest.fixture
def ours(tmp_path: Path, root: Path) -> Path:
    """Ready, with every pinned package."""
    folder = make_root(tmp_path / "ours", root)
    make_ready(folder, TAG)
    put_all_pins(Places(TAG, folder).paths())
    return folder


def put_all_pins(paths: Paths) -> None:
    packages = packages_of(paths.folder)
    shutil.rmtree(packages)
    for name, version in pins(paths, HERE).items():
        info = packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "RECORD").touch()
    (packages / "torch").mkdir()


def doctor(root: Path, environ: Mapping[str, str], tools: FakeTools, **changes: object) -> Doctor:
    settings: dict[str, object] = {"gpu": False, "trial": None, **changes}
    return Doctor(root=root, run=tools, environ=environ, **settings)  # type: ignore[arg-type]


def check(asked: Doctor, name: str = TAG) -> list[EnvFinding]:
    return list(asked.check(name))


def faults(findings: list[EnvFinding]) -> list[str]:
    return [finding.line for finding in findings if finding.level == "fault"]


def modules(**errors: str) -> FakeTools:
    return FakeTools(answers={"t2p_probe": [(0, imported(**errors))]})


def reached(name: str, found: list[EnvFinding]) -> list[str]:
    return [f.what for f in found if f.what.startswith(f"{name} ")]


def test_each_import_that_fails_is_a_line_with_its_remedy(
    ours: Path, environ: Mapping[str, str]
) -> None:
    tools = modules(diffusers="ImportError: cannot import name x")
    lines = faults(check(doctor(ours, environ, tools)))
    wanted = (
        "fault diffusers cannot be imported, ImportError: cannot import name x: "
        "run `t2p.py env repair v0.9.1`."
    )
    assert wanted in lines


def test_process_that_dies_is_blamed_on_what_it_did_not_reach(tmp_path: Path) -> None:
    tools = FakeTools(answers={"t2p_probe": [(-11, imported()[:2])]})
    found = {e.name: e.error for e in probe(tmp_path, None, ["torch", "cv2"], tools)}
    assert found["torch"] == ""
    assert "code -11" in found["cv2"]


def test_real_python_is_asked_by_the_probe(tmp_path: Path) -> None:
    (tmp_path / "of_the_checkout.py").write_text("__version__ = '7'\n", encoding="utf-8")
    (tmp_path / "ends.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    names = ["json", "of_the_checkout", "no_such_module", "ends"]
    found = {
        entry.name: entry for entry in probe(Path(sys.executable), tmp_path, names, run_program)
    }
    assert found["of_the_checkout"].version == "7"
    assert "ModuleNotFoundError" in found["no_such_module"].error
    assert "SystemExit" in found["ends"].error
    assert found["json"].error == ""


def test_whole_environment_has_no_fault(ours: Path, environ: Mapping[str, str]) -> None:
    tools = FakeTools(answers={"t2p_probe": [(0, [*imported(), *pins_probe_answer()])]})
    assert faults(check(doctor(ours, environ, tools, trial=lambda found, run: ""))) == []


def pins_probe_answer() -> list[str]:
    names = [*MODULES, *CHECKOUT, *OPTIONAL]
    return [f'T2P {{"name": "{name}", "version": "1", "error": ""}}' for name in names]


def test_failed_step_of_training_is_a_fault(ours: Path, environ: Mapping[str, str]) -> None:
    tools = FakeTools(answers={"t2p_probe": [(0, [*imported(), *pins_probe_answer()])]})
    found = check(doctor(ours, environ, tools, trial=lambda found, run: "exit code 1, OSError"))
    assert ["OSError" in line for line in faults(found)] == [True]


def test_no_step_is_trained_where_imports_fail(ours: Path, environ: Mapping[str, str]) -> None:
    def refuse(found: SdScripts, run: object) -> str:
        raise AssertionError("trained")

    assert faults(check(doctor(ours, environ, modules(torch="x"), trial=refuse)))


def test_wrong_and_missing_versions_are_named(ours: Path, environ: Mapping[str, str]) -> None:
    packages = packages_of(Places(TAG, ours).env)
    (packages / "accelerate-0.30.0.dist-info").rename(packages / "accelerate-9.9.dist-info")
    (packages / "einops-0.7.0.dist-info" / "RECORD").unlink()
    (packages / "einops-0.7.0.dist-info").rmdir()
    lines = "\n".join(faults(check(doctor(ours, environ, modules()))))
    assert "accelerate is 9.9 and should be 0.30.0" in lines
    assert "einops is not installed and should be 0.7.0" in lines


def test_cut_file_is_named(ours: Path, environ: Mapping[str, str]) -> None:
    packages = packages_of(Places(TAG, ours).env)
    info = packages / "einops-0.7.0.dist-info"
    (packages / "einops").mkdir()
    (packages / "einops" / "x.py").write_text("12345", encoding="utf-8")
    (info / "RECORD").write_text("einops/x.py,sha256=x,9\neinops/y.py,,1\n", encoding="utf-8")
    assert damaged(Places(TAG, ours).env) == {
        info: "2 files are missing or cut, einops/x.py",
    }
    assert any("einops-0.7.0" in line for line in faults(check(doctor(ours, environ, modules()))))


def test_gpu_that_torch_cannot_use_is_a_fault(ours: Path, environ: Mapping[str, str]) -> None:
    assert "T2P_TORCH_INDEX" in "\n".join(faults(check(doctor(ours, environ, modules(), gpu=True))))


def test_missing_sd_scripts_is_one_fault(tmp_path: Path, root: Path) -> None:
    found = check(doctor(make_root(tmp_path, root), {}, FakeTools()))
    assert [finding.level for finding in found] == ["fault"]


def test_checkout_of_the_same_line_is_a_note(ours: Path, environ: Mapping[str, str]) -> None:
    first = check(doctor(ours, environ, modules()))[0]
    assert (first.level, "not that tag itself" in first.what) == ("note", True)


def test_core_is_looked_at_as_well(tmp_path: Path, root: Path) -> None:
    folder = make_root(tmp_path, root)
    assert faults(check(doctor(folder, {}, FakeTools()), "core")) != []
    paths = Paths(folder, CORE)
    python = venv_python(paths.folder)
    python.parent.mkdir(parents=True)
    python.touch()
    (paths.folder / "pyvenv.cfg").write_text(f"version = {HERE[0]}.{HERE[1]}.1\n", "utf-8")
    packages_of(paths.folder).mkdir(parents=True)
    put_all_pins(paths)
    write_stamp(paths)
    found = check(doctor(folder, {}, modules(optuna="ModuleNotFoundError: x")), "core")
    assert reached("optuna", found) == ["optuna cannot be imported, ModuleNotFoundError: x"]
    assert found[0].level == "ok"


def test_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="not known here"):
        check(doctor(tmp_path, {}, FakeTools()), "v9")


@pytest.mark.parametrize(
    ("version", "platform", "numpy", "colorama"),
    [((3, 10), "linux", "2.2.6", None), ((3, 12), "win32", "2.4.6", "0.4.6")],
)
def test_pins_are_those_of_the_python_and_system(
    root: Path, version: tuple[int, int], platform: str, numpy: str, colorama: str | None
) -> None:
    found = pins(Places("v0.10.1", root).paths(), version, platform)
    assert (found["numpy"], found.get("colorama")) == (numpy, colorama)
    assert found["torch"] == "2.13.0"


def test_names_are_compared_as_pip_does(tmp_path: Path) -> None:
    assert normalised("Lion_PyTorch") == normalised("lion.pytorch") == "lion-pytorch"
    (tmp_path / "Lib" / "site-packages" / "Lion_Pytorch-0.0.6.dist-info").mkdir(parents=True)
    assert installed(tmp_path) == {"lion-pytorch": "0.0.6"}


def test_one_step_is_judged_by_the_file_and_not_by_the_exit_code(tmp_path: Path) -> None:
    found = SdScripts(TAG, tmp_path, Path("python"))

    def saves(argv: Sequence[str], on_line: Callable[[str], None]) -> int:
        out = Path(argv[-1]) / "out"
        out.mkdir()
        (out / "t2p_check.safetensors").touch()
        return 1

    assert train_one_step(found, saves) == ""
    silent = FakeTools(answers={"t2p_one_step": [(0, ["No data found."])]})
    assert train_one_step(found, silent) == "exit code 0, No data found."


def test_last_words_are_the_trainers_and_not_accelerates() -> None:
    lines = [
        "Traceback (most recent call last):",
        "ImportError: cannot import name 'x'",
        "Traceback (most recent call last):",
        "subprocess.CalledProcessError: Command '[python]' returned non-zero exit status 1.",
    ]
    assert last_words(lines) == "ImportError: cannot import name 'x'"
    assert last_words([]) == "it said nothing"


@pytest.mark.parametrize("tag", ["v0.8.7", "v0.9.1", "v0.10.1"])
def test_real_sd_scripts_trains_one_step(tag: str) -> None:
    try:
        found = find_sd_scripts(tag)
    except SetupError as error:
        pytest.skip(str(error))
    assert train_one_step(found, run_program) == ""


def test_optional_package_is_a_note_with_the_command_that_adds_it(
    ours: Path, environ: Mapping[str, str]
) -> None:
    python = venv_python(Places(TAG, ours).env)
    found = check(doctor(ours, environ, modules(bitsandbytes="ModuleNotFoundError: x")))
    notes = [finding.line for finding in found if finding.level == "note"]
    assert any(f"`{python} -m pip install --no-deps bitsandbytes`" in line for line in notes)
