from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from job_helpers import python, until

from lib_t2p.jobs.leases import Leases, device_lease
from lib_t2p.workspace.person import Workspace

HOLDER = """
import sys
from pathlib import Path
from lib_t2p.jobs.leases import Leases
from lib_t2p.workspace import open_workspace
leases = Leases(open_workspace(Path(sys.argv[1])))
print(leases.acquire("gpu:0", "painter", 1000), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def leases(workspace: Workspace, clock: object) -> Leases:
    return Leases(workspace, clock)  # type: ignore[arg-type]


def test_a_lease_has_one_holder_until_it_is_released(leases: Leases) -> None:
    assert leases.acquire("gpu:0", "worker", 30)
    assert not leases.acquire("gpu:0", "painter", 30)
    leases.release("gpu:0", "painter")
    assert not leases.acquire("gpu:0", "painter", 30)
    leases.release("gpu:0", "worker")
    assert leases.acquire("gpu:0", "painter", 30)
    assert leases.acquire("gpu:1", "worker", 30)


def test_a_lease_is_free_when_its_time_is_over(leases: Leases, clock: object) -> None:
    leases.acquire("gpu:0", "worker", 30)
    clock.forward(29)  # type: ignore[attr-defined]
    assert leases.renew("gpu:0", "worker", 30)
    clock.forward(29)  # type: ignore[attr-defined]
    assert not leases.acquire("gpu:0", "painter", 30)
    clock.forward(2)  # type: ignore[attr-defined]
    assert leases.holder("gpu:0") is None
    assert leases.acquire("gpu:0", "painter", 30)
    assert not leases.renew("gpu:0", "worker", 30)


def test_a_lease_of_a_killed_process_is_free_at_once(
    leases: Leases, workspace: Workspace, tmp_path: Path
) -> None:
    script = tmp_path / "holder.py"
    script.write_text(HOLDER)
    real = Leases(workspace)
    holder = python(script, str(workspace.root), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"True"
    assert not real.acquire("gpu:0", "worker", 30)
    held = real.holder("gpu:0")
    assert held is not None
    assert (held.owner, held.process.pid) == ("painter", holder.pid)
    holder.kill()
    until(lambda: real.acquire("gpu:0", "worker", 30), "the lease comes free")
    holder.wait()


def test_a_block_gives_its_lease_back_also_after_an_exception(leases: Leases) -> None:
    with pytest.raises(KeyError), leases.held("gpu:0", "worker", 30) as taken:
        assert taken
        raise KeyError
    with leases.held("gpu:0", "painter", 30) as taken:
        assert taken
        with leases.held("gpu:0", "worker", 30) as also:
            assert not also
        assert leases.holder("gpu:0") is not None


@pytest.mark.parametrize(
    ("environ", "gpu", "name"),
    [
        ({}, False, "cpu"),
        ({}, True, "gpu:0"),
        ({"CUDA_VISIBLE_DEVICES": "1,2"}, True, "gpu:1"),
        ({"CUDA_VISIBLE_DEVICES": ""}, True, "cpu"),
        ({"CUDA_VISIBLE_DEVICES": "-1"}, True, "cpu"),
        ({"CUDA_VISIBLE_DEVICES": "0"}, False, "cpu"),
    ],
)
def test_the_device_lease_is_named_by_the_card(
    environ: dict[str, str], gpu: bool, name: str
) -> None:
    assert device_lease(environ, lambda: gpu) == name


def test_the_sending_side_of_jobs_imports_only_psutil_beside_the_standard_library() -> None:
    code = (
        "import sys\n"
        "import lib_t2p.jobs.queue, lib_t2p.jobs.starting, lib_t2p.jobs.job_context\n"
        "import lib_t2p.jobs.performing, lib_t2p.jobs.events.tail\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(roots - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name for name in eval(done.stdout) if not name.startswith("_")}
    assert loaded <= {"lib_t2p", "psutil"}
