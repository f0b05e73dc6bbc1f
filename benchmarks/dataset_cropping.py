"""Photos per second against what people crop with today, on the same photos, in one run.

    T2P_SD_SCRIPTS=FOLDER T2P_WEBUI=FOLDER python -m benchmarks.dataset_cropping --photos 60

(T2P_SD_SCRIPTS_PYTHON and T2P_WEBUI_PYTHON: their own Pythons.) Ours imports, looks, judges,
chooses and writes a dataset; the others only crop: sd-scripts' `tools/detect_face_rotate.py` and
the WebUI's auto-crop. Their code is theirs; the faces are handed to them, since their networks
(hysts' anime-face-detector, YuNet) come from places that need not be reachable. So looking for
faces costs the others nothing here, and their true rates are lower than those printed. Seconds are
without starting Python and importing; sides change places each round.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dataset import first_of, make_photos
from benchmarks.paired import Interval, ratio_interval
from lib_t2p.cli_output import Output
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.vision.photo_files.images import open_photo

LOG = logging.getLogger(__name__)
PEER = Path(__file__).with_name("crop_peer.py")
LOOK = 1536
"""Longest side at which faces are looked for, pixels."""


@dataclass(frozen=True)
class Peer:
    """Another tool: its side of `crop_peer`, where it is, and the Python that has its packages."""

    side: str
    title: str
    checkout: Path
    python: str

    def seconds(self, photos: Path, place: Path, faces: Path) -> float:
        """How long it took for all photos; raises `CalledProcessError` when it failed."""
        command = [self.python, str(PEER), self.side, str(self.checkout), str(photos)]
        target = place / "out"
        done = subprocess.run(
            [*command, str(target), str(faces)],
            cwd=self.checkout, stdout=subprocess.PIPE, encoding="utf-8", check=True,
        )  # fmt: skip
        told = json.loads(done.stdout.splitlines()[-1])
        if told["written"] != len(list(photos.iterdir())):
            raise SystemExit(f"{self.title} wrote {told['written']} crops, not one of each photo.")
        return float(told["seconds"])


def peers() -> list[Peer]:
    """Those that the environment names."""
    known = (
        ("sd_scripts", "detect_face_rotate.py", "T2P_SD_SCRIPTS"),
        ("webui", "WebUI auto-crop", "T2P_WEBUI"),
    )
    found = []
    for side, title, variable in known:
        if folder := os.environ.get(variable):
            python = os.environ.get(f"{variable}_PYTHON") or sys.executable
            found.append(Peer(side, title, Path(folder), python))
    return found


def write_faces(photos: Path, target: Path) -> Path:
    """Where the largest face of each photo is, as `crop_peer` reads it."""
    detector = load_tools().detector
    faces = {}
    for path in sorted(photos.iterdir()):
        opened = open_photo(path, LOOK)
        found = detector.detect(opened.picture)
        if not found:
            raise SystemExit(f"There is no face in {path.name}: choose photos with one.")
        box, eyes = found[0].box, found[0].keypoints[:2]
        values = [box.left, box.top, box.right, box.bottom, *eyes[0], *eyes[1]]
        faces[path.name] = [float(value) / opened.scale for value in values]
    target.write_text(json.dumps(faces), encoding="utf-8")
    return target


def ours(photos: Path, place: Path) -> float:
    """Seconds from the folder to the finished dataset."""
    command = [sys.executable, "-m", "benchmarks.dataset", "--one", str(photos)]
    done = subprocess.run(
        [*command, str(place / "workspace"), "--once"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return float(told["import"] + told["build"])


def measure(photos: Path, faces: Path, sides: list[Peer], rounds: int) -> dict[str, list[float]]:
    """Photos per second of each side in each round."""
    count = len(list(photos.iterdir()))
    rates: dict[str, list[float]] = {"ours": [], **{peer.side: [] for peer in sides}}
    for turn in range(rounds):
        order: list[Peer | None] = [None, *sides]
        for peer in order if turn % 2 == 0 else order[::-1]:
            with tempfile.TemporaryDirectory() as scratch:
                place = Path(scratch)
                seconds = peer.seconds(photos, place, faces) if peer else ours(photos, place)
            side = peer.side if peer else "ours"
            rates[side].append(count / seconds)
            LOG.info("round %d, %s: %.2f photos a second", turn + 1, side, rates[side][-1])
    return rates


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=Path, help="make the photos here, and keep them")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sides = peers()
    if not sides:
        parser.error("name a checkout: T2P_SD_SCRIPTS, T2P_WEBUI or both")
    with tempfile.TemporaryDirectory() as scratch:
        everything = make_photos(args.pictures or Path(scratch) / "all", args.photos)
        photos = first_of(everything, args.photos, Path(scratch) / "photos")
        faces = write_faces(photos, Path(scratch) / "faces.json")
        rates = measure(photos, faces, sides, args.rounds)
    rows = [["ours, whole dataset", *_row(rates["ours"], None)]]
    for peer in sides:
        rows.append([f"{peer.title}, crops", *_row(rates[peer.side], rates["ours"])])
    Output().table(["side", "photos/s, each round", "ours / theirs"], rows)
    return 0


def _row(rates: list[float], own: list[float] | None) -> list[str]:
    each = ", ".join(f"{rate:.2f}" for rate in rates)
    ratio: Interval | None = ratio_interval(own, rates) if own else None
    return [each, str(ratio) if ratio else ""]


if __name__ == "__main__":
    sys.exit(main())
