"""Grouping identities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

MOST_AT_ONCE = 6000
"""Faces that are compared with each other (150 MB); further ones join the nearest group."""


def cluster(vectors: NDArray[np.float32], limit: float) -> list[list[int]]:
    """Average-linkage clustering by Euclidean distance.

    Args:
        vectors: identities, shape (n, 128).
        limit: mean distance between two groups up to which they are merged.

    Returns:
        Row numbers of each group, ascending; groups by their first row.
    """
    if len(vectors) < 2:
        return [[n] for n in range(len(vectors))]
    first = vectors[:MOST_AT_ONCE].astype(np.float64)
    numbers = fcluster(linkage(first, "average"), limit, criterion="distance")
    groups: dict[int, list[int]] = {}
    for row, number in enumerate(numbers):
        groups.setdefault(int(number), []).append(row)
    found = list(groups.values())
    middles = np.stack([first[group].mean(axis=0) for group in found])
    for row in range(MOST_AT_ONCE, len(vectors)):
        apart = np.linalg.norm(middles - vectors[row], axis=1)
        nearest = int(apart.argmin())
        if apart[nearest] <= limit:
            found[nearest].append(row)
        else:
            found.append([row])
            middles = np.vstack([middles, vectors[row]])
    return found
