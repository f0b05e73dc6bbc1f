"""Looking at files and machine for the checks."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from lib_t2p.diffusion import Family, recognise
from lib_t2p.errors import CheckpointError, TrainerError
from lib_t2p.jobs.processes import CPU
from lib_t2p.platforms import has_gpu
from lib_t2p.preflight.checks.facts import CheckFacts, look_at_installation
from lib_t2p.preflight.forecast import forecast_run, step_plan
from lib_t2p.preflight.forecasts.measurements import Measurements
from lib_t2p.preflight.forecasts.space import base_size
from lib_t2p.preflight.graphics_cards import Card, read_cards
from lib_t2p.preflight.training_images import TrainImage, collect_images, scan_images
from lib_t2p.settings import Settings

CAPTIONS = (".txt", ".caption")
"""Endings that people give caption files."""


@dataclass(frozen=True)
class MachineFacts:
    """What the checks know of the computer.

    Attributes:
        measurements: of earlier runs.
        device: what measurements call what trains: the card's name or `cpu`; empty when not known.
        card: that trains; None for none, or one that cannot be asked.
        free_disk_bytes: where runs lie; None when not known.
    """

    measurements: Measurements = field(default_factory=Measurements)
    device: str = ""
    card: Card | None = None
    free_disk_bytes: int | None = None


def look_at_machine(folder: Path, measurements: Measurements) -> MachineFacts:
    """The first card, and the space on the drive of `folder`."""
    existing = next((p for p in (folder, *folder.parents) if p.exists()), None)
    free = shutil.disk_usage(existing).free if existing else None
    card = next(iter(read_cards()), None) if has_gpu() else None
    return MachineFacts(measurements, device_name(card), card, free)


def device_name(card: Card | None) -> str:
    """What measurements call the device that trains."""
    if card is not None:
        return card.name
    return "" if has_gpu() else CPU


def gather_facts(
    settings: Settings,
    data: Path,
    *,
    checkpoint: Path,
    trainer: str = "builtin",
    machine: MachineFacts | None = None,
) -> CheckFacts:
    """Collect what the checks look at; faults become findings and raise nothing.

    Args:
        settings: of the run.
        data: folder in which relative `train_data_dir` and `reg_data_dir` lie: the dataset's.
        checkpoint: base checkpoint.
        trainer: key of the registry.
        machine: from `look_at_machine`; nothing is known of it when None.
    """
    machine = machine or MachineFacts()
    faults = _named_files(settings)
    family, size = Family.SD15, 1.0
    try:
        family = recognise(checkpoint)
        size = base_size(checkpoint, family)
    except CheckpointError as error:
        faults.append(str(error))
    train, reg = data_dirs(settings, data)
    images: list[TrainImage] = []
    try:
        images = collect_images(train, reg, settings)
    except TrainerError as error:
        faults.append(str(error))
    plan = step_plan(images, settings) if images else None
    forecast = None
    if plan is not None:
        forecast = forecast_run(
            settings,
            plan,
            machine.measurements,
            family=family,
            trainer=trainer,
            device=machine.device,
            size=size,
        )
    unread, broken = _captions(images, settings.caption_extension)
    return CheckFacts(
        trainer=trainer,
        family=family,
        file_faults=tuple(faults),
        images=tuple(images),
        plan=plan,
        regularisation=_count(reg, settings) if reg else None,
        reg_dir=reg,
        unread_captions=unread,
        broken_captions=broken,
        card=machine.card,
        free_disk_bytes=machine.free_disk_bytes,
        forecast=forecast,
        installation=look_at_installation(settings, trainer, family.value),
        base_size=size,
    )


def data_dirs(settings: Settings, data: Path) -> tuple[Path, Path | None]:
    """Folders of the pictures and of the regularisation images."""
    reg = data / settings.reg_data_dir if settings.reg_data_dir else None
    return data / settings.train_data_dir, reg


def _count(reg: Path, settings: Settings) -> int:
    return sum(image.repeats for image in scan_images(reg, is_reg=True, settings=settings)[0])


_FILES = (
    *("network_weights", "vae", "base_weights", "dataset_config", "in_json"),
    *("conditioning_data_dir", "log_tracker_config"),
)
"""Settings that name a file or folder which must be there."""


def _named_files(settings: Settings) -> list[str]:
    named = []
    for option in _FILES:
        value = getattr(settings, option)
        named += [(option, path) for path in (value if isinstance(value, tuple) else (value,))]
    return [
        f"{option} names {path}, which is not there: check the path."
        for option, path in named
        if path and not Path(path).exists()
    ]


def _captions(
    images: list[TrainImage], extension: str
) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    unread: Counter[str] = Counter()
    broken = []
    for image in images:
        own = image.path.with_suffix(extension) if extension.startswith(".") else image.path
        if own != image.path and own.is_file():
            if not _has_caption(own):
                broken.append(own.name)
            continue
        unread.update(e for e in CAPTIONS if image.path.with_suffix(e).is_file())
    return tuple(sorted(unread.items())), tuple(broken)


def _has_caption(path: Path) -> bool:
    try:
        return bool(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return False
