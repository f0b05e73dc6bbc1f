from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib_t2p.cli import known_faces
from lib_t2p.cli.known_faces import cached_photos, photos_of, portraits

PHOTOS = ("anna.jpg", "anna2.jpg", "anna_partial_face.jpg", "ben.jpg", "32bit.png")


def archive(path: Path, top: str = "face_recognition-1.3.0") -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name in ("setup.py", *(f"tests/test_images/{photo}" for photo in PHOTOS)):
            picture = io.BytesIO()
            # Noise, since an archive of the real photos is not small either.
            noise = np.frombuffer(os.urandom(300 * 300 * 3), np.uint8).reshape(300, 300, 3)
            Image.fromarray(noise).save(picture, "PNG")
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size = picture.getbuffer().nbytes
            picture.seek(0)
            tar.addfile(info, picture)
    return path


def test_photos_are_sorted_by_person(tmp_path: Path) -> None:
    people = photos_of(archive(tmp_path / "x.tar.gz"))
    assert {name: len(photos) for name, photos in people.items()} == {"anna": 3, "ben": 1}
    assert people["ben"][0].shape == (300, 300, 3)


def test_pips_cache_is_known_by_its_content(tmp_path: Path) -> None:
    cache = tmp_path / "http-v2" / "a" / "b"
    cache.mkdir(parents=True)
    (cache / "0").write_bytes(b"head")
    (cache / "0.body").write_bytes(b"PK a wheel")
    (cache / "1.body").write_bytes(b"\x1f\x8b damaged" + bytes(600_000))
    archive(cache / "2.body", "another_package-1.0")
    assert cached_photos(tmp_path) == {}
    archive(cache / "3.body")
    assert set(cached_photos(tmp_path)) == {"anna", "ben"}


def test_without_pip_nothing_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cached_photos(None) == {}
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "not there"))
    assert known_faces.pip_cache() is None


def test_the_portrait_comes_in_14_variants() -> None:
    pytest.importorskip("skimage")
    assert len(portraits()["NASA portrait"]) == 14
