"""The verdict of a grid as a card: the answer, what it rests on, and how to use it."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from lib_t2p import actions, grids, painting, scores
from lib_t2p.errors import T2PError
from lib_t2p.grids import cells
from lib_t2p.scores import verdict as verdict_room
from lib_t2p.scores import votes as votes_room
from lib_t2p.ui.markup import Tone, badge, message, report_link, send_button, table
from lib_t2p.ui.svg_chart import Dot, scatter
from lib_t2p.workspace import GridFolder, Person, PersonFolder, load_person

HEADER = (
    "Saved model",
    "Weight",
    "Distance (lower is closer)",
    "95 % interval",
    "Faces found",
    "Copies of training photos",
    "Sharpness",
)


def score_table(grid: GridFolder, person: PersonFolder) -> str:
    """Numbers without LoRA and of every saved model and weight; the leader stands out."""
    if not grid.scores.exists():
        return ""
    try:
        verdict, titles = judged(grid, person)
    except T2PError:
        return ""
    summaries = [verdict.reference, *verdict.candidates]
    leader = next((n for n, s in enumerate(summaries) if s.candidate == verdict.leader), -1)
    notes = _notes(grid, grid.scores.stat().st_mtime_ns)
    return table(HEADER, [_row(s, titles) for s in summaries], marked=leader) + notes


@lru_cache(maxsize=16)
def _notes(grid: GridFolder, _: int) -> str:
    """Why a score is absent or less sure, such as pictures of another person."""
    return message("\n".join(verdict_room.read_scores(grid).notes), "warn")


def judged(grid: GridFolder, person: PersonFolder) -> tuple[verdict_room.Verdict, dict[str, str]]:
    """The verdict of a scored grid, and what people read for each stem.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    plan = grids.shown_plan(grids.read_plan(grid), grid)
    return scores.known_verdict(grid, person), {s: plan.title_of(s) for s in plan.stems}


def _row(summary: verdict_room.Summary, titles: dict[str, str]) -> list[str]:
    model, weight = summary.candidate.model, summary.candidate.weight
    memorised = "not judged" if summary.memorised is None else str(summary.memorised)
    sharpness = "" if summary.sharpness is None else f"{summary.sharpness:.3g}"
    return [
        escape(titles.get(model, model) if model else "no LoRA"),
        f"{weight:g}" if model else "",
        "no face" if summary.distance is None else f"{summary.distance.mean:.3f}",
        _interval(summary.distance),
        f"{summary.found} of {summary.pictures}",
        memorised,
        sharpness,
    ]


def _interval(interval: verdict_room.Interval | None) -> str:
    if interval is None:
        return ""
    if not interval.known:
        return "too few faces"
    return f"{interval.low:.3f} to {interval.high:.3f}"


def verdict_card(host: actions.Host, grid: GridFolder, person: PersonFolder) -> str:
    """The card of a scored grid; empty before there are scores."""
    if not grid.scores.exists():
        return ""
    try:
        verdict, _ = judged(grid, person)
        plan = grids.shown_plan(grids.read_plan(grid), grid)
        who = load_person(person)
        votes = votes_room.votes_beside(grid, verdict)
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


def _against(measured: list[verdict_room.Summary]) -> tuple[str, list[float]]:
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


def _head(plan: grids.GridPlan, verdict: verdict_room.Verdict) -> str:
    if verdict.leader is None:
        return badge("no model may be taken", "warn")
    word = badge("best", "good") if verdict.best else badge("closest, not proven best", "info")
    name = f"{plan.title_of(verdict.leader.model)} at weight {verdict.leader.weight:g}"
    return f"<h4>{escape(name)} {word}</h4>"


def _use(
    host: actions.Host, plan: grids.GridPlan, who: Person, leader: verdict_room.Candidate
) -> str:
    """Fills txt2img with the first prompt, the LoRA's tag and weight, and the grid's settings."""
    try:
        request = cells.request_of(plan, who, (leader.model, leader.weight), {}, (0, plan.seeds[0]))
    except T2PError:
        # The start picture is gone: there is nothing that could be sent as it was.
        return ""
    title = actions.checkpoint_title(host, request.checkpoint)
    infotext = painting.write_infotext(request, model=title)
    return send_button(host, "txt2img", infotext, "Use in txt2img", "t2p_grid_use")
