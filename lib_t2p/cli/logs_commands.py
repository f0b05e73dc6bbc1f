"""`t2p.py logs`: other people's TensorBoard logs, judged and drawn as our own runs are."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.curves.logs import ImportedLogs, compare, import_logs, repeats_of, told_once
from lib_t2p.json_io import json_text
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def logs(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Judge every run of a folder; draw its pages and report."""
    found = import_logs(args.folder)
    if args.json:
        _print_json(found, output)
        if args.report:
            _report(found, args, workspace, None)
        return
    _print_table(found, output)
    path = _report(found, args, workspace, output)
    output.line(f"  report: {path}")


def _report(
    found: ImportedLogs, args: Namespace, workspace: Workspace, output: Output | None
) -> Path:
    # Matplotlib and jinja2 take a second to import, which `--json` does not need.
    from lib_t2p.reports.logs import draw_pages, write_report

    folder = workspace.imported_logs(found.folder.name)

    def tell(done: int, total: int, page: str) -> None:
        if output:
            output.progress("drawing", done, total, "page", f", {page}" if page else "")

    plots = draw_pages(found, args.plots or folder, tell)
    return write_report(found, plots, args.report or folder / "report.html")


def _print_json(found: ImportedLogs, output: Output) -> None:
    """One array, one run a line."""
    rows = [json_text(run.record(), ensure_ascii=False) for run in found.runs]
    output.line("[" + ",\n".join(rows) + "]")


def _print_table(found: ImportedLogs, output: Output) -> None:
    header = ["run", "steps", "epochs", "average loss", "peak d*lr", "s/step", "findings"]
    rows = []
    for run in found.runs:
        record = run.record()
        numbers = [record["final_average_loss"], record["peak_dlr"], record["seconds_per_step"]]
        rows.append(
            [run.run, str(record["steps"]), str(record["epochs"])]
            + ["-" if n is None else f"{n:.3g}" for n in numbers]
            + [", ".join(finding.code for finding in run.findings)]
        )
    output.table(header, rows)
    for run in found.runs:
        for finding in run.findings:
            output.line(f"  {run.run}: {finding.code}: {finding.message}")
        for told in (*run.notes, *run.faults, run.config.fault, run.config.doubt):
            if told:
                output.line(f"  {run.run}: {told}")
    _print_comparisons(found, output)


def _print_comparisons(found: ImportedLogs, output: Output) -> None:
    repeats = repeats_of(found.runs)
    for sentence in dict.fromkeys(s for r in told_once(repeats) for s in r.sentences):
        output.line(f"  {sentence}")
    for page, runs in found.pages().items():
        compared = compare(runs, [repeat for repeat in repeats if repeat.page == page])
        for told in (*(row.sentence for row in compared.rows), *compared.notes):
            output.line(f"  {page}: {told}" if page else f"  {told}")


def add(commands: Commands) -> None:
    """Add this command to the shell."""
    parser = commands.add("logs", "judge and draw TensorBoard logs, with configs if any", logs)
    parser.add_argument("folder", type=typed_path, help="holds event files at any depth")
    parser.add_argument("--report", type=typed_path, metavar="HTML", help="write the report here")
    parser.add_argument(
        "--plots", type=typed_path, metavar="FOLDER", help="write plots and CSV here"
    )
    parser.add_argument("--json", action="store_true", help="one object per run, no report")
