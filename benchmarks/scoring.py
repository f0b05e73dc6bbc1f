"""How long a grid's pictures take to be scored, and in how much memory, without the CLIP score.

    python -m benchmarks.scoring                # 1,000 cells of 512 px
    python -m benchmarks.scoring --cells 200 --processes 1 2

Beside it, on some of the same cells and in the same run, the way of the package `face_recognition`
by the same dlib and networks: HOG detector with one enlargement, five landmarks, one descriptor,
one process. Cells are NASA's free portrait in changing sizes, places and light; each tenth seed has
no face.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.memory import Memory
from lib_t2p.cli_output import Output
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.files import write_record
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import expand, read_cells, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import GridPlan, write_plan
from lib_t2p.jobs.crew import processes_here
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.painting.request import CellRequest, PaintedCell, Painter
from lib_t2p.scores.measuring_crew import MeasuringCrew
from lib_t2p.scores.scoring import score_grid
from lib_t2p.scores.verdict.scores import Scores
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import GridFolder, PersonFolder, open_workspace

SIDE = 512
MODELS, PROMPTS = 5, 4
FACELESS = 10
"""Each so many-th seed shows no face."""
PEER_BLOCKS = 2


class PortraitPainter:
    """Paints a portrait that depends on the seed and the prompt alone."""

    name = "benchmark"

    def __init__(self) -> None:
        from skimage import data

        self._portrait = Image.fromarray(data.astronaut())

    def faults(self, requests: Sequence[CellRequest]) -> list[str]:
        """None: it can paint anything."""
        return []

    def paint(self, request: CellRequest) -> PaintedCell:
        """A 512 px PNG; the face is 10 % to 35 % of its side."""
        random = np.random.default_rng([request.seed, len(request.prompt)])
        coarse = random.integers(40, 200, (6, 6, 3), np.uint8)
        picture = Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        side = int(random.integers(260, 620))
        face = self._portrait.rotate(float(random.uniform(-10, 10))).crop((60, 20, 440, 400))
        if request.seed % FACELESS:
            x, y = (int(v) for v in random.integers(-60, max(-59, SIDE - side), 2))
            picture.paste(face.resize((side, side), Image.Resampling.BICUBIC), (x, y))
        grain = random.normal(0, 4, (SIDE, SIDE, 3))
        lit = np.asarray(picture, np.float32) * float(random.uniform(0.8, 1.2)) + grain
        out = io.BytesIO()
        Image.fromarray(lit.clip(0, 255).astype(np.uint8)).save(out, "PNG")
        return PaintedCell(out.getvalue(), request.prompt, 0.0)


def make_grid(
    root: Path, cells: int, painter: Painter | None = None
) -> tuple[GridFolder, PersonFolder]:
    """A painted grid of about so many cells, and a dataset of 11 training and 3 held-out photos.

    Args:
        root: scratch folder.
        cells: without LoRA included.
        painter: of other pictures than those of `PortraitPainter`.
    """
    who = Person("Bench", "bench", "woman", "free picture", "2024-01-01")
    person = create_person(open_workspace(root / "workspace"), who)
    dataset = person.dataset(1)
    training = dataset.img / "10_bench woman"
    for folder in (dataset.heldout, training):
        folder.mkdir(parents=True)
    photos = sorted(write_demo_photos(root / "photos").glob("portrait-*.jpg"))
    for number, photo in enumerate(photos):
        photo.rename((dataset.heldout if number % 5 == 4 else training) / photo.name)
    write_record(dataset.manifest, 1, {"heldout_variants_of_training": False})
    stems = tuple(f"t2p_bench_e{n:02d}" for n in range(1, MODELS + 1))
    plan = GridPlan(
        person=person.slug,
        dataset=1,
        checkpoint="benchmark",
        models=tuple(
            GridModel(Path(f"{s}.safetensors"), s, s, "r", n) for n, s in enumerate(stems)
        ),
        x=Axis("saved_model", stems),
        y=Axis("lora_weight", (1.0,)),
        prompts=tuple("photo" + " of {trigger}" * n for n in range(1, PROMPTS + 1)),
        seeds=tuple(range(1, max(1, round(cells / PROMPTS / (MODELS + 1))) + 1)),
        width=SIDE,
        height=SIDE,
    )
    grid = person.grid("bench")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    paint_cells(grid, painter or PortraitPainter(), SilentReporter())
    return grid, person


@dataclass(frozen=True)
class Measurement:
    """One scoring of all cells.

    Attributes:
        seconds: on the clock, with loading the tools and starting processes.
        core_seconds: of all processes together, which others on the machine hardly change; 0 on
            Windows, which does not tell those of children.
        megabytes: at most, of all processes together.
        scores: what came out.
    """

    seconds: float
    core_seconds: float
    megabytes: float
    scores: Scores


def score(grid: GridFolder, person: PersonFolder, processes: int) -> Measurement:
    """Score all cells anew."""
    grid.scores.unlink(missing_ok=True)
    worked = core_seconds()
    with Memory() as memory:
        began = time.perf_counter()
        tools = load_tools()
        crew = MeasuringCrew(tools, "dlib", None, processes)
        scores = score_grid(grid, person, tools, SilentReporter(), crew)
        seconds = time.perf_counter() - began
    return Measurement(seconds, core_seconds() - worked, memory.megabytes, scores)


def core_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


class FaceRecognitionsWay:
    """What `face_encodings(load_image_file(path))` of face_recognition 1.3.0 computes."""

    def __init__(self) -> None:
        import dlib

        from lib_t2p.vision.faces.identity import PACKAGE
        from lib_t2p.vision.faces.package_files import model_file

        def model(name: str) -> str:
            return str(model_file("face_recognition_models", PACKAGE, f"models/{name}"))

        self._detector: Any = dlib.get_frontal_face_detector()
        self._shape: Any = dlib.shape_predictor(model("shape_predictor_5_face_landmarks.dat"))
        file = "dlib_face_recognition_resnet_model_v1.dat"
        self._network: Any = dlib.face_recognition_model_v1(model(file))

    def faces(self, path: Path) -> int:
        """Find and embed all faces of a picture; how many."""
        with Image.open(path) as opened:
            picture = np.asarray(opened.convert("RGB"))
        shapes = [self._shape(picture, face) for face in self._detector(picture, 1)]
        return len([self._network.compute_face_descriptor(picture, s, 1) for s in shapes])


def peer_seconds(paths: Sequence[Path]) -> tuple[float, int]:
    """Seconds per picture in face_recognition's way, and in how many it found a face."""
    peer = FaceRecognitionsWay()
    began = time.perf_counter()
    found = sum(peer.faces(path) > 0 for path in paths)
    return (time.perf_counter() - began) / len(paths), found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--processes", type=int, nargs="+", default=[processes_here()])
    parser.add_argument("--peer-cells", type=int, default=60, help="in each of two blocks")
    given = parser.parse_args()
    output = Output()
    with tempfile.TemporaryDirectory(prefix="t2p-scoring-") as folder:
        grid, person = make_grid(Path(folder), given.cells)
        paths = [cell_path(grid, cell) for cell in read_cells(grid)]
        step = max(1, len(paths) // (PEER_BLOCKS * given.peer_cells))
        some = paths[::step]
        before = peer_seconds(some[::PEER_BLOCKS])
        results = {n: score(grid, person, n) for n in given.processes}
        after = peer_seconds(some[1::PEER_BLOCKS])
    theirs = (before[0] + after[0]) / PEER_BLOCKS
    for processes, one in results.items():
        each = one.seconds / len(paths)
        found = sum(cell.distance is not None for cell in one.scores.cells)
        output.line(
            f"{len(paths)} cells of {SIDE} px, processes: {processes}: {each:.3f} s per cell "
            f"({one.core_seconds / len(paths):.3f} of a core), {1 / each:.1f} cells a second, "
            f"{one.megabytes:.0f} MB at most, faces in {found}, {theirs / each:.2f} times as fast "
            "as the peer"
        )
    output.line(
        f"face_recognition's way, one process, {len(some)} of these cells: {before[0]:.3f} s per "
        f"cell before, {after[0]:.3f} after; faces in {before[1] + after[1]}"
    )
    same = len({result.scores.cells for result in results.values()}) == 1
    if len(results) > 1:
        output.line(f"numbers are the same with each: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
