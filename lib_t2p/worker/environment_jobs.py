"""Jobs about the environments of the trainers."""

from __future__ import annotations

from typing import Any

from lib_t2p.environment import (
    Builder,
    Doctor,
    SdBuilder,
    SdScripts,
    SetUpProgress,
    Wish,
    add_package,
    mender_for,
)
from lib_t2p.jobs import JobContext
from lib_t2p.worker.params import param


class JobProgress(SetUpProgress):
    """Tells a job what an installation does; lines become phases."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    def line(self, text: str) -> None:
        """A sentence for the person; stops here when the job shall stop."""
        self._context.check_stop()
        self._context.phase(text)

    def step(self, stage: str, text: str, number: int) -> None:
        """pip is at its step `number`; how many there will be is not known."""
        self._context.check_stop()
        self._context.progress(number, 0, "step")


def build_environment_job(context: JobContext) -> dict[str, Any]:
    """`env.build` {tag, python?, borrow?} -> {tag, folder, python}."""
    return _made(SdBuilder(progress=JobProgress(context)).ensure(_wish(context)))


def repair_environment_job(context: JobContext) -> dict[str, Any]:
    """`env.repair` {tag, python?, borrow?} -> {tag, folder, python}."""
    builder = SdBuilder(progress=JobProgress(context))
    return _made(mender_for(builder).repair(_wish(context)))


def add_package_job(context: JobContext) -> dict[str, Any]:
    """`env.add` {tag, package} -> {tag, package, folder}."""
    tag, package = str(param(context, "tag")), str(param(context, "package"))
    folder = add_package(package, tag, Builder(progress=JobProgress(context)))
    return {"tag": tag, "package": package, "folder": str(folder)}


def check_environment_job(context: JobContext) -> dict[str, Any]:
    """`env.check` {tag} -> {findings: [[level, what, remedy]], faults}."""
    findings = []
    for finding in Doctor().check(str(param(context, "tag"))):
        context.check_stop()
        context.phase(finding.line)
        findings.append([finding.level, finding.what, finding.remedy])
    return {"findings": findings, "faults": sum(level == "fault" for level, _, _ in findings)}


def _wish(context: JobContext) -> Wish:
    given = context.job.params
    return Wish(
        str(param(context, "tag")), str(given.get("python", "")), str(given.get("borrow", ""))
    )


def _made(found: SdScripts) -> dict[str, Any]:
    return {"tag": found.tag, "folder": str(found.folder), "python": str(found.python)}
