"""How findings and the forecast of a run are shown."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lib_t2p import preflight, settings
from lib_t2p.actions import runs as run_actions
from lib_t2p.ranges import whole_number
from lib_t2p.ui.components import act_button
from lib_t2p.ui.markup import Tone
from lib_t2p.ui.text import counted, duration

CHANNEL = "train_fix"
INSTALL = " install"
"""End of what a button sends that installs a package."""

TONES: dict[settings.Severity, tuple[Tone, str]] = {
    "error": ("bad", "Must be changed"),
    "warning": ("warn", "Careful"),
    "note": ("plain", "Note"),
}


def findings_panel(found: Sequence[settings.Finding]) -> str:
    """One box per finding, the gravest first, with a button where there is a fix."""
    return "".join(_box(number, finding) for number, finding in enumerate(found))


def finding_named(found: Sequence[settings.Finding], act: str) -> settings.Finding | None:
    """The finding whose button was pressed, if it is still there."""
    number, _, code = act.removesuffix(INSTALL).partition(" ")
    place = whole_number(number)
    wanted = [f for f in found if (f.install if act.endswith(INSTALL) else f.fix)]
    same = [finding for finding in wanted if finding.code == code]
    if place is not None and place < len(found) and found[place] in same:
        return found[place]
    return same[0] if same else None


def forecast_line(
    plan: preflight.StepPlan | None, forecast: preflight.Forecast | None, memory: str
) -> str:
    """Steps, epochs, minutes, memory and disk with where they come from.

    Args:
        plan: None when the pictures cannot be counted.
        forecast: of that plan.
        memory: what the memory is of, such as `graphics memory`.
    """
    if plan is None or forecast is None:
        return ""
    reg = f" + {plan.reg_images} regularisation" if plan.reg_images else ""
    facts = [
        f"{counted(plan.steps, 'step')} in {counted(plan.epochs, 'epoch')}",
        f"{plan.train_images}{reg} pictures per epoch",
        f"about {duration(forecast.minutes * 60)}",
        f"{forecast.vram_mb / 1024:.1f} GB of {memory}",
        f"{run_actions.megabytes(forecast.disk_bytes)} on disk",
    ]
    items = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    return (
        f'<div class="t2p-forecast"><ul>{items}</ul>'
        f'<p class="t2p-facts">{escape(forecast.basis)}</p></div>'
    )


def _box(number: int, finding: settings.Finding) -> str:
    tone, word = TONES[finding.severity]
    role = "alert" if finding.severity == "error" else "status"
    why = f"<p>{escape(finding.why)}</p>" if finding.why else ""
    head = f"<p><strong>{word}:</strong> {escape(finding.what)}</p>"
    return (
        f'<div class="t2p-message t2p-{tone} t2p-finding" role="{role}" '
        f'data-code="{escape(finding.code)}">{head}{why}{_remedy(number, finding)}</div>'
    )


def _remedy(number: int, finding: settings.Finding) -> str:
    buttons = []
    if finding.fix:
        changes = ", ".join(f"{name} = {value}" for name, value in finding.fix.items())
        label = finding.fix_label or f"Set {changes}"
        act = f"{number} {finding.code}"
        buttons.append(act_button(CHANNEL, act, label, title=f"Sets {changes}"))
    if finding.install:
        act, label = f"{number} {finding.code}{INSTALL}", f"Install {finding.install}"
        into = "Into the trainer's own environment, nowhere else"
        buttons.append(act_button(CHANNEL, act, label, title=into))
    by_hand = f"<p>{escape(finding.fix_label)}</p>" if finding.fix_label and not finding.fix else ""
    return by_hand + " ".join(buttons)
