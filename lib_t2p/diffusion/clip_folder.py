"""Whether a folder seems to hold a CLIP model, told without torch, which takes seconds to load."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.json_io import parse_json

NO_CLIP = (
    "{folder} holds no CLIP model {why}: name another folder in the settings, or none if obedience "
    "is not to be judged."
)


def check_clip_folder(folder: Path) -> None:
    """Look at the settings of a model as transformers saves them.

    Raises:
        InputError: they are missing or damaged, or of another kind of model.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise InputError(NO_CLIP.format(folder=folder, why="(config.json is missing there)"))
    try:
        told = parse_json(path.read_bytes(), str(path))
    except (OSError, InputError) as error:
        raise InputError(
            NO_CLIP.format(folder=folder, why="that can be read (config.json is damaged)")
        ) from error
    kind = told.get("model_type") if isinstance(told, dict) else None
    if kind != "clip":
        raise InputError(
            f"{folder} holds a model of the kind {kind!r}: a CLIP model with both towers is "
            "needed, as transformers saves it as a CLIPModel."
        )
