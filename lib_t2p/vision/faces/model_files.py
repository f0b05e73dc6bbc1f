"""Face models that a person has as files: found in a folder, read once, known by their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from lib_t2p.errors import SetupError


@dataclass(frozen=True)
class WantedFile:
    """One file of a model.

    Attributes:
        what: is in it, for people.
        patterns: of its name, small letters.
    """

    what: str
    patterns: tuple[str, ...]


YUNET = WantedFile("OpenCV's YuNet face detector", ("face_detection_yunet*.onnx",))
SFACE = WantedFile("OpenCV's SFace", ("face_recognition_sface*.onnx",))
ARCFACE = WantedFile(
    "an insightface recognition model", ("w600k_*.onnx", "glintr*.onnx", "*arcface*.onnx")
)


@dataclass(frozen=True)
class ModelFile:
    """A file that was read whole; what happens to it later changes nothing.

    Attributes:
        name: of the file.
        content: its bytes.
        sha256: of the content.
    """

    name: str
    content: bytes
    sha256: str

    @property
    def mark(self) -> str:
        """Name and beginning of the hash: other content, another mark."""
        return f"{self.name} {self.sha256[:16]}"


def read_model(folder: Path, wanted: WantedFile) -> ModelFile:
    """Read a model's file out of a folder.

    Raises:
        SetupError: the folder or the file is missing or cannot be read, or several files fit.
    """
    asked = f"put {' or '.join(wanted.patterns)} there, or choose dlib in the settings"
    try:
        names = [path.name for path in folder.iterdir() if path.is_file()]
    except OSError as error:
        raise SetupError(
            f"The folder of face models, {folder}, cannot be read ({error.strerror or error}): "
            "name the right one in the settings, or choose dlib there."
        ) from error
    fitting = sorted(n for n in names if any(fnmatch(n.lower(), p) for p in wanted.patterns))
    if not fitting:
        raise SetupError(f"{folder} holds no file of {wanted.what}: {asked}.")
    if len(fitting) > 1:
        raise SetupError(
            f"{folder} holds {len(fitting)} files of {wanted.what} ({', '.join(fitting)}): leave "
            "only the one to be used there."
        )
    try:
        content = (folder / fitting[0]).read_bytes()
    except OSError as error:
        raise SetupError(
            f"{folder / fitting[0]} cannot be read ({error.strerror or error}): {asked}."
        ) from error
    return ModelFile(fitting[0], content, hashlib.sha256(content).hexdigest())


def unusable(file: ModelFile, wanted: WantedFile, why: str) -> SetupError:
    """Say that a file is not what its name promises."""
    return SetupError(
        f"{file.name} cannot be used as {wanted.what} ({' '.join(why.split())[:200]}): get the "
        "file again, or choose dlib in the settings."
    )
