from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from environment_fakes import SMALL, FakeRunner, Recorder, builder_for, checkout

from lib_t2p.environment.stamps import is_ready
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

OFFLINE = [
    "WARNING: Retrying after connection broken by 'NewConnectionError("
    "<HTTPSConnection(host='index.example', port=443)>: getaddrinfo failed'",
    "ERROR: Could not find a version that satisfies the requirement torch==2.13.0",
    "ERROR: No matching distribution found for torch==2.13.0",
]


def test_first_use_makes_the_environment_and_installs_each_stage(tmp_path: Path) -> None:
    paths, runner = checkout(tmp_path), FakeRunner()
    python = builder_for(paths, runner).ensure(SMALL)
    assert python == venv_python(tmp_path / ".envs" / "small")
    assert (runner.made(), runner.installed()) == (1, ["a.txt", "b.txt"])
    assert is_ready(paths)


def test_second_use_runs_nothing(tmp_path: Path) -> None:
    paths, again = checkout(tmp_path), FakeRunner()
    builder_for(paths, FakeRunner()).ensure(SMALL)
    builder_for(paths, again).ensure(SMALL)
    assert again.calls == []


def test_options_of_a_stage_reach_pip(tmp_path: Path) -> None:
    paths, runner = checkout(tmp_path), FakeRunner()
    builder_for(paths, runner).ensure(SMALL)
    by_file = {Path(call[-1]).name: call for call in runner.calls}
    assert "--no-deps" in by_file["b.txt"]
    assert "--no-deps" not in by_file["a.txt"]


def test_changed_requirements_are_installed_into_the_same_environment(tmp_path: Path) -> None:
    paths, again = checkout(tmp_path), FakeRunner()
    builder_for(paths, FakeRunner()).ensure(SMALL)
    (tmp_path / "requirements" / "a.txt").write_text("numpy==2.1\n", encoding="utf-8")
    assert not is_ready(paths)
    builder_for(paths, again).ensure(SMALL)
    assert (again.made(), again.installed()) == (0, ["a.txt", "b.txt"])


def test_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    paths = checkout(tmp_path)
    builder_for(paths, FakeRunner()).ensure(SMALL)
    (tmp_path / "requirements" / "a.txt").write_bytes(b"numpy==2.0\r\n")
    assert is_ready(paths)


def test_failed_stage_leaves_no_stamp_and_the_next_start_goes_on(tmp_path: Path) -> None:
    paths, again = checkout(tmp_path), FakeRunner()
    broken = FakeRunner(outputs={"b.txt": (1, OFFLINE)})
    with pytest.raises(SetupError):
        builder_for(paths, broken).ensure(SMALL)
    assert not is_ready(paths)
    builder_for(paths, again).ensure(SMALL)
    assert again.made() == 0
    assert is_ready(paths)


def test_interrupted_upgrade_is_not_taken_for_finished(tmp_path: Path) -> None:
    paths = checkout(tmp_path)
    builder_for(paths, FakeRunner()).ensure(SMALL)
    file = tmp_path / "requirements" / "a.txt"
    file.write_text("numpy==2.1\n", encoding="utf-8")
    with pytest.raises(SetupError):
        builder_for(paths, FakeRunner(outputs={"a.txt": (1, OFFLINE)})).ensure(SMALL)
    file.write_text("numpy==2.0\n", encoding="utf-8")
    assert not is_ready(paths)


def test_broken_environment_is_made_anew(tmp_path: Path) -> None:
    paths, runner = checkout(tmp_path), FakeRunner(broken=True)
    python = venv_python(paths.folder)
    python.parent.mkdir(parents=True)
    python.write_text("", encoding="utf-8")
    builder_for(paths, runner).ensure(SMALL)
    assert runner.made() == 1


def test_unsupported_interpreter_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    def refuse() -> None:
        raise SetupError("Python 3.14 is not supported")

    paths, runner = checkout(tmp_path), FakeRunner()
    with pytest.raises(SetupError, match="not supported"):
        builder_for(paths, runner, check=refuse).ensure(SMALL)
    assert runner.calls == []


def test_venv_that_fails_names_what_to_install(tmp_path: Path) -> None:
    paths = checkout(tmp_path)
    with pytest.raises(SetupError, match="python3-venv"):
        builder_for(paths, FakeRunner(venv_code=1)).ensure(SMALL)


def test_wheel_folder_replaces_the_index(tmp_path: Path) -> None:
    paths, runner = checkout(tmp_path), FakeRunner()
    builder_for(paths, runner, wheels="/wheels").ensure(SMALL)
    assert all(
        call[call.index("--no-index") :][:3] == ["--no-index", "--find-links", "/wheels"]
        for call in runner.calls
        if "install" in call
    )


def test_missing_requirement_file_is_named(tmp_path: Path) -> None:
    paths = checkout(tmp_path)
    (tmp_path / "requirements" / "b.txt").unlink()
    with pytest.raises(SetupError, match=r"b\.txt cannot be read"):
        builder_for(paths, FakeRunner()).ensure(SMALL)


def test_unwritable_place_is_a_sentence(tmp_path: Path) -> None:
    paths = checkout(tmp_path)
    (tmp_path / ".envs").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(SetupError, match="cannot be written"):
        builder_for(paths, FakeRunner()).ensure(SMALL)


def test_start_that_waited_for_another_installs_nothing(tmp_path: Path) -> None:
    paths, late = checkout(tmp_path), FakeRunner()
    paths.folder.mkdir(parents=True)

    class OtherStartIsFaster(Recorder):
        # The sentence comes after the look at the stamp and before the lock is taken.
        def line(self, text: str) -> None:
            builder_for(paths, FakeRunner()).ensure(SMALL)

    builder_for(paths, late, progress=OtherStartIsFaster()).ensure(SMALL)
    assert late.calls == []


def test_progress_names_stages_and_pips_steps(tmp_path: Path) -> None:
    paths, said = checkout(tmp_path), Recorder()
    builder_for(paths, FakeRunner(), progress=said).ensure(SMALL)
    assert "Installing tools ..." in said.lines
    assert said.steps == ["tools 1 Collecting numpy", "weights 1 Collecting numpy"]


def test_all_of_pips_output_is_in_the_log(tmp_path: Path) -> None:
    paths = checkout(tmp_path)
    with pytest.raises(SetupError, match=r"small-install\.log"):
        builder_for(paths, FakeRunner(outputs={"a.txt": (1, OFFLINE)})).ensure(SMALL)
    assert OFFLINE[-1] in paths.log.read_text(encoding="utf-8")


def test_interrupt_reaches_the_caller_and_leaves_no_stamp(tmp_path: Path) -> None:
    class Interrupted(FakeRunner):
        def __call__(self, argv: Sequence[str], on_line: Callable[[str], None]) -> int:
            if "install" in argv:
                raise KeyboardInterrupt
            return super().__call__(argv, on_line)

    paths = checkout(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        builder_for(paths, Interrupted()).ensure(SMALL)
    assert not is_ready(paths)
