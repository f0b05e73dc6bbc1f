"""Why a training ended badly: patterns in its output -> a code, one sentence and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.runs.last_words import last_words, shows_steps

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
