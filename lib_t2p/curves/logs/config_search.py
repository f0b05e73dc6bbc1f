"""Where the config of a run lies: by the layout of the folders, else by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.folder_walk import files_below

_DATE = re.compile(r"_\d{1,2}\.\d{1,2}(\.\d{2,4})?$")
"""The guide tells repeats of one setting apart by their day, such as `192_13.08`."""


def without_date(name: str) -> str:
    """`192_13.08` -> `192`; other names stay."""
    return _DATE.sub("", name)


def natural_key(path: str) -> list[tuple[bool, int, str]]:
    """Sorts 32, 64, 128 by number."""
    parts = re.split(r"(\d+)", path.casefold())
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


ENDINGS = (".json", ".toml")

LOG_FOLDERS = frozenset({"log", "logs", "logging", "tb", "tensorboard"})
CONFIG_FOLDERS = frozenset({"config", "configs", "configuration", "configurations", "settings"})
"""What lies at `logs/PAGE/RUN/` has its config at `configs/PAGE/RUN.json`: the guide's layout,
whose pages have either folder in the singular too."""

TRACKERS = frozenset({"network_train", "dreambooth", "finetuning", "textual_inversion"})
"""The last folder of sd-scripts' own: the run is named by the one above it."""

TELLING = 3
"""Letters in a name that is enough to know a run by; `128` may be anybody's."""

Key = tuple[str, ...]
"""A place without the words for logs and configs, each part as `plain` gives it."""


@dataclass(frozen=True)
class Candidates:
    """What may be a run's config.

    Attributes:
        laid_out: at the place that the layout gives, the nearest first.
        guessed: of the run's name, or alone in its folder.
    """

    laid_out: tuple[Path, ...]
    guessed: tuple[Path, ...]


class ConfigFiles:
    """All files that may be configs of the runs of a folder.

    Args:
        folder: that holds the logs; the folders of configs beside it are looked through too.
    """

    def __init__(self, folder: Path) -> None:
        self._root = _root(folder)
        files = dict.fromkeys((*_below(folder), *_beside(folder, self._root)))
        self._keys = {path: self._key(path.parent, path.stem) for path in files}

    def of(self, run: Path) -> Candidates:
        """Find what may be the config of a run; `run` is its folder of event files."""
        while run.name.casefold() in TRACKERS and run.parent != self._root:
            run = run.parent
        keys = [self._key(run.parent, name) for name in (run.name, without_date(run.name))]
        same = [path for key in keys for path, found in self._keys.items() if found == key]
        laid_out = tuple(dict.fromkeys(same))
        return Candidates(laid_out, () if laid_out else self._guessed(run, keys))

    def _guessed(self, run: Path, keys: list[Key]) -> tuple[Path, ...]:
        inside = [path for path in self._keys if path.parent == run]
        if inside:
            return tuple(inside)
        names, page = {key[-1] for key in keys}, set(keys[0][:-1])
        alike = [(path, set(key[:-1])) for path, key in self._keys.items() if key[-1] in names]
        shared = max((len(page & other) for _, other in alike), default=0)
        telling = sum(map(str.isalpha, keys[-1][-1])) >= TELLING
        if not shared and not telling:
            return ()
        return tuple(path for path, other in alike if len(page & other) == shared)

    def _key(self, folder: Path, name: str) -> Key:
        try:
            parts = folder.relative_to(self._root).parts
        except ValueError:
            parts = ()
        told = [part for part in map(plain, parts) if part not in LOG_FOLDERS | CONFIG_FOLDERS]
        return (*told, plain(name))


def plain(name: str) -> str:
    """A name without differences of Unicode, case, spaces and the sign of infinity.

    >>> plain("GR ∞") == plain("gr_INF")
    True
    """
    told = unicodedata.normalize("NFKC", name.replace("∞", "inf")).casefold()
    return "_".join(told.replace("_", " ").split())


def _root(folder: Path) -> Path:
    """The folder above the nearest folder of logs, which may be the folder itself."""
    for place in (folder, *folder.parents):
        if plain(place.name) in LOG_FOLDERS:
            return place.parent
    return folder


def _below(folder: Path) -> Iterator[Path]:
    found = files_below(folder, "logs")
    yield from sorted(path for path in found if path.name.lower().endswith(ENDINGS))


def _beside(folder: Path, root: Path) -> Iterator[Path]:
    """Configs beside a folder of logs: only what is named so, since anything may lie there."""
    if root == folder:
        return
    try:
        places = sorted(root.iterdir())
    except OSError:
        return
    for place in places:
        if place.is_dir() and plain(place.name) in CONFIG_FOLDERS:
            yield from _below(place)
        elif place.name.lower().endswith(ENDINGS) and place.is_file():
            yield place
