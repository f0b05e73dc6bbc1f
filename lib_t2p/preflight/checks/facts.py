"""What the checks look at beside the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lib_t2p.diffusion import Family
from lib_t2p.environment import Places, find_sd_scripts, missing_modules, own_options, recognise
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python
from lib_t2p.preflight.forecast import Forecast, StepPlan
from lib_t2p.preflight.graphics_cards import Card
from lib_t2p.preflight.training_images import TrainImage
from lib_t2p.settings import Need, Settings, needs_of

PREFIX = "sd-scripts-"


@dataclass(frozen=True)
class Installation:
    """What the checks know of it.

    Attributes:
        missing: what settings need and its environment lacks.
        foreign: the environment is one that the person named, and not ours to change.
        folder: of a checkout that is not one of the tags; None for a tag itself.
        options: of that checkout, by name; empty when they cannot be read.
    """

    missing: tuple[Need, ...] = ()
    foreign: bool = False
    folder: Path | None = None
    options: frozenset[str] = frozenset()


def look_at_installation(settings: Settings, trainer: str, family: str) -> Installation:
    """Look at what a trainer's name stands for here.

    Nothing is known of one that is not set up, and that is told when a run is queued.
    """
    if not trainer.startswith(PREFIX):
        return Installation()
    try:
        found = find_sd_scripts(trainer.removeprefix(PREFIX))
    except SetupError:
        return Installation()
    needs = needs_of(settings)
    missing = missing_modules(found.python, found.folder, [need.module for need in needs])
    return Installation(
        tuple(need for need in needs if need.module in missing),
        found.python != venv_python(Places(found.tag).env),
        None if found.exact else found.folder,
        frozenset() if found.exact else own_options(found.folder, family),
    )


def options_of_no_tag(folder: Path, family: str) -> frozenset[str]:
    """Options of a checkout that is not one of the tags; empty for a tag, and when not readable."""
    try:
        return frozenset() if recognise(folder).exact else own_options(folder, family)
    except SetupError:
        return frozenset()


@dataclass(frozen=True)
class CheckFacts:
    """Facts about trainer, files and machine; what is not known is left out and not checked.

    Attributes:
        trainer: key of the registry.
        family: of the base checkpoint.
        file_faults: one sentence each: a checkpoint, dataset or file that cannot be used.
        images: pictures with repeats and buckets, regularisation included.
        plan: steps of the run.
        regularisation: regularisation pictures with their folders' repeats, before they are
            filled up; None when no folder is set.
        reg_dir: where they are looked for.
        unread_captions: caption files beside the pictures with another extension: it -> how many.
        broken_captions: caption files that are empty or not UTF-8, by name.
        card: the card that trains; None when there is none or it cannot be asked.
        free_disk_bytes: on the drive of the run's folder.
        forecast: of minutes, memory and disk.
        installation: of sd-scripts, when one trains that is set up.
        base_size: share of the family's size that the base has.
    """

    trainer: str = "builtin"
    family: Family = Family.SD15
    file_faults: tuple[str, ...] = ()
    images: tuple[TrainImage, ...] = ()
    plan: StepPlan | None = None
    regularisation: int | None = None
    reg_dir: Path | None = None
    unread_captions: tuple[tuple[str, int], ...] = ()
    broken_captions: tuple[str, ...] = ()
    card: Card | None = None
    free_disk_bytes: int | None = None
    forecast: Forecast | None = None
    installation: Installation = field(default_factory=Installation)
    base_size: float = 1.0

    @property
    def is_sd_scripts(self) -> bool:
        """Whether one of sd-scripts' tags trains."""
        return self.trainer.startswith("sd-scripts")
