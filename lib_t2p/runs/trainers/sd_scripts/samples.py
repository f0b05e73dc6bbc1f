"""Sample images that sd-scripts draws while it trains."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from lib_t2p.files import write_text
from lib_t2p.jobs.events import Image
from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainers.sd_scripts.launches import LaunchFacts
from lib_t2p.runs.trainers.sd_scripts.states import Settled
from lib_t2p.settings import KINDS, filled, prompt_path, prompt_text
from lib_t2p.workspace import RunFolder

_NAME = re.compile(
    r"(?:^|_)(?:e(?P<epoch>\d{6})|(?P<step>\d{6}))_(?P<number>\d\d)_\d{14}(?:_\d+)?$"
)


def prompts_file(folder: RunFolder, run: Run) -> Path | None:
    """Write the file that `--sample_prompts` names; None when no sample is to be drawn.

    It is always one of our own, in UTF-8 and with an ending that sd-scripts reads, with the
    person's token and class where the prompts leave room for them.

    Raises:
        InputError: the settings name a file that cannot be used.
        WorkspaceError: the disk is full.
    """
    text = run.settings.sample_prompts
    if not text.strip():
        return None
    named = prompt_path(text)
    ending = ".txt"
    if named is not None:
        text = prompt_text(named)
        ending = named.suffix.lower() if named.suffix.lower() in KINDS else ".txt"
    path = folder.trainer / f"prompts{ending}"
    write_text(path, filled(text, run.trigger, run.class_word).rstrip("\n") + "\n")
    return path


class SampleCollector:
    """Moves whole sample images into the run's folder of samples.

    Args:
        folder: of the run.
        facts: of the launch.
    """

    def __init__(self, folder: RunFolder, facts: LaunchFacts) -> None:
        self._folder = folder
        self._facts = facts
        self._settled = Settled()

    def collect(self, *, over: bool) -> list[Image]:
        """Take over what is whole; gives it as events."""
        found = []
        for path in sorted((self._folder.states / "sample").glob("*.png")):
            if self._settled.look(path, over=over):
                target = self._folder.samples / path.name
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
                found.append(Image(time.time(), str(target), self._caption(path.stem)))
        return found

    def _caption(self, stem: str) -> str:
        name = _NAME.search(stem)
        if name is None:
            return stem
        number = int(name["number"]) + 1
        if name["epoch"]:
            return f"epoch {int(name['epoch']) + self._facts.epochs_before}, prompt {number}"
        return f"step {int(name['step']) + self._facts.own_begin}, prompt {number}"
