"""LoRAs of known quality on the tiny base: what a verdict must be able to tell apart.

    python -m benchmarks.planted_models SCRATCH

One person (NASA's portrait) has a good LoRA, an equal one with another seed, one that was stopped
early and one that learnt two photos by heart; another person (the US Navy's portrait of Grace
Hopper, which matplotlib brings) has one too. What is trained already is not trained again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.dataset_corpus import CorpusMaker, load_sources
from lib_t2p.cli_output import Output
from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.demo.demo_settings import BASE, PIXELS
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.runs.supervision.supervisor import run_training
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.workspace.people import Person, create_person, load_person
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace

PERSON, STRANGER = "Planted", "Stranger"
STRANGER_PHOTOS = 15


@dataclass(frozen=True)
class Planted:
    """A model of known quality.

    Attributes:
        name: of its run.
        person: who is trained.
        epoch: the saved model that stands for it.
        wanted: photos trained on; 0 is all.
        repeats: of each photo in an epoch.
        changes: settings that differ from the recipe `demo`.
    """

    name: str
    person: str
    epoch: int
    wanted: int = 0
    repeats: int = 10
    changes: Mapping[str, Any] = field(default_factory=dict)


MODELS = (
    Planted("good", PERSON, 15),
    Planted("equal", PERSON, 15, changes={"seed": 4321}),
    Planted("early", PERSON, 2, changes={"max_train_epochs": 15}),
    Planted("copycat", PERSON, 10, wanted=2, repeats=50, changes={"max_train_epochs": 10}),
    Planted("stranger", STRANGER, 15),
)


def planted_workspace(scratch: Path) -> Workspace:
    """The workspace with both people and their photos; made at the first call."""
    workspace = open_workspace(scratch / "workspace")
    _person(workspace, PERSON, "nsprt", "woman", [write_demo_photos(scratch / "photos")])
    _person(workspace, STRANGER, "hprgrc", "woman", [_stranger_photos(scratch / "stranger")])
    return workspace


def train(workspace: Workspace, planted: Planted) -> Path:
    """Train a model, or go on with it; gives the saved model that stands for it."""
    person = workspace.person(planted.person)
    folder = person.run(planted.name)
    if not folder.settings.exists():
        who = load_person(person)
        values = {**load_recipe("demo").values, "save_every_n_epochs": 1, **planted.changes}
        run = Run(
            person=person.slug,
            name=planted.name,
            dataset=dataset_of(person, planted),
            checkpoint=str(BASE),
            trainer="builtin",
            settings=settings_from(values),
            trigger=who.trigger,
            class_word=who.class_word,
        )
        folder = create_run(person, run)
    models = run_training(folder, SilentReporter())
    return next(model.path for model in models if model.epoch == planted.epoch)


def _person(
    workspace: Workspace, name: str, trigger: str, class_word: str, sources: Sequence[Path]
) -> None:
    folder = workspace.person(name)
    if not folder.record.exists():
        create_person(workspace, Person(name, trigger, class_word, "free picture", "2026-01-01"))
    import_photos(folder, sources, SilentReporter())


def dataset_of(person: PersonFolder, planted: Planted) -> int:
    """Build the dataset that a planted model is trained on; gives its number."""
    options = DatasetOptions(
        resolution=PIXELS,
        framing="face",
        repeats=planted.repeats,
        wanted=planted.wanted or None,
    )
    return build_dataset(person, options, load_tools(), SilentReporter()).number


def _stranger_photos(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    make = CorpusMaker(load_sources(), seed=7)
    for number in range(STRANGER_PHOTOS):
        path = folder / f"photo-{number:02d}.png"
        picture = make.photo(make.sources.stranger)
        if not path.exists():
            picture.save(path)
    return folder


def main(argv: Sequence[str] | None = None) -> int:
    """Train all that is missing."""
    parser = argparse.ArgumentParser(prog="benchmarks.planted_models", description=__doc__)
    parser.add_argument("scratch", type=Path)
    workspace = planted_workspace(parser.parse_args(argv).scratch.absolute())
    output = Output()
    for planted in MODELS:
        output.line(f"{planted.name}: {train(workspace, planted).name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
