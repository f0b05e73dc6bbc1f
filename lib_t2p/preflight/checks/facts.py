"""What the checks look at beside the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lib_t2p.diffusion import Family
from lib_t2p.preflight.checks.installation import Installation
from lib_t2p.preflight.forecast import Forecast, StepPlan
from lib_t2p.preflight.graphics_cards import Card
from lib_t2p.preflight.images import TrainImage


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
