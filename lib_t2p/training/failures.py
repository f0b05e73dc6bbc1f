"""Why a training ended badly: patterns in its error output -> one sentence and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

PATTERNS: tuple[tuple[str, str], ...] = (
    (
        r"CUDA out of memory|OutOfMemoryError|HIP out of memory|MPS backend out of memory",
        "The graphics card ran out of memory: lower the batch size or resolution, switch "
        "gradient_checkpointing on, or close other programs that use the card.",
    ),
    (
        r"not enough memory|DefaultCPUAllocator|Cannot allocate memory|MemoryError",
        "The machine ran out of memory: lower the batch size or resolution, or close other "
        "programs.",
    ),
    (
        r"No space left on device|disk is full|OSError: \[Errno 28\]",
        "The disk is full: free some space, then start the run again; it goes on from its last "
        "state.",
    ),
    (
        r"No module named '([\w.]+)'",
        "The package {0} is missing from the trainer's environment: repair the environment with "
        "t2p.py and start the run again.",
    ),
    (
        r"CUDA error: no kernel image|CUDA driver version is insufficient",
        "This torch does not fit the graphics card or its driver: update the driver, or repair "
        "the environment.",
    ),
    (
        r"PermissionError: .*?'([^']+)'",
        "No permission to use {0}: change its rights, then start the run again.",
    ),
    (
        r"image file is truncated|cannot identify image file '?([^'\n]*)",
        "A training picture is damaged ({0}): remove it, build the dataset again and start a new "
        "run.",
    ),
    (r"KeyboardInterrupt", "The training was interrupted: start the run again."),
)


def sentence_for(stderr: str, patterns: Sequence[tuple[str, str]] = PATTERNS) -> str:
    """Name the cause found last in the error output, or say that none is known."""
    best: tuple[int, str] | None = None
    for pattern, sentence in patterns:
        for found in re.finditer(pattern, stderr):
            if best is None or found.start() >= best[0]:
                best = (found.start(), sentence.format(*(g or "" for g in found.groups())))
    if best:
        return best[1]
    last = [line.strip() for line in stderr.splitlines() if line.strip()]
    if last:
        return (
            f"The training ended with an error: {last[-1][:300]} (more in stderr.txt of the run)."
        )
    return (
        "The training ended without a word, as when the system kills it for lack of memory: "
        "start the run again, with a smaller batch if it ends like this once more."
    )
