"""Photos of another person among those that pictures are compared with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEAST = 3
"""Photos with a face from which one can be told from the others."""
MOST_NAMED = 5


def stranger_notes(
    names: Sequence[str], embeddings: NDArray[np.float32], same_person: float
) -> tuple[str, ...]:
    """Say which photos seem to show another person; no file is named.

    A photo does when its median distance to all others is above `same_person`.

    Args:
        names: of the photos, such as "held-out photo 2"; as many as there are rows.
        embeddings: shape (photos, size of an embedding).
        same_person: the embedder's distance below which two faces usually are one person's.

    Returns:
        One sentence, or none.
    """
    if len(names) < LEAST:
        return ()
    rows = embeddings.astype(np.float64)
    apart = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    medians = [float(np.median(np.delete(row, n))) for n, row in enumerate(apart)]
    odd = [name for name, median in zip(names, medians, strict=True) if median > same_person]
    if not odd:
        return ()
    if 2 * len(odd) > len(names):
        return (
            f"The faces of {len(odd)} of {len(names)} photos are far from most others (above "
            f"{same_person:.3g}), as if they showed several people: look at them on the dataset's "
            "sheet, and build the dataset again without those of others.",
        )
    return (
        f"{_listed(odd)} may show another person (median distance to the others above "
        f"{same_person:.3g}), and pictures are compared with "
        f"{'it' if len(odd) == 1 else 'them'} as well: look on the dataset's sheet, and build the "
        "dataset anew without what does not belong.",
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} more"]
    text = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return text[0].upper() + text[1:]
