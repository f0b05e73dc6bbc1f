"""The kinds of job, a row each: what people call it, who does it, and which function that is.

A new kind is a row here and a function in the worker.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.errors import JobError
from lib_t2p.jobs.job import Lane


@dataclass(frozen=True)
class JobKind:
    """A kind of job.

    Attributes:
        name: as `job.json` names it.
        words: what it does, for people.
        function: `module:function` that the worker calls with a `JobContext`; loaded when a job of
            the kind begins, so that the worker starts in a moment and a missing package fails only
            the jobs that need it. Empty when a painter takes it.
        lane: who may take it.
    """

    name: str
    words: str
    function: str
    lane: Lane = "light"


def _worker(file: str, function: str) -> str:
    return f"lib_t2p.worker.{file}:{function}"


_ROWS = (
    JobKind("dataset.import", "Import photos", _worker("dataset_jobs", "import_job")),
    JobKind("dataset.inspect", "Look at photos", _worker("dataset_jobs", "inspect_job")),
    JobKind("dataset.build", "Build dataset", _worker("dataset_jobs", "build_job")),
    JobKind("dataset.rebuild", "Draw dataset again", _worker("dataset_jobs", "rebuild_job")),
    JobKind("dataset.caption", "Describe photos", _worker("dataset_jobs", "caption_job")),
    JobKind(
        "dataset.class_photos", "Import class photos", _worker("dataset_jobs", "class_photos_job")
    ),
    JobKind(
        "reg.plan", "Plan regularisation images", _worker("dataset_jobs", "plan_class_images_job")
    ),
    JobKind("reg.cells", "Paint regularisation images", "", "paint"),
    JobKind("train.run", "Train", _worker("training_jobs", "train_job"), "gpu"),
    JobKind("train.sweep_page", "Draw sweep", _worker("report_jobs", "sweep_page_job")),
    JobKind("search.step", "Go on with a search", _worker("search_jobs", "search_job")),
    JobKind("overnight.step", "Go on with a night", _worker("night_jobs", "step_job")),
    JobKind("overnight.bell", "End training in time", _worker("night_jobs", "bell_job")),
    JobKind("logs.import", "Judge logs", _worker("report_jobs", "import_logs_job")),
    JobKind("report.page", "Write report page", _worker("report_jobs", "report_page_job")),
    JobKind("env.add", "Add a package", _worker("environment_jobs", "add_package_job")),
    JobKind("env.build", "Set up", _worker("environment_jobs", "build_environment_job")),
    JobKind("env.check", "Check", _worker("environment_jobs", "check_environment_job")),
    JobKind("env.repair", "Repair", _worker("environment_jobs", "repair_environment_job")),
    JobKind("grid.plan", "Plan grid", _worker("grid_jobs", "plan_job")),
    JobKind("grid.cells", "Paint grid", "", "paint"),
    JobKind("grid.scores", "Score grid", _worker("grid_jobs", "scores_job")),
    JobKind("grid.report", "Write report", _worker("grid_jobs", "report_job")),
    JobKind("portraits.plan", "Plan portraits", _worker("portrait_jobs", "plan_job")),
    JobKind("portraits.cells", "Paint portraits", "", "paint"),
    JobKind("portraits.scores", "Score portraits", _worker("portrait_jobs", "scores_job")),
    JobKind("portraits.preview", "Expand prompts", _worker("portrait_jobs", "preview_job")),
)
JOB_KINDS: dict[str, JobKind] = {row.name: row for row in _ROWS}


def lane_of(kind: str) -> Lane:
    """Who may take a kind; raises `JobError` when there is no such kind."""
    row = JOB_KINDS.get(kind)
    if row is None:
        raise JobError(f"There is no kind of job {kind!r}: choose one of {', '.join(JOB_KINDS)}.")
    return row.lane


def words_of(kind: str) -> str:
    """What people call a kind; the name itself when a newer version wrote it."""
    row = JOB_KINDS.get(kind)
    return row.words if row else kind
