"""Which function does which kind of job."""

from __future__ import annotations

from lib_t2p.jobs import JobFunction
from lib_t2p.worker import portrait_jobs
from lib_t2p.worker.dataset_jobs import (
    build_job,
    caption_job,
    class_photos_job,
    import_job,
    inspect_job,
    plan_class_images_job,
    rebuild_job,
)
from lib_t2p.worker.environment_jobs import (
    add_package_job,
    build_environment_job,
    check_environment_job,
    repair_environment_job,
)
from lib_t2p.worker.grid_jobs import plan_job, report_job, scores_job
from lib_t2p.worker.night_jobs import bell_job, step_job
from lib_t2p.worker.report_jobs import import_logs_job, report_page_job, sweep_page_job
from lib_t2p.worker.search_jobs import search_job
from lib_t2p.worker.training_jobs import train_job

KINDS: dict[str, JobFunction] = {
    "dataset.import": import_job,
    "dataset.inspect": inspect_job,
    "dataset.build": build_job,
    "dataset.rebuild": rebuild_job,
    "dataset.caption": caption_job,
    "dataset.class_photos": class_photos_job,
    "reg.plan": plan_class_images_job,
    "train.run": train_job,
    "train.sweep_page": sweep_page_job,
    "report.page": report_page_job,
    "search.step": search_job,
    "overnight.step": step_job,
    "overnight.bell": bell_job,
    "grid.plan": plan_job,
    "grid.scores": scores_job,
    "grid.report": report_job,
    "portraits.plan": portrait_jobs.plan_job,
    "portraits.preview": portrait_jobs.preview_job,
    "portraits.scores": portrait_jobs.scores_job,
    "logs.import": import_logs_job,
    "env.add": add_package_job,
    "env.build": build_environment_job,
    "env.check": check_environment_job,
    "env.repair": repair_environment_job,
}
"""Job kind -> function; `grid.cells` and `portraits.cells` are missing, since a painter
takes them.

The functions import their rooms when called, so that the worker starts in a moment and a missing
package fails only the jobs that need it.
"""
