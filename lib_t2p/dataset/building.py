"""Building a dataset version: look, judge, choose, crop, write; the manifest comes last.

It names the versions of what decided over the photos."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from importlib import metadata

import lib_t2p
from lib_t2p.dataset.captions.book import read_captions
from lib_t2p.dataset.choosing import limit_to_wanted, without_duplicates
from lib_t2p.dataset.class_pictures import (
    ClassPictures,
    choose_class_pictures,
    draw_class_pictures,
    set_of,
)
from lib_t2p.dataset.crop_turns import settled_choices
from lib_t2p.dataset.enlarging import Enlarger, with_lanczos
from lib_t2p.dataset.inspecting import inspect_photos
from lib_t2p.dataset.judging import judge_photos, seen_candidates
from lib_t2p.dataset.manifest import ClassCrop, Manifest, PhotoDecision, write_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.part_folder import finish_part, new_part
from lib_t2p.dataset.photo_choices import PhotoChoices
from lib_t2p.dataset.photo_list import read_photo_list
from lib_t2p.dataset.photo_report import PhotoReport
from lib_t2p.dataset.sheet import write_sheet
from lib_t2p.dataset.splitting import Split, group_seen, split_photos
from lib_t2p.dataset.subject import Subject, find_subject
from lib_t2p.dataset.version_files import DrawnVersion, draw_version
from lib_t2p.errors import InputError
from lib_t2p.jobs.events import Reporter
from lib_t2p.plurals import counted
from lib_t2p.vision.faces import VisionTools
from lib_t2p.workspace import DatasetFolder, PersonFolder, load_person

PACKAGES = (
    "pillow",
    "pillow-heif",
    "numpy",
    "scipy",
    "opencv-python-headless",
    "dlib-bin",
    "ImageHash",
    "onnxruntime",
)


def package_versions() -> dict[str, str]:
    """Our own version and those of the packages that are installed."""
    found = {"text-to-person": lib_t2p.__version__}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def build_dataset(
    person: PersonFolder,
    options: DatasetOptions,
    tools: VisionTools,
    reporter: Reporter,
    enlarge: Enlarger = with_lanczos,
    helpers: int = 1,
) -> DatasetFolder:
    """Build the next dataset version from the person's photos.

    Everything is written to a folder of another name, which is renamed once it is whole: a build
    that was killed or stopped leaves no version. The same photos and options give the same bytes.

    Args:
        person: whose photos they are.
        options: sizes, framing and thresholds.
        tools: who looks at the photos.
        reporter: told of phases, photos and warnings.
        enlarge: draws crops that have fewer pixels than they are to have.
        helpers: as of `inspect_photos`.

    Raises:
        InputError: no photos, no faces, several people without a dominant one, or no photo that
            can be used.
        WorkspaceError: the disk is full or may not be written.
        StopRequested: the person asked to stop.
    """
    who = load_person(person)
    reports = inspect_photos(person, tools, reporter, helpers)
    reporter.phase("choosing")
    choices = settled_choices(person, reports, reporter)
    split, left_out, subject = _choose(person, reports, options, choices)
    classes = _class_pictures(person, subject, options, tools, reporter)
    part = new_part(person)
    try:
        # Who else enlarges may not be asked twice at once.
        threads = helpers if enlarge is with_lanczos else 1
        drawing = DrawnVersion(person, who, options, read_captions(person), enlarge, threads)
        decisions = draw_version(part, drawing, split, reporter)
        written = _write_class(part, who.class_word, classes, decisions, reporter)
        decisions += [*left_out, *_not_imported(person)]
        decisions.sort(key=lambda d: d.photo)
        reporter.phase("sheet")
        write_sheet(part, person, decisions)
        manifest = Manifest(
            trigger=who.trigger,
            class_word=who.class_word,
            options=options,
            detector=tools.detector.name,
            embedder=tools.embedder.name,
            heldout_variants_of_training=split.shares_shots,
            decisions=tuple(decisions),
            class_crops=written,
            class_refused=classes.refused if classes else (),
            versions=package_versions(),
        )
        write_manifest(part, manifest)
        _warn(split, options.held_out, reporter)
        return finish_part(person, part)
    except BaseException:
        shutil.rmtree(part.root, ignore_errors=True)
        raise


def _choose(
    person: PersonFolder,
    reports: Sequence[PhotoReport],
    options: DatasetOptions,
    choices: PhotoChoices,
) -> tuple[Split, list[PhotoDecision], Subject]:
    readable = [r for r in reports if not r.fault]
    if not readable:
        raise InputError(
            f"None of the {len(reports)} photos in {person.photos} can be read. The first: "
            f"{reports[0].fault}"
        )
    subject = find_subject(person, readable, options.same_person, choices)
    candidates, left_out = judge_photos(reports, subject, options, choices)
    candidates, duplicates = without_duplicates(candidates, options.near_duplicate_bits)
    candidates, surplus = limit_to_wanted(candidates, options.wanted)
    left_out += duplicates + surplus
    if not candidates:
        raise InputError(_nothing_left(person, left_out))
    groupings = group_seen(seen_candidates(readable, subject), options.same_burst_bits)
    return split_photos(candidates, groupings, options.held_out), left_out, subject


def _class_pictures(
    person: PersonFolder,
    subject: Subject,
    options: DatasetOptions,
    tools: VisionTools,
    reporter: Reporter,
) -> ClassPictures | None:
    if not options.regularisation:
        return None
    folder = set_of(person, options.regularisation)
    found = choose_class_pictures(folder, subject, options, tools, reporter)
    if not found.used:
        raise InputError(
            f"None of the {len(found.refused)} regularisation images can be used. The first: "
            f"{found.refused[0][1]}"
        )
    return found


def _write_class(
    part: DatasetFolder,
    class_word: str,
    found: ClassPictures | None,
    decisions: Sequence[PhotoDecision],
    reporter: Reporter,
) -> tuple[ClassCrop, ...]:
    if found is None:
        return ()
    # One epoch shows as many of them as pictures of the person.
    wanted = sum(crop.repeats for decision in decisions for crop in decision.crops)
    written = draw_class_pictures(part, class_word, found, wanted, reporter)
    if len(written) < wanted:
        reporter.warning(
            f"{counted(len(written), 'regularisation image')} for "
            f"{counted(wanted, 'picture')} an epoch: each is shown "
            f"{wanted / len(written):.1f} times. More of them would do better."
        )
    return written


def _not_imported(person: PersonFolder) -> list[PhotoDecision]:
    failed = read_photo_list(person).failed
    return [PhotoDecision(f.name, "left_out", "corrupt", f.reason) for f in failed]


def _nothing_left(person: PersonFolder, left_out: Sequence[PhotoDecision]) -> str:
    first = "; ".join(f"{d.photo}: {d.reason}" for d in left_out[:5])
    return (
        f"None of the {len(left_out)} photos in {person.photos} can be used: import more, or "
        f"loosen the options. {first}"
    )


def _warn(split: Split, asked: int | None, reporter: Reporter) -> None:
    kept, held_out = len(split.kept), len(split.held_out)
    if not held_out and asked != 0:
        reporter.warning(
            f"Only {counted(kept, 'photo')} can be used, so none is held out: likeness "
            "cannot be scored. "
            "Import more photos."
        )
    elif asked is not None and held_out < asked:
        reporter.warning(
            f"{counted(held_out, 'photo is')} held out instead of {asked}: the rest must be "
            "trained on, or "
            "belongs to the same shots. Import more photos, or hold out fewer."
        )
    elif held_out == 1:
        reporter.warning(
            "Only one photo is held out: scores tell nothing of how the person's own photos "
            "differ. Import more photos."
        )
    if split.shares_shots:
        reporter.warning(
            "The held-out pictures are variants of training photos: memorisation is not judged."
        )
