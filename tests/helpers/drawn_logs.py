"""Event files of trainings whose draws, tracks and stretches a test chooses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from curve_helpers import Floats, cosine
from event_file_helpers import event, record

STEPS, EPOCHS = 300, 30


def drawn(seed: int = 1, steps: int = STEPS) -> Floats:
    """Losses of single steps; equal seeds draw the same timesteps, noise and photos."""
    return np.random.default_rng(seed).lognormal(-2.6, 0.5, steps)


def learned(loss: Floats, share: float) -> Floats:
    """The same draws, where the loss comes to lie lower by a share."""
    done = np.clip((np.arange(len(loss)) - 20) / len(loss), 0, 1)
    return loss * (1 - share * done)


def event_bytes(
    loss: Floats, *, start: float = 1e9, epochs: int = EPOCHS, rate: Floats | None = None
) -> bytes:
    """A log as sd-scripts writes it, one epoch after so many steps."""
    steps = len(loss)
    rates = cosine(steps) if rate is None else rate
    average = np.cumsum(loss) / np.arange(1, steps + 1)
    ends = {int(np.ceil(n * steps / epochs)): n for n in range(1, epochs + 1)}
    found = []
    for step in range(1, steps + 1):
        at = start + step
        for tag, values in (
            ("loss/current", loss),
            ("loss/average", average),
            ("lr/unet", rates),
            ("lr/d*lr", rates * 1e-3 * min(1.0, 0.01 * step**2)),
        ):
            found.append(event(tag, step, float(values[step - 1]), at))
        if step in ends:
            found.append(event("loss/epoch", ends[step], float(average[step - 1]), at + 0.1))
    return b"".join(record(one) for one in found)


def write_log(folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "events.out.tfevents.1691928966.HOST.1.0").write_bytes(data)


def write_config(path: Path, values: Mapping[str, Any] | None = None) -> Path:
    """A config of the GUI."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "LoRA_type": "Standard",
        "optimizer": "DAdaptAdam",
        "lr_scheduler": "cosine",
        "epoch": EPOCHS,
        "train_batch_size": 3,
        "network_dim": 8,
        "max_resolution": "768,768",
        "num_cpu_threads_per_process": 2,
        "noise_offset": 0,
        "min_snr_gamma": 5,
        **(values or {}),
    }
    path.write_text(json.dumps(told), encoding="utf-8")
    return path
