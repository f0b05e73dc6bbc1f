"""What is wrong with a training, told from the shape of its curves.

No level of a curve is good or bad by itself: alpha near the rank makes d x lr a hundred times
smaller, min-SNR and noise offset move the loss, and a chosen precision has its price in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lib_t2p.curves.adaptation import START, Adaptation, adaptation
from lib_t2p.curves.collapse import Collapse, collapse_of
from lib_t2p.curves.curve import Curves
from lib_t2p.curves.epochs import epochs_of, first_nan, runaway
from lib_t2p.curves.pace import SLOW_FORECAST, is_slower, seconds_per_step, slowdown
from lib_t2p.settings import Settings

NEAR_TOP = 0.8
"""A d x lr of that share of the run's highest is called its highest."""


def collapse_sentence(found: Collapse, epochs: tuple[int, int] | None, *, ended: bool) -> str:
    """What happened, and what to do.

    Args:
        found: the stretch.
        epochs: of its first and its last step, where they are known.
        ended: the run is over.
    """
    open_ = found.after is None
    if open_:
        where = f"Since step {found.first}"
        where += f" (epoch {epochs[0]})" if epochs else ""
        told = "lies" if not ended else "lay"
    else:
        where = f"From step {found.first} to {found.last}"
        where += f" ({_epochs(epochs)})" if epochs else ""
        told = "lay"
    sentence = (
        f"{where} the loss {told} at {found.high:.3g}, "
        f"{found.high / found.usual:.1f} times what it was before"
    )
    sentence += _beside(found) + _rate(found)
    if found.after is not None:
        sentence += f", and came back to {found.after:.3g}: the training collapsed and recovered"
        advice = "what was saved in that stretch is likely worse"
    else:
        sentence += ": the training collapsed"
        advice = (
            "take a model saved before"
            if ended
            else "it may recover; models saved now are likely worse"
        )
    return f"{sentence}; {advice}. A lower learning rate or growth_rate prevents it."


def _epochs(epochs: tuple[int, int]) -> str:
    first, last = epochs
    return f"epoch {first}" if first == last else f"epochs {first} to {last}"


def _beside(found: Collapse) -> str:
    if not found.beside:
        return ""
    return f" and {found.times:.1f} times that of {found.beside} with the same photos and timesteps"


def _rate(found: Collapse) -> str:
    if found.dlr is None or found.most_dlr is None or found.dlr < NEAR_TOP * found.most_dlr:
        return ""
    times = found.dlr_times
    beside = f", {times:.1f} times the other's" if times and times > 1.1 else ""
    return f", while d x lr stood at its highest, {found.dlr:.2g}{beside}"


STUCK = 1.5
"""d that has not grown so many times is where it began."""

PATIENCE = 100
"""Steps before d has to have moved; without a limit on its growth it does within ten."""

LEAST_LEFT = 0.15
"""Of the schedule, after d was found. The guide's 550 steps with growth rate 1.02 have 0.07 left
and are under-trained, its 1100 steps 0.43 and are good."""


@dataclass(frozen=True)
class CurveFinding:
    """Something wrong.

    Attributes:
        code: for programs.
        message: for people.
        steps: the first and last of a stretch that is worse than the rest; None without one.
        epochs: of these steps, from 1; None where they are not known.
    """

    code: str
    message: str
    steps: tuple[int, int] | None = None
    epochs: tuple[int, int] | None = None


def curve_findings(
    curves: Curves,
    settings: Settings | None = None,
    forecast_seconds: float | None = None,
    *,
    ended: bool = True,
) -> list[CurveFinding]:
    """Judge the curves of a run.

    Args:
        curves: of the run.
        settings: of the run, where they are known; they name causes.
        forecast_seconds: per step, where a forecast was made.
        ended: the run is over; one that still trains may still warm up.

    Returns:
        Findings with the codes nan-loss, diverged, collapse, lr-stuck, short-warmup and
        slow-steps, each at most once; none for a healthy run.
    """
    return [
        *_losses(curves, ended),
        *_adaptation(adaptation(curves), settings, ended),
        *_slow(curves, forecast_seconds),
    ]


def collapse_finding(curves: Curves, fell: Collapse, *, ended: bool = True) -> CurveFinding:
    """A collapse with its steps and epochs; `ended` says that the run is over."""
    epochs = epochs_of(curves, fell.first, fell.last)
    message = collapse_sentence(fell, epochs, ended=ended)
    return CurveFinding("collapse", message, (fell.first, fell.last), epochs)


def _losses(curves: Curves, ended: bool) -> Iterator[CurveFinding]:
    bad = first_nan(curves)
    if bad:
        step, count, of = bad
        yield CurveFinding(
            "nan-loss",
            f"The loss is no number at {count} of {of} steps, from step {step}: what was saved "
            "after it is likely useless; take an earlier model, or train in bf16 or at a lower "
            "learning rate.",
        )
    ran = runaway(curves)
    if ran:
        yield CurveFinding(
            "diverged",
            f"The loss ran away: {ran.last:.3g} since step {ran.step}, {ran.best:.3g} at its best; "
            "take a model saved before, or lower the learning rate.",
        )
    fell = collapse_of(curves)
    # Of a loss that ran away and stayed there nothing more is to be said.
    if fell and not (ran and fell.after is None):
        yield collapse_finding(curves, fell, ended=ended)


def _adaptation(
    found: Adaptation | None, settings: Settings | None, ended: bool
) -> Iterator[CurveFinding]:
    if found is None or len(found.d) < 2:
        return
    start = _start(settings)
    # A resumed training begins with the d that it had found.
    fresh = found.d[0] < 10 * start
    if found.growth < STUCK:
        if fresh and found.steps[-1] - found.steps[0] + 1 >= PATIENCE:
            yield CurveFinding("lr-stuck", _stuck(found, settings))
    elif ended and fresh and found.still_growing:
        yield CurveFinding("short-warmup", _unfinished(found))
    elif ended and fresh and found.share_left < LEAST_LEFT:
        yield CurveFinding("short-warmup", _late(found))


def _stuck(found: Adaptation, settings: Settings | None) -> str:
    cause = "full fp16 with D-Adaptation does this"
    if settings is not None:
        cause = "full_fp16 rounds its growth away" if settings.full_fp16 else ""
    return (
        f"The adapted learning rate stayed at its start, d = {found.d[0]:.2g}, for all "
        f"{found.last_step} steps, so next to nothing was learned, however the loss looks"
        + (f"; {cause}: use bf16, or mixed fp16 only." if cause else ".")
    )


def _unfinished(found: Adaptation) -> str:
    return (
        f"The adapted learning rate still grew by {100 * (found.per_step - 1):.3g} % a step when "
        f"the training ended at step {found.last_step}: it never warmed up, so the run is "
        "under-trained; train more steps, or raise or drop growth_rate."
    )


def _late(found: Adaptation) -> str:
    return (
        f"The adapted learning rate was found at step {found.settled_at} only, when the schedule "
        f"had {100 * found.share_left:.0f} % of its learning left: the run is under-trained; "
        "train more steps, or raise or drop growth_rate."
    )


def _slow(curves: Curves, forecast: float | None) -> Iterator[CurveFinding]:
    slower = slowdown(curves)
    usual = seconds_per_step(curves)
    if slower:
        yield CurveFinding(
            "slow-steps",
            f"From step {slower.step} a step took {slower.seconds:.3g} s, {slower.before:.3g} s "
            "before: the card's memory may have run over into the machine's, or another program "
            "used the card.",
        )
    elif forecast and usual is not None and is_slower(usual, forecast, SLOW_FORECAST):
        yield CurveFinding(
            "slow-steps",
            f"A step takes {usual:.3g} s, {forecast:.3g} s were forecast: the card's memory may "
            "have run over into the machine's; lower the batch size or resolution, or switch "
            "gradient_checkpointing on.",
        )


def _start(settings: Settings | None) -> float:
    for argument in settings.optimizer_args if settings else ():
        name, _, value = argument.partition("=")
        if name.strip() == "d0":
            try:
                return float(value)
            except ValueError:
                return START
    return START
