from __future__ import annotations

from ui_fakes import tell

from lib_t2p.jobs.events.events import Image, Metric, Phase, Progress, Started, Warned
from lib_t2p.jobs.queue import Queue
from lib_t2p.ui.job_activity import FOLLOWED, Activity, JobWatch, advance
from lib_t2p.workspace.person import Workspace


def test_time_left_follows_the_pace_of_the_phase():
    now = advance(
        Activity(),
        [Phase(0.0, "training"), Progress(10.0, 0, 100, "step"), Progress(30.0, 20, 100, "step")],
    )
    assert now.seconds_left() == 80.0


def test_time_left_is_unknown_before_two_units_and_without_a_total():
    first = advance(Activity(), [Progress(1.0, 0, 10, "step"), Progress(2.0, 1, 10, "step")])
    assert first.seconds_left() is None
    assert advance(Activity(), [Progress(1.0, 3, 0, "photo")]).seconds_left() is None


def test_a_new_phase_counts_anew():
    now = advance(Activity(), [Progress(1.0, 5, 5, "photo"), Phase(2.0, "crops")])
    assert (now.phase, now.done, now.total, now.seconds_left()) == ("crops", 0, 0, None)


def test_steps_told_again_after_a_resume_replace_the_old_ones():
    told = [Metric(1.0, "loss/current", step, 0.5) for step in (1, 2, 3)]
    again = [Started(2.0, "worker"), Metric(2.0, "loss/current", 2, 0.1)]
    curve = advance(advance(Activity(), told), again).curves["loss/current"]
    assert (curve.steps, curve.values) == ((1, 2), (0.5, 0.1))


def test_warnings_and_images_are_kept_once():
    events = [
        Warned(1.0, "slow"),
        Warned(2.0, "slow"),
        Image(2.0, "a.png", "old"),
        Image(3.0, "a.png", "new"),
    ]
    now = advance(Activity(), events)
    assert now.warnings == ("slow",)
    assert now.images == (("a.png", "new"),)


def test_only_new_lines_are_read(workspace: Workspace):
    job = Queue(workspace).submit("train.run", {}, lane="gpu", person="p")
    watch = JobWatch(workspace)
    tell(workspace, job.id, Metric(1.0, "loss/current", 1, 0.5))
    assert watch.activity(job).curves["loss/current"].steps == (1,)
    tell(workspace, job.id, Metric(2.0, "loss/current", 2, 0.4))
    assert watch.activity(job).curves["loss/current"].steps == (1, 2)
    assert JobWatch(workspace).activity(job).curves == watch.activity(job).curves


def test_the_current_job_is_the_one_at_work(workspace: Workspace):
    queue = Queue(workspace)
    first = queue.submit("train.run", {"run": "a"}, lane="gpu", person="p")
    second = queue.submit("train.run", {"run": "b"}, lane="gpu", person="p")
    watch = JobWatch(workspace)
    assert watch.current("p", ["train.run"]) == first
    queue.request_stop(first.id)
    assert watch.current("p", ["train.run"]) == second
    assert watch.current("somebody", ["train.run"]) is None


def test_a_watch_forgets_the_jobs_that_were_seen_long_ago(workspace: Workspace) -> None:
    queue, watch = Queue(workspace), JobWatch(workspace)
    jobs = [queue.submit("a", {"n": n}, lane="light") for n in range(FOLLOWED + 3)]
    for job in jobs:
        tell(workspace, job.id, *(Metric(1.0, "loss", step, 0.5) for step in (1, 2)))
        watch.activity(job)
    assert len(watch._readers) == FOLLOWED
    again = watch.activity(jobs[0]).curves["loss"]
    assert (again.steps, again.values) == ((1, 2), (0.5, 0.5))
