"""What was seen in photos before, by the content of their files."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import __version__ as pillow_version

from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.dataset.placing import file_digest
from lib_t2p.errors import PhotoError
from lib_t2p.files import write_bytes
from lib_t2p.json_io import loads
from lib_t2p.vision import Box, Face
from lib_t2p.vision.faces import FaceLight, HeadPose, VisionTools
from lib_t2p.vision.likeness import PictureHashes

VERSION = 7
"""To be raised whenever something is measured otherwise."""
_ARRAYS = ("embedding", "chip", "patch")
_DAMAGED = (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile)


class SeenPhotos:
    """Reports by SHA-256 of the photo; of another detector, embedder or version none is found."""

    def __init__(self, folder: Path, tools: VisionTools) -> None:
        who = [VERSION, tools.detector.name, tools.embedder.name, pillow_version, cv2.__version__]
        self._folder = folder / hashlib.sha256(json.dumps(who).encode()).hexdigest()[:12]

    def read(self, digest: str) -> PhotoReport | None:
        """What was seen; None when nothing was, or when the record is damaged."""
        try:
            with np.load(self._file(digest), allow_pickle=False) as stored:
                record = loads(bytes(stored["record"]).decode("utf-8"))
                arrays = {name: stored[name] for name in stored.files if name != "record"}
            return _report(record, arrays)
        except _DAMAGED:
            return None

    def has(self, path: Path) -> bool:
        """Whether there is a record of a photo; False when the photo cannot be read."""
        try:
            return self._file(file_digest(path)).is_file()
        except PhotoError:
            return False

    def write(self, digest: str, report: PhotoReport) -> None:
        """Keep a report; raises `WorkspaceError` when the disk is full."""
        record, arrays = _record(report)
        text = np.frombuffer(json.dumps(record).encode("utf-8"), np.uint8)
        data = io.BytesIO()
        np.savez(data, record=text, **arrays)
        write_bytes(self._file(digest), data.getvalue())

    def _file(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.npz"


def _record(report: PhotoReport) -> tuple[dict[str, Any], dict[str, Any]]:
    record = {name: value for name, value in vars(report).items() if name != "faces"}
    record["light"] = asdict(report.light)
    record["hashes"] = asdict(report.hashes) if report.hashes else None
    record["faces"] = [
        {
            "face": asdict(seen.face),
            "sharpness": seen.sharpness,
            "light": asdict(seen.light),
            "pose": asdict(seen.pose),
            "cut": seen.cut,
        }
        for seen in report.faces
    ]
    arrays = {
        f"{name}{number}": getattr(seen, name)
        for number, seen in enumerate(report.faces)
        for name in _ARRAYS
    }
    return record, arrays


def _report(record: Mapping[str, Any], arrays: Mapping[str, Any]) -> PhotoReport:
    faces = tuple(_seen(entry, n, arrays) for n, entry in enumerate(record["faces"]))
    hashes = PictureHashes(**record["hashes"]) if record["hashes"] else None
    plain = {
        name: value for name, value in record.items() if name not in ("faces", "hashes", "light")
    }
    for name in ("repaired", "colours"):
        plain[name] = tuple(plain[name])
    light = FaceLight(**record["light"])
    return PhotoReport(**plain, hashes=hashes, faces=faces, light=light)


def _seen(entry: Mapping[str, Any], number: int, arrays: Mapping[str, Any]) -> SeenFace:
    face = entry["face"]
    points = tuple((float(x), float(y)) for x, y in face["keypoints"])
    return SeenFace(
        face=Face(Box(**face["box"]), face["score"], points),
        sharpness=entry["sharpness"],
        light=FaceLight(**entry["light"]),
        pose=HeadPose(**entry["pose"]),
        cut=entry["cut"],
        **{name: arrays[f"{name}{number}"] for name in _ARRAYS},
    )
