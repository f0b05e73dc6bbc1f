"""The verdict of a grid as a card: the answer, what it rests on, and how to use it."""

from __future__ import annotations

from html import escape

from lib_t2p.actions import Host
from lib_t2p.errors import T2PError
from lib_t2p.grids import GridPlan, read_plan, shown_plan
from lib_t2p.grids.cells import request_of
from lib_t2p.painting import write_infotext
from lib_t2p.scores.verdict import Candidate, Summary, Verdict
from lib_t2p.scores.votes import votes_beside
from lib_t2p.ui.checkpoints import checkpoint_title
from lib_t2p.ui.markup import Tone, badge, message
from lib_t2p.ui.report_links import report_link
from lib_t2p.ui.score_table import judged
from lib_t2p.ui.sending import send_button
from lib_t2p.ui.svg_scatter import Dot, scatter
from lib_t2p.workspace import GridFolder, Person, PersonFolder, load_person


def verdict_card(host: Host, grid: GridFolder, person: PersonFolder) -> str:
    """The card of a scored grid; empty before there are scores."""
    if not grid.scores.exists():
        return ""
    try:
        verdict, _ = judged(grid, person)
        plan = shown_plan(read_plan(grid), grid)
        who = load_person(person)
        votes = votes_beside(grid, verdict)
    except T2PError as error:
        return message(str(error), "bad")
    tone: Tone = "good" if verdict.best else "info"
    notes = [f"- {note}" for note in (verdict.memorisation, *verdict.notes)]
    told = message("\n".join([verdict.sentence, *notes]), tone)
    head = _head(plan, verdict)
    beside = message(votes.text, "plain") if votes else ""
    use = _use(host, plan, who, verdict.leader) if verdict.leader else ""
    report = report_link(grid.report, "Open the report", "t2p_grid_report")
    return f'<div class="t2p-verdict" id="t2p_grid_verdict">{head}{told}{beside}{use}{report}</div>'


def pareto_plot(grid: GridFolder, person: PersonFolder) -> str:
    """Likeness against what speaks against it; empty when only one of the two was measured."""
    if not grid.scores.exists():
        return ""
    try:
        verdict, titles = judged(grid, person)
    except T2PError:
        return ""
    measured = [s for s in verdict.candidates if s.distance is not None]
    label, values = _against(measured)
    barred = {candidate for candidate, _ in verdict.barred}
    dots = [
        Dot(
            f"{titles.get(s.candidate.model, s.candidate.model)} {s.candidate.weight:g}",
            s.distance.mean,
            value,
            marked=s.candidate == verdict.leader,
            faint=s.candidate in barred,
        )
        for s, value in zip(measured, values, strict=False)
        if s.distance is not None
    ]
    return scatter(f"Likeness and {label}", "distance to the person", label, dots)


def _against(measured: list[Summary]) -> tuple[str, list[float]]:
    """The first of the measures against likeness that all candidates have."""
    for label, found in (
        ("likeness with a training photo", [s.copied for s in measured]),
        ("sameness of the seeds", [s.repeats for s in measured]),
        (
            "nearness to a training photo",
            [None if s.nearest is None else -s.nearest for s in measured],
        ),
    ):
        known = [value for value in found if value is not None]
        if known and len(known) == len(found):
            return label, known
    return "", []


def _head(plan: GridPlan, verdict: Verdict) -> str:
    if verdict.leader is None:
        return badge("no model may be taken", "warn")
    word = badge("best", "good") if verdict.best else badge("closest, not proven best", "info")
    name = f"{plan.title_of(verdict.leader.model)} at weight {verdict.leader.weight:g}"
    return f"<h4>{escape(name)} {word}</h4>"


def _use(host: Host, plan: GridPlan, who: Person, leader: Candidate) -> str:
    """Fills txt2img with the first prompt, the LoRA's tag and weight, and the grid's settings."""
    try:
        request = request_of(plan, who, (leader.model, leader.weight), {}, (0, plan.seeds[0]))
    except T2PError:
        # The start picture is gone: there is nothing that could be sent as it was.
        return ""
    title = checkpoint_title(host, request.checkpoint)
    infotext = write_infotext(request, model=title)
    return send_button(host, "txt2img", infotext, "Use in txt2img", "t2p_grid_use")
