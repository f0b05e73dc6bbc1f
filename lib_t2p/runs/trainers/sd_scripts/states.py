"""Training states of sd-scripts: which are whole, what is in them, and how to go on from one."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lib_t2p.errors import LoraError, WorkspaceError
from lib_t2p.files import read_record, write_bytes, write_record, write_text
from lib_t2p.json_io import loads
from lib_t2p.lora import read_header
from lib_t2p.workspace import RunFolder

_PNG_END = b"IEND\xaeB`\x82"


def is_whole(path: Path) -> bool:
    """Whether a file is whole by its own format: safetensors, PNG, torch's zip or any other."""
    try:
        if path.suffix == ".safetensors":
            read_header(path)
            return True
        if path.suffix == ".png":
            return _ends_with(path, _PNG_END)
        if path.suffix in (".bin", ".pkl", ".pt"):
            return zipfile.is_zipfile(path)
        return path.stat().st_size > 0
    except (LoraError, OSError):
        return False


def _ends_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        if file.seek(0, 2) < len(mark):
            return False
        file.seek(-len(mark), 2)
        return file.read() == mark


class Settled:
    """Knows which files have not changed since the last look."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, int]] = {}

    def look(self, path: Path, *, over: bool) -> bool:
        """Whether a file is whole and still; once its writer is gone, being whole is enough."""
        try:
            status = path.stat()
        except OSError:
            self._seen.pop(path, None)
            return False
        now = (status.st_size, status.st_mtime_ns)
        still = self._seen.get(path) == now
        self._seen[path] = now
        return (over or still) and is_whole(path)


SCHEMA = 1
NEEDED = ("optimizer.bin", "scheduler.bin", "random_states_0.pkl")
"""accelerate writes the random states last."""

WEIGHTS = ("model.safetensors", "pytorch_model.bin")
POSITION = "train_state.json"
SCHEDULER = "scheduler.bin"
_NAME = re.compile(r"(?:-(?P<epoch>\d{6})|-step(?P<step>\d{8}))?-state$")
_TORCH_MAGIC, _TORCH_PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


@dataclass(frozen=True)
class State:
    """A whole state whose files we hashed ourselves.

    Attributes:
        name: of its folder below the run's folder of states.
        step: optimizer steps of the run that are done in it.
        hashes: file name -> SHA-256.
    """

    name: str
    step: int
    hashes: Mapping[str, str]


def states(folder: RunFolder) -> list[State]:
    """The recorded states that are still there, oldest first."""
    try:
        entries = read_record(folder.trainer / "states.json", SCHEMA)["states"]
        known = [State(str(e["name"]), int(e["step"]), dict(e["hashes"])) for e in entries]
    except (WorkspaceError, KeyError, TypeError, ValueError):
        return []
    there = (state for state in known if (folder.states / state.name).is_dir())
    return sorted(there, key=lambda state: state.step)


def record_state(folder: RunFolder, written: Path, step: int) -> State | None:
    """Hash a whole state and keep the hashes.

    It gets a name of its own, since sd-scripts uses a name again when it counts epochs anew.

    Args:
        folder: of the run.
        written: the state as sd-scripts named it.
        step: optimizer steps of the run that are done in it.

    Returns:
        The state; None when it is still in use, so that it has to be tried again.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    target = folder.states / f"step-{step:08d}"
    try:
        shutil.rmtree(target, ignore_errors=True)
        written.rename(target)
        hashes = {p.name: _hash(p) for p in sorted(target.iterdir()) if p.is_file()}
    except OSError:
        return None
    state = State(target.name, step, hashes)
    _write(folder, [*(s for s in states(folder) if s.name != state.name), state])
    return state


def drop_old_states(folder: RunFolder, keep: int) -> None:
    """Remove all recorded states but the newest ones."""
    known = states(folder)
    for state in known[: len(known) - keep]:
        shutil.rmtree(folder.states / state.name, ignore_errors=True)


def is_unchanged(folder: RunFolder, state: State) -> bool:
    """Whether all files of a state are those that we hashed, and no other is there."""
    root = folder.states / state.name
    try:
        return {p.name: _hash(p) for p in root.iterdir() if p.is_file()} == dict(state.hashes)
    except OSError:
        return False


def written_states(folder: RunFolder) -> list[tuple[Path, int | None, int | None]]:
    """State folders that seem whole: (folder, epoch of its name, step of its name)."""
    if not folder.states.is_dir():
        return []
    found = []
    for path in sorted(folder.states.iterdir()):
        name = _NAME.search(path.name)
        if name and path.is_dir() and _seems_whole(path):
            epoch, step = name["epoch"], name["step"]
            found.append((path, int(epoch) if epoch else None, int(step) if step else None))
    return found


def position_in(path: Path) -> int | None:
    """Steps that a state says its own process had done; None where v0.8.7 wrote it."""
    try:
        return int(loads((path / POSITION).read_text(encoding="utf-8"))["current_step"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def prepare_resume(folder: RunFolder, state: State, *, epoch: int, fresh_schedule: bool) -> Path:
    """Make the folder that `--resume` names: links to the state's files.

    Args:
        folder: of the run.
        state: unchanged.
        epoch: whole epochs in it.
        fresh_schedule: the learning rate begins its course anew.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    target = folder.trainer / "resume"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in state.hashes:
        if name != POSITION and not (fresh_schedule and name == SCHEDULER):
            _link(folder.states / state.name / name, target / name)
    # sd-scripts counts steps anew after a resume and writes that number: a second resume from it
    # would go back.
    position = {"current_epoch": epoch, "current_step": state.step}
    write_text(target / POSITION, json.dumps(position))
    if fresh_schedule:
        write_bytes(target / SCHEDULER, fresh_scheduler())
    return target


def fresh_scheduler() -> bytes:
    """A torch scheduler's state at its begin, in torch's older file format, made without torch."""
    about = {
        "protocol_version": _TORCH_PROTOCOL,
        "little_endian": True,
        "type_sizes": {"short": 2, "int": 4, "long": 4},
    }
    body = {"lr_lambdas": [], "last_epoch": 0, "_step_count": 1}
    parts: Sequence[object] = (_TORCH_MAGIC, _TORCH_PROTOCOL, about, body, [])
    return b"".join(pickle.dumps(part, protocol=2) for part in parts)


def _seems_whole(path: Path) -> bool:
    weights = any(is_whole(path / name) for name in WEIGHTS if (path / name).exists())
    return weights and all(is_whole(path / name) for name in NEEDED)


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except (OSError, NotImplementedError):
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            raise WorkspaceError(f"{target} could not be written: {error}.") from error


def _write(folder: RunFolder, known: Sequence[State]) -> None:
    body = {"states": [asdict(state) for state in sorted(known, key=lambda s: s.step)]}
    write_record(folder.trainer / "states.json", SCHEMA, body)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
