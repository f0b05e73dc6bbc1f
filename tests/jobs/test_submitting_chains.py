from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from job_helpers import REPOSITORY

from lib_t2p.errors import JobError
from lib_t2p.jobs.queue import Queue
from lib_t2p.jobs.submission import Submission
from lib_t2p.workspace.person import Workspace, open_workspace

pytestmark = pytest.mark.slow

LINKS = [
    Submission("grid.plan", {"grid": "a"}, "ann"),
    Submission("grid.cells", {"grid": "a"}, "ann", [0]),
    Submission("grid.scores", {"grid": "a"}, "ann", [1]),
    Submission("grid.report", {"grid": "a"}, "ann", [2]),
]
DYING = """
import os, sys
from pathlib import Path
import test_submitting_chains as chains
from lib_t2p.jobs import job_record, job_rows
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace import open_workspace

moment, left = sys.argv[2], int(sys.argv[3])
module, name = {"draft": (job_rows, "keep_record"), "record": (job_rows, "publish_record")}[moment]
write = getattr(module, name)

def dying(*given, **options):
    global left
    if left == 0:
        os._exit(9)
    left -= 1
    return write(*given, **options)

setattr(module, name, dying)
Queue(open_workspace(Path(sys.argv[1]))).submit_all(chains.LINKS, once=True)
"""


def killed_while_queuing(workspace: Workspace, moment: str, after: int) -> None:
    tests = Path(__file__).parents[1]
    paths = [str(REPOSITORY), str(tests / "jobs"), str(tests / "helpers")]
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(workspace.root), moment, str(after)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    assert done.returncode == 9


def worked_off(queue: Queue) -> list[str]:
    """All that can be done, in its order."""
    done = []
    while job := queue.claim(["light", "paint"], "me"):
        done.append(job.kind)
        queue.finish(job.id, {})
    return done


@pytest.mark.parametrize("after", range(4))
def test_of_a_chain_whose_process_is_killed_before_it_holds_nothing_is_queued(
    workspace: Workspace, after: int
) -> None:
    Queue(workspace)
    killed_while_queuing(workspace, "draft", after)
    queue = Queue(workspace)
    queue.recover()
    assert queue.jobs() == []
    # Even when the database goes as well.
    workspace.database.unlink()
    queue = Queue(workspace)
    queue.recover()
    assert queue.jobs() == []
    queue.submit_all(LINKS, once=True)
    assert worked_off(queue) == [link.kind for link in LINKS]


@pytest.mark.parametrize("after", range(4))
def test_a_chain_whose_process_is_killed_once_it_holds_is_done_whole_and_once(
    workspace: Workspace, after: int
) -> None:
    killed_while_queuing(workspace, "record", after)
    queue = Queue(workspace)
    queue.recover()
    records = [workspace.job(job.id).record.is_file() for job in queue.jobs()]
    assert records == [True] * len(LINKS)
    with pytest.raises(JobError, match="at work already"):
        queue.submit_all(LINKS, once=True)
    assert worked_off(queue) == [link.kind for link in LINKS]
    assert worked_off(queue) == []
    rebuilt = open_workspace(workspace.root)
    rebuilt.database.unlink()
    assert [job.state.value for job in Queue(rebuilt).jobs()] == ["finished"] * len(LINKS)


def test_a_chain_with_a_need_that_is_not_there_leaves_nothing(queue: Queue) -> None:
    with pytest.raises(JobError, match="no job 'nobody'"):
        queue.submit_all([*LINKS, Submission("grid.plan", {"grid": "b"}, "ann", ["nobody"])])
    assert queue.jobs() == []


def test_a_record_that_was_written_meanwhile_is_kept(queue: Queue, workspace: Workspace) -> None:
    jobs = queue.submit_all(LINKS)
    folder = workspace.job(jobs[0].id)
    queue.claim(["light"], "me")
    now = folder.record.read_bytes()
    folder.record.with_name("job.json.draft").write_text("{}")
    from lib_t2p.jobs.job_record import publish_record

    publish_record(workspace, jobs[0].id)
    assert folder.record.read_bytes() == now
    assert [path.name for path in folder.root.iterdir() if "draft" in path.name] == []
