"""What a setting tag may name: checkpoints, VAEs and samplers of the program that paints.

The worker, which expands prompts, cannot ask the WebUI; so what the WebUI lists is written down
beside the plan when a series begins.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import PortraitsFolder

SCHEMA = 1
SCHEDULES = ("Karras", "Exponential", "Polyexponential")
"""Words behind a sampler's name in AUTOMATIC1111 1.6 to 1.8; later lists leave them out."""
OWN_VAE = "None"
"""The VAE inside the checkpoint; the WebUI's word."""


@dataclass(frozen=True)
class Choices:
    """What is there.

    Attributes:
        checkpoints: (title, path) in the order of the program's list.
        vaes: file names, without `None` and `Automatic`.
        samplers: in the WebUI's spelling; empty when not known, and then any is let through.
    """

    checkpoints: tuple[tuple[str, str], ...] = ()
    vaes: tuple[str, ...] = ()
    samplers: tuple[str, ...] = ()

    def checkpoint(self, name: str) -> str | None:
        """The path of a checkpoint by title, file name with or without folder or ending."""
        wanted = _folded(name)
        for title, path in self.checkpoints:
            if wanted in _names(title) | _names(path):
                return path
        return None

    def vae(self, name: str) -> str | None:
        """A VAE's file name, with or without its ending."""
        known = {alias: vae for vae in self.vaes for alias in _names(vae)}
        known |= {OWN_VAE.lower(): OWN_VAE, "automatic": "Automatic"}
        return known.get(_folded(name))

    def sampler(self, name: str) -> str | None:
        """A sampler as it is listed; a schedule may stand behind it, as before 1.9."""
        known = {one.lower(): one for one in self.samplers}
        words = name.split()
        whole = " ".join(words).lower()
        if not known or whole in known:
            return known.get(whole, name)
        base = known.get(" ".join(words[:-1]).lower()) if words[-1:] else None
        schedule = words[-1].capitalize() if words else ""
        return f"{base} {schedule}" if base and schedule in SCHEDULES else None

    def near_checkpoint(self, name: str) -> str:
        """The title that is most like a name that is not known; empty when none is."""
        return _nearest(name, [title for title, _ in self.checkpoints])

    def near_sampler(self, name: str) -> str:
        """As `near_checkpoint`."""
        return _nearest(name, self.samplers)


def write_choices(folder: PortraitsFolder, choices: Choices) -> None:
    """Write `choices.json`."""
    write_record(folder.choices, SCHEMA, asdict(choices))


def read_choices(folder: PortraitsFolder) -> Choices:
    """Read `choices.json`; raises `WorkspaceError` when it is missing or damaged."""
    record = read_record(folder.choices, SCHEMA)
    try:
        return Choices(
            tuple((str(title), str(path)) for title, path in record["checkpoints"]),
            tuple(map(str, record["vaes"])),
            tuple(map(str, record["samplers"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WorkspaceError(
            f"{folder.choices} is damaged: start a new series of portraits."
        ) from error


def _folded(name: str) -> str:
    # Wildcard files made on Windows have backslashes.
    return name.replace("\\", "/").strip().lower()


def _names(listed: str) -> set[str]:
    """All ways to name a file that the WebUI lists as `folder/name.ending [hash]`."""
    whole = _folded(listed)
    plain = whole.rsplit(" [", 1)[0] if whole.endswith("]") else whole
    path = PurePosixPath(plain)
    return {whole, plain, path.name, path.stem, str(path.with_suffix("")) if path.name else ""}


def _nearest(name: str, known: Iterable[str]) -> str:
    by_folded = {alias: one for one in known for alias in sorted(_names(one))}
    near = difflib.get_close_matches(_folded(name), by_folded, n=1)
    return by_folded[near[0]] if near else ""
