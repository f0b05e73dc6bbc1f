"""Jobs of photos, datasets and class images."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_t2p.jobs import JobContext
from lib_t2p.worker.params import param, person_of
from lib_t2p.workspace import forget_imported

if TYPE_CHECKING:
    from lib_t2p.dataset import ImportResult


def plan_class_images_job(context: JobContext) -> dict[str, Any]:
    """`reg.plan` {person, plan: {...ClassPlan}} -> {set, pictures}."""
    from lib_t2p.class_images import checkpoint_digest, plan_from, read_set, write_set
    from lib_t2p.portraits import Expander
    from lib_t2p.workspace import load_person, wildcard_roots

    plan = plan_from(param(context, "plan"))
    context.phase("checkpoint")
    workspace = context.workspace
    digest = checkpoint_digest(workspace, Path(plan.checkpoint), context.check_stop)
    context.phase("prompts")
    expander = Expander(wildcard_roots(workspace), load_person(person_of(context)))
    folder = write_set(workspace, plan, digest, expander.expand)
    for sentence in expander.told:
        context.warning(sentence)
    for name in expander.unknown:
        context.warning(f"There are no wildcards named {name}: it stays in the prompt as it is.")
    return {"set": folder.slug, "pictures": len(read_set(folder))}


def import_job(context: JobContext) -> dict[str, Any]:
    """`dataset.import` {person, sources} -> {added, known, failed: [[name, reason]], ...}."""
    from lib_t2p.dataset import import_photos

    sources = [Path(source) for source in param(context, "sources")]
    done = import_photos(person_of(context), sources, context)
    forget_imported(context.workspace, sources)
    return _imported(done)


def build_job(context: JobContext) -> dict[str, Any]:
    """`dataset.build` {person, options} -> {dataset, kept, held_out, left_out}."""
    from lib_t2p.dataset import DatasetOptions, build_dataset, read_manifest, with_lanczos
    from lib_t2p.jobs import processes_here
    from lib_t2p.vision.faces import load_tools
    from lib_t2p.worker.host_help import HostHelp

    options = DatasetOptions.from_mapping(param(context, "options"))
    enlarge = HostHelp(context).enlarger(options.upscaler) if options.upscaler else with_lanczos
    person, helpers = person_of(context), processes_here()
    built = build_dataset(person, options, load_tools(), context, enlarge, helpers)
    counts = Counter(decision.state for decision in read_manifest(built).decisions)
    return {
        "dataset": built.number,
        "kept": counts["kept"],
        "held_out": counts["held_out"],
        "left_out": counts["left_out"],
    }


def inspect_job(context: JobContext) -> dict[str, Any]:
    """`dataset.inspect` {person} -> {photos, people, chosen, doubt}."""
    from lib_t2p.dataset import survey_photos
    from lib_t2p.jobs import processes_here
    from lib_t2p.vision.faces import load_tools

    survey = survey_photos(person_of(context), load_tools(), context, processes_here())
    return {
        "photos": len(survey.photos),
        "people": len(survey.people),
        "chosen": survey.chosen,
        "doubt": survey.doubt,
    }


def caption_job(context: JobContext) -> dict[str, Any]:
    """`dataset.caption` {person, how: tagger | blip | host, folder, threshold} -> {captions}."""
    from lib_t2p.dataset import (
        DatasetOptions,
        DescribedCrop,
        Survey,
        describe_photos,
        describer_of,
        outlook,
        read_choices,
        read_survey,
    )
    from lib_t2p.worker.host_help import HostHelp

    person = person_of(context)
    context.phase("loading")
    how, folder = str(param(context, "how")), Path(str(param(context, "folder")))
    if how == "host":
        describe = HostHelp(context).describer()
    else:
        describe = describer_of(how, folder, float(param(context, "threshold")))
    found = outlook(read_survey(person) or Survey(), DatasetOptions(), read_choices(person))
    crops = [
        DescribedCrop(one.photo.photo, one.crops[0], one.photo.turn) for one in found if one.crops
    ]
    return {"captions": describe_photos(person, crops, describe, context)}


def class_photos_job(context: JobContext) -> dict[str, Any]:
    """`dataset.class_photos` {person, sources} -> {added, known, failed}."""
    from lib_t2p.dataset import import_photos

    sources = [Path(source) for source in param(context, "sources")]
    done = import_photos(person_of(context).class_photos, sources, context)
    forget_imported(context.workspace, sources)
    return _imported(done)


def _imported(done: ImportResult) -> dict[str, Any]:
    return {
        "added": len(done.added),
        "known": len(done.known),
        "failed": [[name, reason] for name, reason in done.failed],
        "passed": len(done.passed),
        "captions": done.captions,
    }


def rebuild_job(context: JobContext) -> dict[str, Any]:
    """`dataset.rebuild` {person, dataset} -> {dataset, kept, held_out, left_out}."""
    from lib_t2p.dataset import read_manifest, rebuild_dataset

    person = person_of(context)
    manifest = read_manifest(person.dataset(int(param(context, "dataset"))))
    built = rebuild_dataset(person, manifest, context)
    counts = Counter(decision.state for decision in manifest.decisions)
    return {
        "dataset": built.number,
        "kept": counts["kept"],
        "held_out": counts["held_out"],
        "left_out": counts["left_out"],
    }
