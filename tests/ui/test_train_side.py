from __future__ import annotations

from pathlib import Path

from ui_fakes import FakeHost, Page, new_run, tell

from lib_t2p.jobs.events.events import Metric, Progress
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.runs.disk.removal import Removal
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}


def running(workspace: Workspace, person: PersonFolder, name: str = "first") -> str:
    params = {"person": person.slug, "run": new_run(person, name).id}
    job = Queue(workspace).submit("train.run", params, lane="gpu", person=person.slug)
    Queue(workspace).claim(["gpu"], "worker")
    return job.id


def test_epoch_pace_loss_and_time_left_are_told(
    page: Page, workspace: Workspace, person: PersonFolder
):
    job = running(workspace, person)
    tell(
        workspace,
        job,
        Metric(1.0, "loss/average", 10, 0.125),
        Metric(1.0, "time/seconds_per_step", 10, 1.5),
        Progress(1.0, 10, 40, "step", 45.0, 3),
    )
    told = page.press("t2p_train_tick", "click", **WHO)["t2p_train_live"]["value"]
    for name, value in {
        "Epoch": "3 of 15",
        "Step": "10 of 40",
        "Seconds per step": "1.5",
        "Time left": "45 s",
        "Average loss": "0.125",
    }.items():
        assert f"<dt>{name}</dt><dd>{value}</dd>" in told


def test_a_run_stops_after_its_next_save(page: Page, workspace: Workspace, person: PersonFolder):
    job = running(workspace, person)
    told = page.press("t2p_train_stop_after", "click", **WHO, train_run="first")
    assert "after its next save" in told["t2p_train_stop_message"]
    assert Queue(workspace).get(job).stop == "after_save"
    shown = page.press("t2p_train_tick", "click", **WHO)
    assert shown["t2p_train_stop"]["visible"] is True
    assert shown["t2p_train_stop_after"]["visible"] is False


def test_a_failed_run_can_be_trained_again(page: Page, workspace: Workspace, person: PersonFolder):
    Queue(workspace).fail(running(workspace, person), "The disk is full.")
    shown = page.press("t2p_train_tick", "click", **WHO)
    assert shown["t2p_train_retry"]["visible"] is True
    page.press("t2p_train_retry", "click", **WHO, train_run="first")
    assert [j.state for j in Queue(workspace).jobs()].count(JobState.QUEUED) == 1


def test_the_end_of_the_log_is_shown_escaped(
    page: Page, workspace: Workspace, person: PersonFolder
):
    running(workspace, person)
    run = person.run("first")
    run.stdout.write_bytes(b"old\rsteps: 10%\n<b>\xe4\xbf\x9d</b> caf\xe9\n")
    told = page.press("t2p_train_tick", "click", **WHO)["t2p_train_log"]["value"]
    assert "steps: 10%" in told
    assert "old" not in told
    assert "&lt;b&gt;保&lt;/b&gt; caf" in told
    assert 'id="t2p_train_log_stdout"' in told


def test_keeping_what_no_run_saved_is_a_message(page: Page, person: PersonFolder):
    for act in ("keep ../../secret", "eat x", ""):
        told = page.press("t2p_train_model_act", "click", **WHO, train_model_act_value=act)
        assert 'role="alert"' in told["t2p_train_stop_message"]


def test_logs_are_read_by_the_worker_once(page: Page, workspace: Workspace, tmp_path: Path):
    for _ in range(2):
        page.press("t2p_logs_start", "click", logs_folder=str(tmp_path))
    (job,) = Queue(workspace).jobs(kind="logs.import")
    assert job.params == {"folder": str(tmp_path)}


def test_judged_logs_are_listed_with_their_findings(
    page: Page, workspace: Workspace, tmp_path: Path
):
    page.press("t2p_logs_start", "click", logs_folder=str(tmp_path))
    queue = Queue(workspace)
    job = queue.claim(["light"], "worker")
    assert job is not None
    findings = [{"code": "lr-stuck", "message": "d*lr stays at its start."}]
    runs = [{"run": "a/<b>", "steps": 5, "peak_dlr": 1e-6, "findings": findings}]
    queue.finish(job.id, {"report": "", "images": [], "runs": runs, "sentence": "1 run."})
    told = page.press("t2p_logs_tick", "click")["t2p_logs_result"]["value"]
    assert "<b>lr-stuck</b> d*lr stays" in told
    assert "a/&lt;b&gt;" in told


def test_logs_outside_the_allowed_folders_are_not_read(
    page: Page, host: FakeHost, workspace: Workspace, tmp_path: Path
):
    host.allowed = [tmp_path / "only"]
    told = page.press("t2p_logs_start", "click", logs_folder=str(tmp_path))
    assert "outside" in told["t2p_logs_message"]
    assert Queue(workspace).jobs() == []


def test_the_disk_is_cleaned_of_what_was_shown_only(
    page: Page, workspace: Workspace, person: PersonFolder
):
    shown = page.press("t2p_disk_show", "click")
    assert "photos" in shown["t2p_disk_shown"]
    nothing = page.press("t2p_disk_clean", "click")
    assert "Nothing was shown yet" in nothing["t2p_disk_message"]
    page.keep_state("t2p_disk_clean", (Removal("states", "x", "y", "z", (person.photos,), 1),))
    told = page.press("t2p_disk_clean", "click")
    assert "stays" in told["t2p_disk_message"]
    assert any(person.photos.iterdir())
