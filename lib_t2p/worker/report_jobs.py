"""Jobs that write the page of a person, a run or a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib_t2p.errors import JobError
from lib_t2p.jobs import JobContext
from lib_t2p.worker.params import param, person_of

if TYPE_CHECKING:
    from lib_t2p.reports.overview import About


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
