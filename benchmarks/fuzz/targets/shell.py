"""Every command of the shell with odd arguments; nothing that it queues is begun."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from benchmarks.fuzz import planted
from benchmarks.fuzz.odd import near_text, texts
from benchmarks.fuzz.target import Call, Target
from lib_t2p.cli.__main__ import main
from lib_t2p.cli.parser import build_parser
from lib_t2p.errors import T2PError
from lib_t2p.folder_walk import files_below
from lib_t2p.vision.faces.checking import FaceCheck

LEFT_OUT = (
    "worker",
    "env",
    "environment",
    "disk",
    "autostart",
    "studio",
    "demo",
    "wake",
)
"""They start processes or act outside the workspace."""
FEW = 1000
"""Files of a folder after which it is refused as too large, here, where `/` and `~` are typed."""
SHARE = 0.3
MOST = 500
"""Arguments of a command; argparse takes seconds for ten thousand."""
GOOD = {
    "person": planted.PERSON,
    "sweep": planted.SWEEP,
    "series": planted.SERIES,
    "run": planted.RUN,
    "file": "presets/demo.toml",
    "set": "network_dim=4",
    "axis": "network_dim=4,8",
    "recipe": "demo",
    "trigger": "ohwx",
    "checkpoint": "lib_t2p/demo/tiny_base",
}
HUNG = "the jobs would be waited for"


class Refused(Exception):
    """The command told a fault and ended with 1 or 2."""


def targets() -> list[Target]:
    """One for each command."""
    return [
        Target(f"shell: {' '.join(words)}", _arguments(words, command), shell, (Refused,),
               renewed=200, fixed=len(words), typed=True, share=SHARE)
        for words, command in _commands(build_parser([]), ())
        if words[0] not in LEFT_OUT and " ".join(words) not in LEFT_OUT
    ]  # fmt: skip


def _commands(
    parser: argparse.ArgumentParser, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    inner = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not inner:
        yield words, parser
    for action in inner:
        for name, command in action.choices.items():
            yield from _commands(command, (*words, name))


def _arguments(
    words: tuple[str, ...], command: argparse.ArgumentParser
) -> SearchStrategy[list[str]]:
    given = [a for a in command._actions if a.dest not in ("help", "workspace")]
    places = [_value(a) for a in given if not a.option_strings]
    needed = [_option(a) for a in given if a.option_strings and a.required]
    free = [_option(a) for a in given if a.option_strings and not a.required]
    more = st.lists(st.one_of(free), max_size=3) if free else st.just([])
    return st.tuples(st.tuples(*places), st.tuples(*needed), more).map(
        lambda parts: [
            *words,
            *parts[0],
            *(text for some in (*parts[1], *parts[2]) for text in some),
        ]
    )


def _option(action: argparse.Action) -> SearchStrategy[list[str]]:
    name = action.option_strings[-1]
    if action.nargs == 0:
        return st.just([name])
    return _value(action).map(lambda value: [f"{name}={value}"])


def _value(action: argparse.Action) -> SearchStrategy[str]:
    choices = [str(c) for c in action.choices or ()]
    good = choices or [GOOD.get(action.dest, "g")]
    return st.one_of(st.sampled_from(good), near_text(good), texts)


@contextmanager
def shell(folder: Path) -> Iterator[Call]:
    """Gives a call that runs one command in a planted workspace."""
    planted.planted_workspace(folder, folder.with_name("planted"))

    def waiting(*_: Any) -> None:
        raise T2PError(HUNG)

    with (
        planted.no_worker(),
        mock.patch("lib_t2p.cli.job_progress.time.sleep", waiting),
        mock.patch.object(files_below, "__defaults__", (FEW,)),
        # It looks for faces in 14 pictures, whatever the arguments are.
        mock.patch("lib_t2p.cli.scoring_commands.check_faces", lambda *_: FaceCheck((), (), 0)),
    ):
        yield lambda arguments: _run(arguments[:MOST], folder)


def _run(arguments: list[str], folder: Path) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        try:
            code: Any = main([*arguments, "--workspace", str(folder)])
        except SystemExit as over:
            code = over.code
    if code:
        raise Refused(str(code))
