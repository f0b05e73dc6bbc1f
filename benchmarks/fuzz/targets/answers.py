"""What trainers print, how people vote, and whom a night tells."""

from __future__ import annotations

import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st

from benchmarks.fuzz import planted
from benchmarks.fuzz.odd import near_text, texts
from benchmarks.fuzz.target import Call, Target, plain, texts_of
from lib_t2p.actions.grids.votes import booth, cast, choose_candidates, labels_of, undo
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import read_cells
from lib_t2p.jobs.events.events import to_line
from lib_t2p.json_io import parse_json
from lib_t2p.nights.night import Night, night_faults
from lib_t2p.nights.notify import notify_url
from lib_t2p.runs.trainers.sd_scripts.faults import failure_of
from lib_t2p.runs.trainers.sd_scripts.output import SdOutput
from lib_t2p.scores.grid_scores import grid_data
from lib_t2p.scores.votes.ballots import CHOICES

LINES = (
    "running training / 学習開始\n  num train images * repeats / 学習画像の数×繰り返し回数: 330\n"
    "  num batches per epoch / 1epochのバッチ数: 110\n  num epochs / epoch数: 10\n"
    "  total optimization steps / 学習ステップ数: 1100\n\nepoch 1/10\n",
    "steps:   1%|1         | 12/1100 [00:09<13:40,  1.33it/s, avr_loss=0.0917]\r"
    "steps:   1%|1         | 13/1100 [1:00:09<1:13:40, 71.33s/it, avr_loss=nan]\n",
    "100%|#####| 33/33 [00:05<00:00,  6.2it/s]\nINFO     caching latents.   train_util.py:99\n",
    "2026-01-01 10:00:00 INFO     loading model for process 0/1             sdxl_train_util.py:31\n"
    "                    INFO     load StableDiffusion checkpoint: x       sdxl_train_util.py:71\n",
    "Traceback (most recent call last):\n  File \"train_network.py\", line 1, in <module>\n"
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB\n",
    "ModuleNotFoundError: No module named 'xformers'\n",
)  # fmt: skip
GOOD = ("", "shown")
"""Names that stand for the pair that is asked, and for nothing."""
ADDRESSES = ("https://example.invalid/hook?key=1", "http://[::1]:8080/a", "http://a@b:99/ä b")


def targets() -> list[Target]:
    """One for each reader."""
    votes = st.tuples(
        st.sampled_from(["cast", "choose", "undo"]),
        st.sampled_from(GOOD) | texts,
        st.sampled_from(CHOICES) | texts,
    )
    return [
        Target("sd-scripts: output", near_text(LINES), plain(_printed), typed=True),
        Target("sd-scripts: why it ended", near_text(LINES), plain(_ended), typed=True),
        Target("votes", votes.map(list), _voting, renewed=300, typed=True),
        Target("night: address that is told", near_text(ADDRESSES), _telling, typed=True),
    ]


def _printed(text: str) -> object:
    seen = SdOutput(clock=lambda: 1.0)
    events = [*seen.feed(text), *seen.feed_errors(text)]
    return [parse_json(to_line(event), "the event") for event in events], seen.facts


def _ended(text: str) -> object:
    failure = failure_of(text, text, "sd-scripts-v0.9.1")
    if not failure.sentence.strip():
        raise AssertionError("an end without a sentence")
    return failure


@contextmanager
def _telling(_: Path) -> Iterator[Call]:
    def refuse(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError("nobody is told by a benchmark")

    def call(address: str) -> object:
        night = Night("n", "ann", 0.0, notify_url=address)
        told = notify_url(address, {"text": address, "likeness": float("nan")})
        if len(address) > 8 and address in told:
            raise AssertionError("the address stands in the note")
        return night_faults(night, 0.0)

    with mock.patch("urllib.request.urlopen", refuse):
        yield call


@contextmanager
def _voting(folder: Path) -> Iterator[Call]:
    workspace = planted.planted_workspace(folder, folder.with_name("planted"))
    person = workspace.person(planted.PERSON)
    grid = person.grid(planted.GRID)
    labels = list(labels_of(grid_data(grid).plan))
    for cell in read_cells(grid):
        cell_path(grid, cell).parent.mkdir(parents=True, exist_ok=True)
        cell_path(grid, cell).write_bytes(b"painted")

    def call(given: list[str]) -> object:
        how, name, choice = texts_of(given, 3)
        if how == "choose":
            choose_candidates(person, grid, [*labels[: len(choice) % 8], *([name] if name else [])])
        elif how == "undo":
            undo(grid)
        else:
            pair = booth(person, grid).pair
            cast(person, grid, pair.key if pair and name in GOOD else name, choice)
        return booth(person, grid)

    yield call
