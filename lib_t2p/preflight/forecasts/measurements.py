"""What runs took on this machine, kept for forecasts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lib_t2p import diffusion
from lib_t2p.errors import WorkspaceError
from lib_t2p.json_io import json_text, loads
from lib_t2p.settings import Settings

FILE = "measurements.jsonl"
SCHEMA = 1
SMALL = 0.5
"""A base below this share of its family's size is another kind of work."""

KEPT = 500
"""So many of the newest are read."""


@dataclass(frozen=True)
class Workload:
    """What decides how long one batch takes.

    Attributes:
        device: name of the card, or `cpu`.
        family: of the base checkpoint.
        trainer: who trains.
        side: square root of the area of a picture, px.
        batch: pictures per batch.
        rank_class: ranks that take about the same: 32, 64, 128, ... up to the next power of two.
        precision: `no`, `fp16` or `bf16`, with `full_` before it where that is set.
        checkpointing: gradient checkpointing.
        text_encoder: whether it is trained.
        small_base: the base is a fraction of the family's size, as the demo's is.
    """

    device: str
    family: diffusion.Family
    trainer: str
    side: int
    batch: int
    rank_class: int
    precision: str
    checkpointing: bool
    text_encoder: bool
    small_base: bool = False

    @classmethod
    def of(
        cls,
        settings: Settings,
        family: diffusion.Family,
        trainer: str,
        device: str,
        size: float = 1.0,
    ) -> Workload:
        """The workload of settings on a device; `size` is that of `forecasts.sizes.base_size`."""
        width, height = settings.size
        full = "full_" if settings.full_fp16 or settings.full_bf16 else ""
        return cls(
            device=device,
            family=family,
            trainer=trainer,
            side=round(math.sqrt(width * height)),
            batch=settings.train_batch_size,
            rank_class=max(32, 2 ** math.ceil(math.log2(settings.network_dim))),
            precision=full + settings.mixed_precision,
            checkpointing=settings.gradient_checkpointing,
            text_encoder=not settings.network_train_unet_only,
            small_base=size < SMALL,
        )


@dataclass(frozen=True)
class Measurement:
    """One run.

    Attributes:
        work: what was done.
        seconds_per_batch: median.
        start_seconds: from the launch to the first step; 0 when not known.
        vram_mb: peak memory; 0 when not known.
    """

    work: Workload
    seconds_per_batch: float
    start_seconds: float = 0.0
    vram_mb: int = 0


@dataclass(frozen=True)
class Measurements:
    """All runs measured on this machine, oldest first."""

    runs: Sequence[Measurement] = ()

    @property
    def device(self) -> str:
        """Where the newest run was trained; empty before the first."""
        return self.runs[-1].work.device if self.runs else ""

    def same(self, work: Workload) -> list[Measurement]:
        """Runs of exactly this workload."""
        return [m for m in self.runs if m.work == work]

    def nearest(self, work: Workload) -> Measurement | None:
        """The run on the same device that is most like `work`, the newest of equal ones."""
        place = (work.device, work.small_base)
        on_device = [m for m in self.runs if (m.work.device, m.work.small_base) == place]
        return min(reversed(on_device), key=lambda m: _distance(m.work, work), default=None)


def _distance(one: Workload, other: Workload) -> float:
    apart = 4.0 * (one.family is not other.family) + 2.0 * (one.trainer != other.trainer)
    apart += 2.0 * (one.precision != other.precision) + (one.checkpointing != other.checkpointing)
    apart += abs(math.log2(max(one.side, 1) / max(other.side, 1)))
    return apart + abs(math.log2(one.batch / other.batch)) + (one.rank_class != other.rank_class)


def load_measurements(cache: Path) -> Measurements:
    """Read what is kept in a workspace's cache folder; damaged lines are left out."""
    path = cache / FILE
    if not path.is_file():
        return Measurements()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return Measurements(tuple(m for m in map(_from_line, lines[-KEPT:]) if m))


def record_measurement(cache: Path, measurement: Measurement) -> None:
    """Keep one more; raises `WorkspaceError` when the disk is full."""
    body = {"v": SCHEMA, **asdict(measurement)}
    body["work"]["family"] = measurement.work.family.value
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / FILE).open("ab") as file:
            file.write((json_text(body, ensure_ascii=False) + "\n").encode("utf-8"))
    except OSError as error:
        raise WorkspaceError(f"{cache / FILE} cannot be written: {error.strerror}.") from error


def _from_line(line: str) -> Measurement | None:
    try:
        body: dict[str, Any] = loads(line)
        if body.pop("v") != SCHEMA:
            return None
        work = body.pop("work")
        made = Measurement(Workload(**{**work, "family": diffusion.Family(work["family"])}), **body)
        return made if made.seconds_per_batch > 0 and made.work.batch > 0 else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
