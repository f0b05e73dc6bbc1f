"""Taking over the LoRAs that sd-scripts writes, once they are whole, under names of our own.

They are written again with our metadata; their tensors are copied byte by byte."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, whole_file, write_record
from lib_t2p.lora import read_header
from lib_t2p.ranges import whole_number
from lib_t2p.runs.runs import Run, model_stem, saved_models
from lib_t2p.runs.trainers.sd_scripts.launches import LaunchFacts, output_name
from lib_t2p.runs.trainers.sd_scripts.states import Settled
from lib_t2p.workspace import RunFolder

_ALIGN = 8
_BLOCK = 1 << 22


def write_relabelled(source: Path, target: Path, changes: Mapping[str, str]) -> None:
    """Copy a whole safetensors file and change some of its metadata.

    Args:
        source: read before with `read_header`, so that its header is known to be good.
        target: written whole.
        changes: metadata to set.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    with source.open("rb") as file, whole_file(target) as partial:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        header["__metadata__"] = {**(header.get("__metadata__") or {}), **changes}
        body = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        body += b" " * (-len(body) % _ALIGN)
        with partial.open("wb") as out:
            out.write(len(body).to_bytes(8, "little") + body)
            shutil.copyfileobj(file, out, _BLOCK)


SCHEMA = 1
_NAME = re.compile(r"^(?:-(?P<epoch>\d{6})|-step(?P<step>\d{8}))?$")


@dataclass(frozen=True)
class _Place:
    """Where a LoRA stands in its run: epoch from 1, optimizer steps."""

    epoch: int
    step: int
    stem: str


class Collector:
    """Moves whole LoRAs of one launch into the run's folder of saved models.

    sd-scripts writes a file where it will lie, so that a half-written one looks like a whole one
    to others; and after a resume it counts epochs or steps anew.

    Args:
        folder: of the run.
        run: as stored.
        facts: of the launch.
    """

    def __init__(self, folder: RunFolder, run: Run, facts: LaunchFacts) -> None:
        self._folder = folder
        self._run = run
        self._facts = facts
        self._settled = Settled()
        self._name = output_name(folder, run)

    def collect(self, *, over: bool) -> None:
        """Take over what is whole; `over` means that nobody writes any more.

        Raises:
            WorkspaceError: the disk is full or the folder may not be written.
        """
        for path in sorted(self._folder.states.glob(f"{self._name}*.safetensors")):
            found = _NAME.match(path.stem.removeprefix(self._name))
            if found and self._settled.look(path, over=over):
                place = self._place(path, found)
                if not found["epoch"] and not found["step"]:
                    write_record(self._folder.trainer / "last.json", SCHEMA, {"stem": place.stem})
                self._take(path, place)
                self._remove_old()

    def is_complete(self) -> bool:
        """Whether the last LoRA of the run is in place."""
        try:
            stem = read_record(self._folder.trainer / "last.json", SCHEMA)["stem"]
        except (WorkspaceError, KeyError):
            return False
        return any(model.stem == stem for model in saved_models(self._folder))

    def _place(self, path: Path, found: re.Match[str]) -> _Place:
        metadata, facts = read_header(path).metadata, self._facts
        own_step = int(found["step"] or metadata.get("ss_steps") or 0)
        step = facts.own_begin + own_step
        if found["step"]:
            # There sd-scripts writes the number of whole epochs, not of the one at work.
            epoch = facts.epochs_before + _number(metadata, "ss_epoch") + 1
            stem = f"{model_stem(self._folder, self._run, epoch)}_s{step:06d}"
            return _Place(epoch, step, stem)
        own_epoch = int(found["epoch"] or _number(metadata, "ss_epoch") or 1)
        epoch = facts.epochs_before + own_epoch
        return _Place(epoch, step, model_stem(self._folder, self._run, epoch))

    def _take(self, path: Path, place: _Place) -> None:
        target = self._folder.model / f"{place.stem}.safetensors"
        if target.exists():
            # A run that began anew comes by epochs that were saved before: none is replaced.
            path.unlink()
            return
        metadata = read_header(path).metadata
        wanted = {"ss_epoch": str(place.epoch), "ss_steps": str(place.step)}
        if all(metadata.get(name) == value for name, value in wanted.items()):
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
            return
        write_relabelled(path, target, wanted)
        path.unlink()

    def _remove_old(self) -> None:
        settings = self._run.settings
        keep, every = settings.save_last_n_epochs, settings.save_every_n_epochs
        if keep is None or every is None:
            return
        models = saved_models(self._folder)
        newest = max((model.epoch for model in models), default=0)
        for model in models:
            if model.epoch <= newest - keep * every:
                model.path.unlink(missing_ok=True)


def _number(metadata: dict[str, str], name: str) -> int:
    return whole_number(metadata.get(name, "")) or 0
