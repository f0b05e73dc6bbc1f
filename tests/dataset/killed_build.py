"""Runs in a process of its own: imports photos and builds, killed at wanted writes.

    python killed_build.py FOLDER SOURCES KILL_AT...

For each KILL_AT the import and the build run in the workspace FOLDER/KILL_AT, and die before the
write of that number as by SIGKILL (no cleaning up); then they run again undisturbed. 0 is not
disturbed at all. Prints how often the last one wrote.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from dataset_fakes import fake_tools

from lib_t2p.dataset import importing
from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.captions.book import CaptionBook, write_captions
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.people import Person, create_person, load_person
from lib_t2p.workspace.person import PersonFolder, open_workspace

OPTIONS = DatasetOptions(
    resolution=64,
    repeats=2,
    least_sharpness=0.0,
    least_light=0.0,
    least_contrast=0.0,
    shape="buckets",
    face_repeats=3,
    others="blur",
    most_enlarging=4.0,
    regularisation="photos",
)
CHANGING = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"}


class Killer:
    """Counts every write by Python's audit events and kills the process before a wanted one."""

    def __init__(self, root: Path, wanted: int) -> None:
        self._root, self._wanted = str(root), wanted
        self._lock = threading.Lock()
        self.writes = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in CHANGING and not (event == "open" and _writes(arguments)):
            return
        paths = (a for a in arguments if isinstance(a, (str, Path)))
        if not any(str(path).startswith(self._root) for path in paths):
            return
        with self._lock:
            self.writes += 1
            if self.writes == self._wanted:
                die()


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def die() -> None:
    """End at once, as the system or the power would end it."""
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(9)


def person_in(root: Path) -> PersonFolder:
    """The person of the test, made when they are not there yet."""
    workspace = open_workspace(root)
    found = workspace.people()
    if found:
        load_person(found[0])
        return found[0]
    return create_person(workspace, Person("Ada", "adal", "woman", "mine", "2024-01-01"))


def build_in(root: Path, sources: Path, kill_at: int) -> None:
    """Import and build; prints how often files were changed."""
    reporter = SilentReporter()
    person = person_in(root)
    write_captions(person, CaptionBook().with_default("{token}, {pose}", "all"))
    # The list is written after each photo: more places to die at, and the same ones on any machine.
    importing.SAVE_EVERY = -1.0
    killer = Killer(root, kill_at)
    sys.addaudithook(killer)
    import_photos(person, [sources / "roll"], reporter)
    import_photos(person.class_photos, [sources / "others"], reporter)
    build_dataset(person, OPTIONS, fake_tools(), reporter)
    print(f"WRITES {killer.writes}", flush=True)


def in_child(root: Path, sources: Path, kill_at: int) -> bool:
    """Whether a process of its own came to the end; forked, since imports take longest."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            build_in(root, sources, kill_at)
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(process, 0)[1] == 0


def main() -> None:
    folder, sources = Path(sys.argv[1]), Path(sys.argv[2])
    for kill_at in map(int, sys.argv[3:]):
        root = folder / str(kill_at)
        if kill_at and in_child(root, sources, kill_at):
            sys.exit(f"It was not killed at write {kill_at}.")
        if not in_child(root, sources, 0):
            sys.exit(f"It did not end well after write {kill_at}.")


if __name__ == "__main__":
    main()
