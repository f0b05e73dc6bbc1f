"""Jobs that write the page of a person, a run or a sweep, or read other people's logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_t2p.errors import JobError
from lib_t2p.jobs import JobContext
from lib_t2p.worker.params import param, person_of

if TYPE_CHECKING:
    from lib_t2p.reports.overview import About


def import_logs_job(context: JobContext) -> dict[str, Any]:
    """`logs.import` {folder} -> {report, images, runs, sentence}: every run judged and drawn."""
    from lib_t2p.curves.logs import import_logs
    from lib_t2p.reports.logs import draw_pages, verdict_sentence, write_report

    context.phase("reading logs")
    logs = import_logs(Path(str(param(context, "folder"))))
    place = context.workspace.imported_logs(logs.folder.name)
    context.phase("drawing")

    def tell(done: int, total: int, _: str) -> None:
        context.check_stop()
        context.progress(done, total, "page")

    plots = draw_pages(logs, place, tell)
    report = write_report(logs, plots, place / "report.html")
    return {
        "report": str(report),
        "images": [str(image) for page in plots.values() for image in page.images],
        "runs": [dict(run.record()) for run in logs.runs],
        "sentence": verdict_sentence(logs),
    }


def report_page_job(context: JobContext) -> dict[str, Any]:
    """`report.page` {person, about: person | run | sweep, name} -> {page, sentence}."""
    from lib_t2p.reports.overview import ABOUT

    about = str(param(context, "about"))
    if about not in ABOUT:
        raise JobError(f"A report can be about a {', '.join(ABOUT)}, not about {about!r}.")
    return _write(context, about, str(context.job.params.get("name", "")))


def sweep_page_job(context: JobContext) -> dict[str, Any]:
    """`train.sweep_page` {person, sweep} -> {page, sentence, runs, failed}: once all runs ended."""
    return _write(context, "sweep", str(param(context, "sweep")))


def _write(context: JobContext, about: About, name: str) -> dict[str, Any]:
    from lib_t2p.reports.overview import scope_of, write_scope_report

    context.phase("reading")
    scope = scope_of(person_of(context), about, name)
    context.phase("writing")
    written = write_scope_report(scope, context.queue, context.clock())
    failed = [result.name for result in written.results if result.state in ("failed", "lost")]
    return {
        "page": str(written.path),
        "sentence": written.sentence,
        "runs": len(written.results),
        "failed": failed,
    }
