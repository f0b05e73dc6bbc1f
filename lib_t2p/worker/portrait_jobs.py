"""Jobs of portraits; painting between plan and scores is a painter's.

A person's own saved models are put where a painter finds the LoRAs that prompts name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lib_t2p.jobs import JobContext
from lib_t2p.worker.params import param, person_of
from lib_t2p.workspace import PersonFolder, PortraitsFolder, portraits_folder, wildcard_roots


def install_named(context: JobContext, person: PersonFolder, prompts: Iterable[str]) -> None:
    """Link saved models of the person that prompts name and that are not there yet.

    A name that is no saved model is left to the painter, which says that it is missing.

    Raises:
        LoraError: another LoRA has the name of a saved model.
    """
    from lib_t2p.lora import install_trial
    from lib_t2p.painting import lora_stems
    from lib_t2p.runs import saved_models

    named = {stem for prompt in prompts for stem in lora_stems(prompt)}
    saved = {model.stem: model for run in person.runs() for model in saved_models(run)}
    for stem in sorted(named & set(saved)):
        install_trial(saved[stem].path, context.workspace.loras, stem)


def plan_job(context: JobContext) -> dict[str, Any]:
    """`portraits.plan` {person, portraits, round} -> {pictures, ended}: a round, and its jobs."""
    from lib_t2p import portraits
    from lib_t2p.portraits import Expander, begin, end, read_choices, read_portraits, why_over
    from lib_t2p.workspace import load_person

    person, series, number = person_of(context), portraits_of(context), int(param(context, "round"))
    plan = read_portraits(series)
    begin(series, context.clock)
    first = sum(len(portraits.read_round(series, n)) for n in series.rounds() if n < number)
    ended = why_over(series, plan, first, context.clock) or next(
        filter(
            None,
            (portraits.why_cut_short(context.queue, person, series, n) for n in _before(number)),
        ),
        "",
    )
    if ended:
        end(series, ended)
        return {"pictures": 0, "ended": ended}
    expander = Expander(wildcard_roots(context.workspace), load_person(person))
    choices = read_choices(series)
    if number == 1:
        portraits.probe(plan, choices, expander, first)
    size = min(plan.batch, plan.count - first) if plan.count else plan.batch
    pictures = portraits.plan_pictures(plan, choices, expander, first, size)
    if number == 1:
        for sentence in expander.told:
            context.warning(sentence)
    install_named(context, person, (one.request.prompt for one in pictures))
    portraits.write_round(series, number, pictures)
    portraits.queue_round(context.queue, person, series, context.job, number)
    return {"pictures": size, "ended": ""}


def scores_job(context: JobContext) -> dict[str, Any]:
    """`portraits.scores` {person, portraits, round} -> {scored, kept, binned}: scored, sorted."""
    from lib_t2p import portraits
    from lib_t2p.portraits import end, read_portraits, score_round, sort_pictures
    from lib_t2p.worker.picture_tools import scoring_tools

    person, series, number = person_of(context), portraits_of(context), int(param(context, "round"))
    plan = read_portraits(series)
    dataset = person.dataset(plan.dataset) if plan.dataset else None
    scores = score_round(series, number, dataset, scoring_tools(context.workspace), context)
    cut = portraits.why_cut_short(context.queue, person, series, number)
    if cut:
        # Planning the next round came too early to see it.
        end(series, cut)
    # The rule may have been changed meanwhile.
    kept, binned = sort_pictures(series, read_portraits(series).rule)
    return {"scored": len(scores.pictures), "kept": kept, "binned": binned}


def preview_job(context: JobContext) -> dict[str, Any]:
    """`portraits.preview` {person, prompt, seed, count} -> {prompts, unknown, told}: expanded."""
    from lib_t2p.portraits import Expander, preview
    from lib_t2p.workspace import load_person

    person = person_of(context)
    expander = Expander(wildcard_roots(context.workspace), load_person(person))
    texts = preview(
        expander,
        str(param(context, "prompt")),
        int(param(context, "seed")),
        int(param(context, "count")),
    )
    return {"prompts": texts, "unknown": list(expander.unknown), "told": expander.told}


def portraits_of(context: JobContext) -> PortraitsFolder:
    """The series that the job is about."""
    return portraits_folder(person_of(context), str(param(context, "portraits")))


def _before(number: int) -> range:
    # The one before is being painted while this one is planned, so it may fail later.
    return range(max(1, number - 2), number)
