"""A collapse in a sentence."""

from __future__ import annotations

from lib_t2p.curves.collapse import Collapse

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
