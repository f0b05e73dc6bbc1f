"""NASA's portrait in variants and the Navy's of Grace Hopper as often: `photo_roll.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

OTHERS = 14


def write_roll(folder: Path) -> Path:
    """Write the photos; raises ImportError without scikit-image or matplotlib."""
    from matplotlib import cbook

    from lib_t2p.dataset.sample_photos import write_demo_photos

    write_demo_photos(folder)
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        other = Image.open(file).convert("RGB")
    for number in range(OTHERS):
        left, top = 20 + 6 * number, 5 + 3 * number
        cut = other.crop((left, top, left + 360, top + 400)).rotate(number - 7, expand=False)
        grain = np.random.default_rng(number).normal(0, 3, (400, 360, 1))
        pixels = (np.asarray(cut, np.float32) * (0.8 + 0.03 * number) + grain).clip(0, 255)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"other-{number:02d}.jpg")
    return folder


if __name__ == "__main__":
    write_roll(Path(sys.argv[1]))
