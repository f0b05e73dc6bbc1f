"""How a training is shown: progress, curves, sample images, saved models."""

from __future__ import annotations

from html import escape
from pathlib import Path

from lib_t2p.errors import T2PError
from lib_t2p.jobs.job import Job
from lib_t2p.training.runs import read_run, saved_models
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.job_view import job_panel
from lib_t2p.ui.live import Activity, Curve
from lib_t2p.ui.markup import message, picture_card, picture_grid, section
from lib_t2p.ui.svg_chart import Line, chart
from lib_t2p.ui.text import counted
from lib_t2p.workspace import RunFolder

MOST_SAMPLES = 24


def run_panel(folder: RunFolder, job: Job | None, activity: Activity, now: float) -> str:
    """State, epoch, facts of the run."""
    try:
        run = read_run(folder)
    except T2PError as error:
        return message(str(error), "bad")
    epochs = run.settings.max_train_epochs
    ended = len(activity.curves.get("loss/epoch", Curve()).steps)
    epoch = f", epoch {min(ended + 1, epochs)} of {epochs}" if epochs and activity.total else ""
    head = job_panel(job, activity, now, f"{folder.id}{epoch}") if job else ""
    facts = f"Dataset {run.dataset}, base {Path(run.checkpoint).name}, trainer {run.trainer}"
    return f'{head}<p class="t2p-facts">{escape(facts)}</p>'


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


def models_panel(folder: RunFolder) -> str:
    """The saved models of the run."""
    models = saved_models(folder)
    items = "".join(f"<li><code>{escape(m.path.name)}</code></li>" for m in models)
    note = counted(len(models), "file")
    return section("Saved models", f'<ul class="t2p-files">{items}</ul>' if items else "", note)


def _line(label: str, curve: Curve | None, *, strong: bool = True) -> Line:
    known = curve or Curve()
    return Line(label, known.steps, known.values, strong)
