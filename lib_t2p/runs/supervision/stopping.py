"""The two ways to stop a training, and what each of them costs."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.errors import T2PError
from lib_t2p.plurals import counted
from lib_t2p.runs.runs import Run, read_run, saved_models
from lib_t2p.runs.supervision.kept_state import Memory
from lib_t2p.settings import Settings
from lib_t2p.workspace import RunFolder


@dataclass(frozen=True)
class StopOutlook:
    """What a stop would mean at this moment.

    Attributes:
        step: optimizer steps done.
        next_save: step at which the next model is saved; 0 when it cannot be told.
        seconds: until then; None when it cannot be told.
        lost: steps since the last saved model, which a stop now throws away.
        after_save: a sentence on stopping after the next save.
        now: a sentence on stopping now.
    """

    step: int
    next_save: int
    seconds: float | None
    lost: int
    after_save: str
    now: str


def stop_outlook(folder: RunFolder) -> StopOutlook | None:
    """What a stop of a run at work would mean; None while no step was done."""
    try:
        run = read_run(folder)
    except T2PError:
        return None
    memory = Memory(folder)
    step = int(memory.get("step", 0))
    if not step:
        return None
    saved = max((model.step for model in saved_models(folder)), default=0)
    return outlook(run, memory, step, min(saved, step))


def outlook(run: Run, memory: Memory, step: int, saved: int) -> StopOutlook:
    """The same from what is known already.

    Args:
        run: as stored.
        memory: of the run.
        step: optimizer steps done.
        saved: step of the newest saved model; 0 without one.
    """
    total = int(memory.get("total", 0))
    batches = int(memory.get("batches_per_epoch", 0))
    coming = next_save(run.settings, step, total, batches)
    pace = memory.get("seconds_per_step")
    seconds = float(pace) * (coming - step) if pace and coming else None
    lost = step - saved
    return StopOutlook(step, coming, seconds, lost, _after(coming, total, seconds), _now(lost, run))


def next_save(settings: Settings, step: int, total: int, batches_per_epoch: int) -> int:
    """Step of the next saved model.

    Args:
        settings: of the run.
        step: optimizer steps done.
        total: of the run; 0 when unknown.
        batches_per_epoch: optimizer steps of an epoch; 0 when unknown.

    Returns:
        A step after `step`; `total` when nothing is saved before; 0 when it cannot be told.
    """
    epochs = settings.max_train_epochs
    if not batches_per_epoch and epochs and total:
        batches_per_epoch = -(-total // epochs)
    candidates = [total] if total > step else []
    if settings.save_every_n_epochs and batches_per_epoch:
        candidates.append(_following(step, settings.save_every_n_epochs * batches_per_epoch))
    if settings.save_every_n_steps:
        candidates.append(_following(step, settings.save_every_n_steps))
    coming = min(candidates, default=0)
    return min(coming, total) if total else coming


def _following(step: int, every: int) -> int:
    return (step // every + 1) * every


def _after(coming: int, total: int, seconds: float | None) -> str:
    if not coming:
        return "Stops after the next saved model; when that comes is not known yet."
    of = f" of {total}" if total else ""
    when = f", in about {minutes(seconds)}" if seconds is not None else ""
    return f"Stops after step {coming}{of}, where the next model is saved{when}."


def _now(lost: int, run: Run) -> str:
    if not lost:
        return "Nothing is lost: a model was saved at this very step."
    steps = counted(lost, "step")
    again = (
        "the run can go on from its last training state"
        if run.settings.save_state
        else "without save_state the run can only start over"
    )
    return f"The last {steps} since the last saved model are lost; {again}."


def minutes(seconds: float) -> str:
    """A time span for a sentence, such as `3 min` or `1 h 20 min`."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    whole = round(seconds / 60)
    return f"{whole} min" if whole < 90 else f"{whole // 60} h {whole % 60} min"
