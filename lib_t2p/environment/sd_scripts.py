"""Finds the sd-scripts of a tag and the interpreter that runs it; looks only, makes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.borrowing import borrowed
from lib_t2p.environment.checkouts import RecognisedTag, recognise, recognise_tag
from lib_t2p.environment.definitions import ROOT
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.stamps import is_ready
from lib_t2p.environment.tags import TAGS, tag_named
from lib_t2p.errors import SetupError
from lib_t2p.json_io import loads
from lib_t2p.platforms import venv_python
from lib_t2p.typed_paths import home_path

__all__ = ["TAGS", "SdScripts", "find_checkout", "find_sd_scripts", "recognise_tag"]

FOLDER_VARIABLE = "T2P_SD_SCRIPTS"
PYTHON_VARIABLE = "T2P_SD_SCRIPTS_PYTHON"


@dataclass(frozen=True)
class SdScripts:
    """One sd-scripts that can be run.

    Attributes:
        tag: one of `TAGS`.
        folder: the checkout.
        python: the interpreter of its environment.
        exact: the checkout is the tag itself, not merely of its line.
    """

    tag: str
    folder: Path
    python: Path
    exact: bool = True


@dataclass(frozen=True)
class Checkout:
    """A checkout and where it was named.

    Attributes:
        folder: holds `train_network.py`.
        recognised: which release it is.
        python: the interpreter that was named along with it.
    """

    folder: Path
    recognised: RecognisedTag
    python: Path | None = None

    @property
    def interpreter(self) -> Path | None:
        """The Python that was named, else the one of the folder's own `venv` or `.venv`."""
        own = [venv_python(self.folder / name) for name in ("venv", ".venv")]
        return self.python or next((python for python in own if python.exists()), None)


def find_sd_scripts(
    tag: str, *, root: Path = ROOT, environ: Mapping[str, str] = os.environ
) -> SdScripts:
    """Find the sd-scripts of a tag.

    A folder in `T2P_SD_SCRIPTS` comes first, then the one of `--t2p-sd-scripts-dir`, then our own
    checkout; each only when it holds that tag. Its interpreter is the one in
    `T2P_SD_SCRIPTS_PYTHON`, else the folder's own `venv` or `.venv`, else our environment.

    Args:
        tag: one of `TAGS`.
        root: holds `.envs/`.
        environ: the variables of the process.

    Raises:
        SetupError: it is not there, or its environment is not ready; says what to do.
    """
    known = tag_named(tag).name
    found = find_checkout(known, root=root, environ=environ)
    if found is None:
        raise SetupError(_missing(known, Places(known, root).checkout))
    python = found.interpreter or _our_python(known, root)
    return SdScripts(known, found.folder, python, found.recognised.exact)


def _missing(tag: str, ours: Path) -> str:
    if ours.is_dir():
        try:
            recognise(ours)
        except SetupError as error:
            return f"{error} `t2p.py env repair {tag}` does that."
    return (
        f"sd-scripts {tag} is not set up: press `Set up` beside the trainer, or run "
        f"`t2p.py env build {tag}`."
    )


def find_checkout(
    tag: str, *, root: Path = ROOT, environ: Mapping[str, str] = os.environ
) -> Checkout | None:
    """The checkout of a tag, from the same places; None when no place holds that tag.

    Raises:
        SetupError: a folder that was named holds no usable sd-scripts.
    """
    for found in _checkouts(tag, root, environ):
        if found.recognised.tag == tag:
            return found
    return None


def remember_folder(folder: str | None, root: Path = ROOT) -> None:
    """Keep the folder of `--t2p-sd-scripts-dir` where worker and shell find it; None forgets it.

    Raises:
        SetupError: `.envs` may not be written.
    """
    record = _record(root)
    try:
        if not folder:
            record.unlink(missing_ok=True)
            return
        record.parent.mkdir(parents=True, exist_ok=True)
        temporary = record.with_suffix(".part")
        text = json.dumps({"folder": str(home_path(folder, SetupError))}, ensure_ascii=False)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(record)
    except OSError as error:
        raise SetupError(f"{record} cannot be written: {error.strerror or error}.") from error


def _checkouts(tag: str, root: Path, environ: Mapping[str, str]) -> Iterator[Checkout]:
    named = environ.get(FOLDER_VARIABLE, "")
    if named:
        python = environ.get(PYTHON_VARIABLE, "")
        folder = home_path(named, SetupError)
        yield Checkout(folder, recognise(folder), _existing(python))
    remembered = _remembered(root)
    if remembered:
        yield Checkout(remembered, recognise(remembered))
    ours = Places(tag, root).checkout
    if ours.is_dir():
        # One that was cut is fetched again, as if it were not there.
        with suppress(SetupError):
            yield Checkout(ours, recognise(ours))


def _existing(python: str) -> Path | None:
    if not python:
        return None
    path = home_path(python, SetupError)
    if not path.is_file():
        raise SetupError(f"{PYTHON_VARIABLE} names {path}, which is no file: name a Python.")
    return path


def _our_python(tag: str, root: Path) -> Path:
    places = Places(tag, root)
    fault = environment_fault(tag, root)
    if fault:
        verb = "repair" if places.env.exists() else "build"
        raise SetupError(
            f"{fault}: press `{'Repair' if verb == 'repair' else 'Set up'}` beside the trainer, or "
            f"run `t2p.py env {verb} {tag}`."
        )
    return venv_python(places.env)


def environment_fault(tag: str, root: Path = ROOT) -> str:
    """Why our environment of a tag cannot be used, told from a few files; empty when it can."""
    places = Places(tag, root)
    if not venv_python(places.env).exists():
        return f"There is no environment for sd-scripts {tag}"
    if not is_ready(places.paths()):
        return f"The environment of sd-scripts {tag} is not complete, or is of an older version"
    loan = borrowed(places.env)
    return loan.fault() if loan else ""


def _record(root: Path) -> Path:
    return root / ".envs" / "sd-scripts-folder.json"


def _remembered(root: Path) -> Path | None:
    try:
        body = loads(_record(root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    folder = body.get("folder") if isinstance(body, dict) else None
    return Path(folder) if isinstance(folder, str) else None
