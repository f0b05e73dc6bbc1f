"""How a training is shown: progress, curves, sample images, saved models, log."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from pathlib import Path

from lib_t2p import jobs, runs
from lib_t2p.errors import T2PError
from lib_t2p.ui.components import act_button
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.job_activity import Activity, MetricCurve, job_panel
from lib_t2p.ui.markup import (
    badge,
    link,
    message,
    picture_card,
    picture_grid,
    report_link,
    section,
    table,
)
from lib_t2p.ui.svg_chart import Line, chart
from lib_t2p.ui.text import counted, duration
from lib_t2p.workspace import RunFolder

MOST_SAMPLES = 24
LOG_BYTES, LOG_LINES = 24_000, 60
CHANNEL = "train_model"


def run_panel(folder: RunFolder, job: jobs.Job | None, activity: Activity, now: float) -> str:
    """State, numbers, warnings and facts of the run."""
    try:
        run = runs.read_run(folder)
    except T2PError as error:
        return message(str(error), "bad")
    head = job_panel(job, activity, now, folder.id) if job else ""
    tiles = _tiles(run, activity) if job else ""
    facts = f"Dataset {run.dataset}, base {Path(run.checkpoint).name}, trainer {run.trainer}"
    sweep = f", part of the sweep {run.sweep}" if run.sweep else ""
    report = report_link(folder.report, "Open the report of this run", "t2p_run_report")
    return f'{head}{tiles}<p class="t2p-facts">{escape(facts + sweep)}</p>{report}'


def _tiles(run: runs.Run, activity: Activity) -> str:
    """Epoch, step, pace, time left and loss, each a number with its name."""
    epochs = run.settings.max_train_epochs
    ended = len(activity.curves.get("loss/epoch", MetricCurve()).steps)
    epoch = activity.epoch or (min(ended + 1, epochs) if epochs and activity.total else None)
    told: list[tuple[str, str]] = []
    if epoch:
        told.append(("Epoch", f"{epoch} of {epochs}" if epochs else str(epoch)))
    if activity.unit == "step" and activity.total:
        told.append(("Step", f"{activity.done} of {activity.total}"))
    pace = activity.curves.get("time/seconds_per_step", MetricCurve()).values
    if pace:
        told.append(("Seconds per step", f"{pace[-1]:.3g}"))
    left = activity.seconds_left()
    if left is not None and activity.done < activity.total:
        told.append(("Time left", duration(left)))
    for name, tag in (("Average loss", "loss/average"), ("d*lr", _rate_tag(activity))):
        values = activity.curves.get(tag, MetricCurve()).values
        if values:
            told.append((name, f"{values[-1]:.3g}"))
    cells = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in told)
    return f'<dl class="t2p-tiles">{cells}</dl>' if cells else ""


def _rate_tag(activity: Activity) -> str:
    return next((tag for tag in activity.curves if tag.startswith("lr/d*lr")), "lr/d*lr")


def curves_panel(activity: Activity) -> str:
    """Loss, and d*lr or the learning rate."""
    curves = activity.curves
    loss = [
        _line("per step", curves.get("loss/current"), strong=False),
        _line("average", curves.get("loss/average")),
    ]
    found = {tag: curve for tag, curve in curves.items() if tag.startswith("lr/d*lr")}
    if found:
        title = "d*lr, the learning rate that the optimizer found"
        rates = [_line(tag.removeprefix("lr/"), curve) for tag, curve in found.items()]
    else:
        title = "Learning rate"
        rates = [
            _line("U-Net", curves.get("lr/unet")),
            _line("text encoder", curves.get("lr/textencoder")),
        ]
    charts = chart("Loss", loss) + chart(title, rates[:4], log=bool(found))
    return f'<div class="t2p-charts">{charts}</div>' if charts else ""


def samples_panel(folder: RunFolder, activity: Activity) -> str:
    """Sample images, newest first."""
    cards = []
    for path, caption in reversed(activity.images[-MOST_SAMPLES:]):
        picture = folder.root / path
        if picture.resolve().is_relative_to(folder.root.resolve()) and picture.exists():
            cards.append(picture_card(file_url(picture), caption))
    return section("Sample images", picture_grid(cards, "t2p_train_samples_grid"))


def models_panel(folder: RunFolder, kept: Collection[str]) -> str:
    """The saved models of the run, each with a button that keeps it.

    Args:
        folder: of the run.
        kept: stems of the LoRAs that were kept already.
    """
    models = runs.saved_models(folder)
    rows = [
        [
            f"<code>{escape(model.path.name)}</code>",
            str(model.epoch),
            str(model.step),
            badge("kept", "good")
            if model.stem in kept
            else act_button(CHANNEL, f"keep {model.stem}", "Keep in Lora folder"),
        ]
        for model in models
    ]
    listed = table(["File", "Epoch", "Step", ""], rows) if rows else ""
    return section("Saved models", listed, counted(len(models), "file"))


def log_panel(folder: RunFolder) -> str:
    """The end of what the trainer printed, and its files whole."""
    parts = [_log("What it printed", folder.stdout), _log("Errors and warnings", folder.stderr)]
    return "".join(parts) or '<p class="t2p-facts">The trainer printed nothing yet.</p>'


def _log(title: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LOG_BYTES))
            told = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    # A progress bar writes over itself: only what stood there in the end is of interest.
    lines = [line.rpartition("\r")[2] for line in told.replace("\r\n", "\n").split("\n")]
    shown = "\n".join(line for line in lines[-LOG_LINES:] if line.strip())
    if not shown:
        return ""
    whole = link(file_url(path), "Open the whole file", f"t2p_train_log_{path.stem}")
    return section(title, f'<pre class="t2p-log">{escape(shown)}</pre>{whole}', path.name)


def _line(label: str, curve: MetricCurve | None, *, strong: bool = True) -> Line:
    known = curve or MetricCurve()
    return Line(label, known.steps, known.values, strong)
