"""Why a training ended badly, by the last words of its output: a code, a sentence, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BAR = re.compile(r"\b\d{1,3}%\|[^|]*\|\s*(?P<done>\d{1,12})/(?P<total>\d{1,12})\b")
_LOG = re.compile(r"^\s*(?:\S+ +){0,2}\[?(?:INFO|WARNING|WARN|DEBUG)\b", re.I)
_WARNING = re.compile(r"\b\w*Warning: |^\s*warnings\.warn\(")
_GOES_ON = re.compile(r"^\s*(?:epoch \d+/\d+|running training|saving checkpoint|num \w+ )")
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\)")
_CAUGHT = re.compile(
    r"^(?:During handling of the above exception|The above exception was the direct cause)"
)
_ERROR = re.compile(r"^\s*(?:\S+ +){0,2}\[?(?:ERROR|CRITICAL)\b|\berror: |^Fatal |^Error\b")


def last_words(stream: str, *, plain: bool = True) -> str:
    """The lines of one output that may tell why its process ended.

    A process that counted on after an error did not die of it, and neither did one that went on
    to other messages after a line that merely sounds like an error. Warnings are never a cause.

    Args:
        stream: one message a line.
        plain: lines count that are neither marked as an error nor part of a traceback.
    """
    lines = stream.splitlines()
    lines = lines[_alive_until(lines) :]
    alive = (at + 1 for at, line in enumerate(lines) if _is_message(line) or _GOES_ON.match(line))
    quiet = max(alive, default=0) if plain else len(lines)
    inside, kept = False, []
    for at, line in enumerate(lines):
        if _TRACEBACK.match(line):
            inside = True
        if (inside or at >= quiet or _ERROR.search(line)) and not _is_message(line):
            kept.append(line)
        if inside and not line.startswith((" ", "Traceback")) and line and not _CAUGHT.match(line):
            inside = False
    return "\n".join(kept)


def shows_steps(stream: str) -> bool:
    """Whether an output has a bar, so that an end without a word in it is no error of its own."""
    return bool(_BAR.search(stream))


def _alive_until(lines: list[str]) -> int:
    """Behind the last bar that is further than those before it.

    One such bar behind a traceback is no sign of life: tqdm shows its last count when it closes.
    """
    furthest: dict[str, int] = {}
    last, beyond = 0, 2
    for at, line in enumerate(lines):
        if _TRACEBACK.match(line):
            beyond = 0
        found = _BAR.search(line)
        if found and int(found["done"]) > furthest.get(found["total"], -1):
            furthest[found["total"]] = int(found["done"])
            beyond += 1
            if beyond >= 2:
                last = at if _ERROR.search(line) else at + 1
    return last


def _is_message(line: str) -> bool:
    return bool(_LOG.match(line) or _WARNING.search(line))


AGAIN = "start the run again"


@dataclass(frozen=True)
class Failure:
    """Why a training ended.

    Attributes:
        code: for programs, such as `out-of-memory`.
        sentence: what happened and what to do.
    """

    code: str
    sentence: str


@dataclass(frozen=True)
class Cause:
    """A cause of failure as it shows in an output.

    Attributes:
        code: as in `Failure`.
        pattern: regular expression; its groups fill the sentence.
        sentence: with `{0}`, `{1}` for the groups.
    """

    code: str
    pattern: str
    sentence: str


CAUSES: tuple[Cause, ...] = (
    Cause(
        "out-of-memory",
        r"CUDA out of memory|OutOfMemoryError|HIP out of memory|MPS backend out of memory"
        r"|CUBLAS_STATUS_ALLOC_FAILED",
        "The graphics card ran out of memory: lower the batch size or resolution, switch "
        "gradient_checkpointing on, or close other programs that use the card.",
    ),
    Cause(
        "machine-memory",
        r"not enough memory|DefaultCPUAllocator|Cannot allocate memory|MemoryError",
        "The machine ran out of memory: lower the batch size or resolution, or close other "
        "programs.",
    ),
    Cause(
        "disk-full",
        r"No space left on device|disk is full|OSError: \[Errno 28\]|StorageFull|WinError 112",
        "The disk is full: free some space, then start the run again; it goes on from its last "
        "state.",
    ),
    Cause(
        "missing-module",
        r"No module named '([\w.]+)'",
        "The package {0} is missing from the trainer's environment: repair the environment with "
        "t2p.py and start the run again.",
    ),
    Cause(
        "driver",
        r"CUDA error: no kernel image|CUDA driver version is insufficient"
        r"|Torch not compiled with CUDA",
        "This torch does not fit the graphics card or its driver: update the driver, or repair "
        "the environment.",
    ),
    Cause(
        "no-permission",
        r"PermissionError: .*?'([^']+)'",
        "No permission to use {0}: change its rights, then start the run again.",
    ),
    Cause(
        "corrupt-image",
        r"cannot identify image file '([^'\n]+)'",
        "The training picture {0} is damaged or no picture: remove it, build the dataset again "
        "and start a new run.",
    ),
    Cause(
        "corrupt-image",
        r"image file is truncated",
        "A training picture is damaged: remove it, build the dataset again and start a new run.",
    ),
    Cause(
        "broken-checkpoint",
        r"SafetensorError: .*|InvalidHeaderDeserialization|MetadataIncompleteBuffer",
        f"The base checkpoint, or a file beside it, is damaged: download it again, then {AGAIN}.",
    ),
    Cause("interrupted", r"KeyboardInterrupt", f"The training was interrupted: {AGAIN}."),
)
"""What any trainer may die of."""

KILLED = Failure(
    "killed",
    "The training ended without a word, as when the system kills it for lack of memory or "
    "somebody ends it: start the run again, with a smaller batch if it ends like this once more.",
)
_SIGNS = re.compile(r"(Error|Exception)\b|\berror:|No such file|^Fatal ", re.I)
_HOLLOW = re.compile(r"CalledProcessError|^Traceback \(most recent call last\)")
"""What accelerate and Python say whatever the cause is."""


def classify(output: str, causes: Sequence[Cause] = CAUSES, *, errors: str = "") -> Failure:
    """Name the cause found last in an output, or say that none is known.

    Args:
        output: what the process printed, each log message in one line.
        causes: where two match at one place, the earlier one of this list counts.
        errors: its error stream, when it is another one; what it says counts more.
    """
    ending = last_words(errors)
    # Python and its programs tell their errors in the error stream.
    silent = bool(errors) and not ending.strip() and shows_steps(errors)
    said = f"{last_words(output, plain=not silent)}\n{ending}"
    best: tuple[int, Failure] | None = None
    for cause in causes:
        for found in re.finditer(cause.pattern, said):
            if best is None or found.start() > best[0]:
                groups = (group or "" for group in found.groups())
                best = (found.start(), Failure(cause.code, cause.sentence.format(*groups)))
    if best:
        return best[1]
    lines = [line for line in said.splitlines() if line and not line.startswith(" ")]
    told = [line.strip() for line in lines if _SIGNS.search(line)]
    if not told:
        return KILLED
    own = [line for line in told if not _HOLLOW.search(line)] or told
    sentence = f"The training ended with an error: {own[-1][:300]} (more in stderr.txt of the run)."
    return Failure("unknown", sentence)
