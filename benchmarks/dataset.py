"""How long photos take from a folder to a finished dataset, and in how much memory.

    python -m benchmarks.dataset --photos 200 600 2000

The photos are 12 megapixels each, made from NASA's free portrait on changing grounds. Each size is
a process of its own, so that peaks of memory do not add up.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.memory import Memory
from lib_t2p.cli_output import Output
from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.placing import place_photo
from lib_t2p.jobs.crew import processes_here
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import open_workspace

LOG = logging.getLogger(__name__)
SIZE = (4032, 3024)
"""12 megapixels, as phones take them."""


def make_photos(folder: Path, count: int, seed: int = 1) -> Path:
    """Write `count` JPEGs; the same seed gives the same bytes, however many are asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        list(pool.map(partial(make_photo, folder, seed), range(count), chunksize=8))
    return folder


def make_photo(folder: Path, seed: int, number: int) -> None:
    """Write the photo of that number, unless it is there."""
    from skimage import data

    file = folder / f"photo-{number:04d}.jpg"
    if file.exists():
        return
    portrait = Image.fromarray(data.astronaut())
    random = np.random.default_rng([seed, number])
    grain = random.normal(0, 3, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    coarse = random.integers(40, 200, (6, 8, 3), np.uint8)
    photo = Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC)
    side = int(random.integers(1400, 2900))
    turned = portrait.rotate(float(random.uniform(-12, 12)), Image.Resampling.BICUBIC)
    face = turned.crop((60, 20, 440, 400)).resize((side, side), Image.Resampling.BICUBIC)
    place = (int(random.integers(0, SIZE[0] - side)), int(random.integers(0, SIZE[1] - side)))
    photo.paste(face, place)
    lit = np.asarray(photo, np.float32) * float(random.uniform(0.7, 1.25)) + grain
    whole = Image.fromarray(lit.clip(0, 255).astype(np.uint8))
    whole.save(file, quality=90)


def first_of(photos: Path, count: int, folder: Path) -> Path:
    """A folder of the first `count` photos, as links where the drive allows."""
    folder.mkdir(parents=True)
    for photo in sorted(photos.iterdir())[:count]:
        place_photo(photo, folder / photo.name, move=False)
    return folder


def measure(photos: Path, workspace: Path, *, once: bool = False) -> dict[str, float]:
    """Import and build; seconds of each and the peak in MB of all processes together."""
    with Memory(0.2) as memory:
        seconds = _measure(photos, workspace, once=once)
    return {**seconds, "peak_mb": memory.megabytes}


def _measure(photos: Path, workspace: Path, *, once: bool) -> dict[str, float]:
    folder = open_workspace(workspace)
    person = create_person(folder, Person("Bench", "bench", "woman", "free picture", "2024-01-01"))
    began = time.perf_counter()
    import_photos(person, [photos], SilentReporter())
    imported = time.perf_counter()
    options = DatasetOptions(resolution=512, wanted=40)
    helpers = processes_here()
    build_dataset(person, options, load_tools(), SilentReporter(), helpers=helpers)
    built = time.perf_counter()
    if not once:
        build_dataset(person, options, load_tools(), SilentReporter(), helpers=helpers)
    again = time.perf_counter()
    return {
        "import": imported - began,
        "build": built - imported,
        "rebuild": again - built,
    }


def row(count: int, photos: Path, *, once: bool = False) -> list[str]:
    """One size measured in a process of its own, as a line of the table."""
    command = [sys.executable, "-m", "benchmarks.dataset", "--one", str(photos)]
    rest = [str(photos.parent / "workspace"), *(["--once"] if once else [])]
    done = subprocess.run([*command, *rest], stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    total = found["import"] + found["build"]
    return [
        str(count),
        *(f"{found[k]:.1f}" for k in ("import", "build", "rebuild")),
        f"{total:.1f}",
        f"{1000 * total / count:.0f}",
        f"{found['peak_mb']:.0f}",
    ]


def main() -> int:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, nargs="+", default=[200])
    parser.add_argument("--once", action="store_true", help="do not build a second time")
    parser.add_argument("--one", nargs=2, metavar=("PHOTOS", "WORKSPACE"), help="one measurement")
    parser.add_argument("--pictures", type=Path, help="make the photos here, and keep them")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    output = Output()
    if args.one:
        output.line(json.dumps(measure(*map(Path, args.one), once=args.once)))
        return 0
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        photos = make_photos(args.pictures or Path(scratch) / "all", max(args.photos))
        for count in args.photos:
            with tempfile.TemporaryDirectory(dir=scratch) as place:
                some = first_of(photos, count, Path(place) / "photos")
                rows.append(row(count, some, once=args.once))
            LOG.info("%s", " ".join(rows[-1]))
    heads = ["photos", "import s", "build s", "again s", "first total s", "ms/photo", "peak MB"]
    output.table(heads, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
