"""`t2p.py train`, and `check`, which says before it what would be refused."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lib_t2p.actions.runs import RunCheck, check_run, submit_run
from lib_t2p.cli.job_progress import follow
from lib_t2p.cli.parser import Commands
from lib_t2p.cli.values import pairs
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.plurals import counted
from lib_t2p.preflight.checks import errors
from lib_t2p.runs.trainers import TRAINERS
from lib_t2p.settings import Finding
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace


def train(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Train a LoRA."""
    _, job = submit_run(
        workspace,
        args.person,
        args.name,
        recipe=args.recipe,
        overrides=pairs(args.set),
        checkpoint=args.checkpoint,
        dataset=args.dataset,
        trainer=args.trainer,
        trusted=args.trust_code,
        cpu_threads=args.cpu_threads,
    )
    for path in follow(workspace, job.id, output).result["models"]:
        output.line(f"  saved {path}")


def check(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Say what would be refused or warned of, and what the training would take."""
    checked = check_run(
        workspace,
        args.person,
        recipe=args.recipe,
        overrides=pairs(args.set),
        checkpoint=args.checkpoint,
        dataset=args.dataset,
        trainer=args.trainer,
    )
    for finding in checked.findings:
        for line in _lines(finding):
            output.line(line)
    for line in _forecast(checked):
        output.line(line)
    refused = len(errors(checked.findings))
    if refused:
        count = "1 error" if refused == 1 else f"{refused} errors"
        raise T2PError(f"This run would be refused for {count}.")
    output.line("This run may start.")


def _lines(finding: Finding) -> list[str]:
    lines = [f"{finding.severity}: {finding.what} [{finding.code}]"]
    if finding.why:
        lines.append(f"    {finding.why}")
    if finding.fix_label:
        lines.append(f"    Fix: {finding.fix_label}.")
    lines += [f"        --set {name}={_typed(value)}" for name, value in finding.fix.items()]
    return lines


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "'" + " ".join(value) + "'"
    return "" if value is None else str(value)


def _forecast(checked: RunCheck) -> list[str]:
    plan, forecast = checked.facts.plan, checked.forecast
    if plan is None or forecast is None:
        return []
    pictures = f"{counted(plan.train_images, 'picture')} x repeats"
    if plan.reg_images:
        pictures += f" and {plan.reg_images} regularisation images"
    memory = f"about {forecast.vram_mb / 1024:.1f} GB of memory"
    disk = f"{forecast.disk_bytes / 1e9:.2f} GB on the disk"
    return [
        f"{counted(plan.steps, 'step')} in {counted(plan.epochs, 'epoch')} of "
        f"{counted(plan.batches_per_epoch, 'batch')}; "
        f"{pictures}",
        f"about {forecast.minutes:.1f} minutes, {memory}, {disk}",
        f"    {forecast.basis}",
    ]


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    parser = _run_arguments(commands.add("train", "train a LoRA", train))
    parser.add_argument("--name", required=True, help="of the run")
    parser.add_argument("--cpu-threads", type=int, default=0, metavar="N", help="of each process")
    parser.add_argument(
        "--trust-code",
        action="store_true",
        help="let settings name optimizers and modules outside the list; they run as programs",
    )
    _run_arguments(commands.add("check", "check a training without starting it", check))


def _run_arguments(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("person")
    parser.add_argument(
        "--checkpoint", required=True, type=typed_path, help="file or diffusers folder"
    )
    parser.add_argument("--recipe", default="guide-final")
    parser.add_argument("--dataset", type=int, help="version; the newest when left out")
    parser.add_argument("--trainer", default="builtin", choices=sorted(TRAINERS))
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE")
    return parser
