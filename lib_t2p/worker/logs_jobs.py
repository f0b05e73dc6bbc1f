"""The job that reads other people's logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_t2p.jobs import JobContext
from lib_t2p.worker.params import param


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
