"""Every command of the shell is run through `main()` at least once."""

from __future__ import annotations

import io
import shlex
from pathlib import Path

import pytest
from shell_commands import BASE, furnished, leaf_commands, work_off

from lib_t2p.cli import job_progress
from lib_t2p.cli.__main__ import main
from lib_t2p.cli.parser import build_parser
from lib_t2p.jobs import Queue, autostart_of
from lib_t2p.workspace import Workspace

pytestmark = pytest.mark.slow

TYPED: tuple[tuple[str, int, str], ...] = (
    ("people", 0, "blh"),
    ("person Bob --trigger bobx --class man --consent himself", 0, "Bob lies in"),
    ("jobs", 0, "Write report page"),
    ("stop {job}", 0, "is stopped"),
    ("train Ada --name second --checkpoint {base} --recipe demo", 0, "saved e01.safetensors"),
    ("grid Ada --name h --run first --seeds 1,2", 0, "No difference seen."),
    ("confirm Ada g", 1, "no scored grid 'g'"),
    ("import Ada {folder}/photos", 0, "1 photo added"),
    ("dataset import Ada {folder}/photos", 0, "1 photo added"),
    ("dataset inspect Ada", 0, "0 used, 0 held out"),
    ("dataset people Ada", 0, "No face was found"),
    ("dataset choose Ada --leave-out a.png", 1, "no photo named a.png"),
    ("dataset build Ada", 0, "dataset 2: 1 kept"),
    ("dataset rebuild Ada 1", 0, "dataset 2 is dataset 1 once more"),
    ("dataset diff Ada 1", 1, "Dataset 1 is the newest"),
    ("dataset sheet Ada", 1, "build the dataset again"),
    ("dataset captions Ada", 0, "No photo is in use yet"),
    ("dataset reg Ada --photos {folder}/photos", 0, "1 photo added"),
    ("delete-person Ada --list", 0, "datasets, runs, grids and portraits"),
    ("check Ada --checkpoint {base} --recipe demo", 0, "Train at 64 px"),
    (
        "compare Ada --lora {folder}/one.safetensors --checkpoint {base} --dataset 1",
        0,
        "No difference seen.",
    ),
    ("config show {folder}/a.json", 0, "network_dim = 8"),
    ("config diff {folder}/a.json {folder}/b.json", 0, "network_dim: 8 -> 16"),
    ("config convert {folder}/a.json {folder}/c.toml", 0, "TOML of sd-scripts"),
    ("config options", 0, "network_dim = 4"),
    (
        "sweep new Ada --axis network_dim=8,16 --checkpoint {base} --recipe demo --no-wait",
        0,
        "network_dim=16",
    ),
    ("sweep ready", 0, "train_batch_size 1, 3, 11"),
    ("sweep list Ada", 0, "refused"),
    ("sweep show Ada s", 0, "network_dim=8: queued"),
    ("sweep add Ada s --axis network_dim=4 --no-wait", 0, "1 new run"),
    ("sweep continue Ada s", 0, "network_dim=8: finished"),
    ("sweep pause Ada s", 0, "2 waiting runs taken out"),
    ("sweep stop Ada s", 0, "2 runs stopped"),
    ("sweep page Ada s", 0, "page: sweep.html"),
    ("overnight Ada --checkpoint {base} --no-wait --recipe demo", 1, "name a folder with --photos"),
    ("lora show {folder}/one.safetensors", 0, "rank 1"),
    ("lora list --loras {folder}", 0, "t2p_ada_first_e02"),
    ("lora keep t2p_ada_first_e01 --loras {folder}", 0, "kept as"),
    ("lora trial-clean --loras {folder}", 0, "0 models under test"),
    ("logs {folder}/photos", 1, "no TensorBoard logs"),
    ("portraits new Ada --checkpoint {base} --lora one --count 1", 0, "0 kept"),
    ("portraits more Ada first", 0, "0 kept"),
    ("portraits list Ada", 0, "first"),
    ("portraits stop Ada first", 0, "ends after the picture at hand"),
    ("portraits sort Ada first", 0, "0 in the bin"),
    ("portraits empty-bin Ada first", 1, "add --yes 0"),
    ("portraits preview Ada --prompt blh", 0, "photo of blh"),
    ("score Ada g", 0, "verdict: No difference seen."),
    ("settings", 0, "compared by: dlib"),
    ("check-faces", 0, "threshold for the same person"),
    ("report Ada", 0, "report: page.html"),
    ("vote Ada g", 0, "no votes on g"),
    ("env list", 0, "sd-scripts v0.9.1"),
    ("env build v0.9.1", 1, "Nothing was done."),
    ("env check v0.8.7", 1, "v0.8.7 is not set up"),
    ("env add bitsandbytes v0.8.7", 1, "t2p.py env build v0.8.7"),
    ("env repair v0.8.7 --python nowhere", 1, "no Python that can be run"),
    ("retry {stopped}", 0, "Check"),
    ("queue show", 0, "Write report page"),
    ("queue pause", 0, "The queue is held"),
    ("queue resume", 0, "The queue goes on"),
    ("queue move {job} front", 0, "1. {job}"),
    ("queue at {job} 22:00", 0, "begins not before 22:00"),
    ("queue devices", 0, "CPU"),
    ("worker status", 0, "No worker lives"),
    ("worker start", 0, "The worker goes on"),
    ("worker install", 0, "At each login, work goes on"),
    ("worker uninstall", 0, "Nothing was installed"),
    ("disk show", 0, "models"),
)
"""What is typed, the exit code, and words of what is then said."""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A furnished one with a queue, a sweep, and a worker that finishes what can begin."""
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_, **__: None)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    monkeypatch.setattr("lib_t2p.cli.queue_commands.install_autostart", autostart_of)
    made = furnished(tmp_path)
    monkeypatch.setattr(job_progress.time, "sleep", lambda _: work_off(made))
    return made


@pytest.mark.parametrize(("typed", "code", "words"), TYPED, ids=[case[0] for case in TYPED])
def test_a_command_does_what_it_is_for(
    workspace: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    code: int,
    words: str,
) -> None:
    where = ["--workspace", str(workspace.root)]
    queue = Queue(workspace)
    waiting = queue.submit("report.page", {"person": "ada"}, lane="light", person="ada").id
    stopped = queue.submit("env.check", {"tag": "v0.9.1"}, lane="light").id
    queue.request_stop(stopped)
    if typed.startswith("sweep"):
        new = f"sweep new Ada --name s --checkpoint '{BASE}' --recipe demo --no-wait"
        assert main([*shlex.split(new), "--axis", "network_dim=8,16", *where]) == 0
        capsys.readouterr()
    names = {"base": BASE, "folder": tmp_path, "job": waiting, "stopped": stopped}
    given = [one.format(**names) for one in shlex.split(typed)]
    assert main([*given, *where]) == code
    assert words.format(**names) in capsys.readouterr().out


def test_every_command_is_typed_here() -> None:
    typed = [tuple(shlex.split(case[0])) for case in TYPED]
    commands = leaf_commands(build_parser([]))
    assert [c for c in commands if not any(one[: len(c)] == c for one in typed)] == []
