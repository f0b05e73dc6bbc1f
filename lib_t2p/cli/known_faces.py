"""Pictures of known people that lie on this computer anyway, to try an embedder on.

Nothing is fetched: scikit-image's portrait, the sample picture that comes with matplotlib, and the
test photos in the source archive of `face_recognition` when pip has it in its cache.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lib_t2p.dataset import write_demo_photos
from lib_t2p.pictures import open_picture
from lib_t2p.vision import Picture

People = dict[str, list[Picture]]
"""Pictures by person."""

_PHOTO = re.compile(r"face_recognition-[^/]+/tests/test_images/([a-z]+)[a-z_]*\d*\.(?:jpg|png)")
"""The letters before a number or an underscore name the person."""
_LEAST_BYTES = 500_000
_GZIP = b"\x1f\x8b"


def portraits() -> People:
    """14 variants of one portrait, and a photo of another woman where matplotlib has it."""
    with TemporaryDirectory() as folder:
        photos = sorted(write_demo_photos(Path(folder)).glob("portrait-*.jpg"))
        people = {"NASA portrait": [_opened(path.read_bytes()) for path in photos]}
    other = _sample_of_matplotlib()
    if other is not None:
        people["Grace Hopper"] = [other]
    return people


def photos_of(archive: Path) -> People:
    """The test photos in a source archive of `face_recognition`; none when it is another file."""
    people: People = {}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if not member.name.startswith("face_recognition-"):
                    return {}
                found, file = _PHOTO.fullmatch(member.name), tar.extractfile(member)
                if found and file:
                    people.setdefault(found[1].split("_")[0], []).append(_opened(file.read()))
    except (OSError, tarfile.TarError, EOFError):
        return {}
    return people


def cached_photos(cache: Path | None) -> People:
    """The test photos in the first archive of `face_recognition` that a cache of pip holds."""
    for path in _archives(cache) if cache else ():
        people = photos_of(path)
        if people:
            return people
    return {}


def pip_cache() -> Path | None:
    """Where pip keeps what it downloaded; None when there is no pip or no cache."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "cache", "dir"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    folder = Path(done.stdout.strip()) if done.returncode == 0 and done.stdout.strip() else None
    return folder if folder and folder.is_dir() else None


def _archives(cache: Path) -> Iterator[Path]:
    # pip names what it keeps by a hash of the address, so only the content tells.
    for path in sorted([*cache.rglob("*.body"), *cache.rglob("*.tar.gz")]):
        with path.open("rb") as file:
            if file.read(2) == _GZIP and path.stat().st_size >= _LEAST_BYTES:
                yield path


def _sample_of_matplotlib() -> Picture | None:
    from matplotlib import get_data_path

    path = Path(get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return _opened(path.read_bytes()) if path.is_file() else None


def _opened(content: bytes) -> Picture:
    with open_picture(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"))
