"""Comparing LoRAs that were made elsewhere: the same grid and verdict, with no training by us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lib_t2p.actions.grids.grid_values import WEIGHTS
from lib_t2p.actions.grids.submit import refuse_taken, submit_dataset, submit_grid, submit_photos
from lib_t2p.actions.submitting import comparable, dataset_version, known_person
from lib_t2p.dataset import DatasetOptions
from lib_t2p.diffusion import recognise
from lib_t2p.errors import FaultsError, T2PError
from lib_t2p.files import slug
from lib_t2p.grids import NEWEST, looked_plan, plan_faults
from lib_t2p.grids.axes import GridModel
from lib_t2p.jobs import Job
from lib_t2p.lora import check_family, refuse_stem
from lib_t2p.painting import ComparedPictures
from lib_t2p.workspace import GridFolder, PersonFolder, Workspace, settled


@dataclass(frozen=True)
class OwnLoras:
    """What is compared.

    Attributes:
        files: LoRA files, anywhere.
        checkpoint: base checkpoint that all of them were made for.
        name: of the grid.
        photos: of the person, files or folders; they are imported and a dataset is built of them
            first. Without any the dataset is one that is there.
        options: of that dataset.
        dataset: version whose held-out photos are the yardstick; the newest when None. Its
            training photos are taken for those of the LoRAs, which nobody knows.
        trigger: in place of the person's own; LoRAs from elsewhere often have another.
        weights: LoRA weights, the columns.
        look: how pictures are painted.
    """

    files: Sequence[Path]
    checkpoint: Path
    name: str
    photos: Sequence[Path] = ()
    options: DatasetOptions = field(default_factory=DatasetOptions)
    dataset: int | None = None
    trigger: str = ""
    weights: tuple[float, ...] = WEIGHTS
    look: ComparedPictures = field(default_factory=ComparedPictures)


def compare_loras(workspace: Workspace, person: str, wanted: OwnLoras) -> list[Job]:
    """Queue a grid of LoRA files, and before it the dataset of the photos that are named.

    Returns:
        All jobs in their order; the last four are the grid's.

    Raises:
        InputError: there is no such person, dataset or photo, or a grid of that name is there
            already.
        CheckpointError: the base checkpoint cannot be used.
        FaultsError: all files that are missing, damaged or of another family, and bad values.
    """
    folder = known_person(workspace, person)
    dataset = NEWEST
    if not wanted.photos:
        dataset = comparable(dataset_version(folder, wanted.dataset)).number
    family = recognise(wanted.checkpoint).key_names
    faults = [] if wanted.files else ["no LoRA is named: give at least one file"]
    for file in wanted.files:
        try:
            check_family(file, family)
        except T2PError as error:
            faults.append(str(error))
    models = own_models(folder, wanted.files)
    checkpoint = str(wanted.checkpoint.absolute())
    made = looked_plan(folder.slug, dataset, checkpoint, wanted.look, models, wanted.weights)
    plan = replace(made, trigger=wanted.trigger)
    if not faults:
        faults = plan_faults(plan)
    if faults:
        raise FaultsError("These LoRAs cannot be compared", faults)
    grid = refuse_taken(folder.grid(wanted.name))
    before = _dataset_jobs(workspace, folder.slug, wanted) if wanted.photos else []
    kept = tuple(_staying(workspace, grid, model) for model in models)
    needs = [before[-1].id] if before else []
    plan = replace(plan, models=kept)
    return [*before, *submit_grid(workspace, folder.slug, grid.id, plan, needs=needs)]


def _dataset_jobs(workspace: Workspace, person: str, wanted: OwnLoras) -> list[Job]:
    photos = submit_photos(workspace, person, wanted.photos)
    return [photos, submit_dataset(workspace, person, wanted.options, needs=[photos.id])]


def _staying(workspace: Workspace, grid: GridFolder, model: GridModel) -> GridModel:
    """With an uploaded file where it stays as long as the grid, which may be painted further."""
    return replace(model, path=settled(workspace, model.path, grid.inputs))


def own_models(person: PersonFolder, files: Sequence[Path]) -> tuple[GridModel, ...]:
    """The files under names of their own, which no other LoRA of the WebUI has.

    Files of one name in different folders are numbered; a file that is named twice counts once.
    """
    models: list[GridModel] = []
    for file in dict.fromkeys(path.absolute() for path in files):
        number = 1 + sum(model.label.split(" (")[0] == file.stem for model in models)
        label = file.stem if number == 1 else f"{file.stem} ({number})"
        stem = f"t2p_{person.slug}_own_{slug(label)}"
        refuse_stem(stem)
        models.append(GridModel(path=file, stem=stem, label=label))
    return tuple(models)
