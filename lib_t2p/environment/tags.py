"""The releases of sd-scripts that we train with, and what each of them needs."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.errors import SetupError

SOURCE = "https://github.com/kohya-ss/sd-scripts.git"
"""Where a checkout is cloned from."""

ENTRY = "train_network.py"
"""What makes a folder a checkout."""

IDENTITY = (ENTRY, "sdxl_train_network.py", "library/train_util.py", "networks/lora.py")
"""The files that a training mostly runs; a checkout is told by them."""


@dataclass(frozen=True)
class Tag:
    """One release.

    Attributes:
        name: the git tag.
        commit: what the tag pointed to when we pinned it.
        identity: SHA-256 over `IDENTITY`, see `recognising.identity_of`.
        pythons: (major, minor) that its pinned packages have wheels for.
        oldest_torch: (major, minor) of the oldest torch that its pinned packages run with.
        packages_mb: its own packages on disk, without torch.
        checkout_mb: what `git clone --depth 1` brings.
    """

    name: str
    commit: str
    identity: str
    pythons: tuple[tuple[int, int], ...]
    oldest_torch: tuple[int, int]
    packages_mb: int
    checkout_mb: int


TABLE = {
    tag.name: tag
    for tag in (
        Tag(
            "v0.8.7",
            "bfb352bc433326a77aca3124248331eb60c49e8c",
            "d9f52c41f068d2f3ba5cc2f0f1d572e2282042c28d42549a7fad83c54dba6eee",
            ((3, 10), (3, 11), (3, 12)),
            (2, 0),
            540,
            10,
        ),
        Tag(
            "v0.9.1",
            "8f4ee8fc343b047965cd8976fca65c3a35b7593a",
            "e6b9289a1914a7d3ce4fb088b4d40d37b2c37c3f6c7ed6e33a8a48a719c00e96",
            ((3, 10), (3, 11), (3, 12)),
            (2, 1),
            560,
            10,
        ),
        Tag(
            "v0.10.1",
            "ae72efb92babe89ff8e70f057e42db68440e8d61",
            "50012b7a520f57fe091ce9f126c580fa2674233868976ded5b6cab3732e869ee",
            ((3, 10), (3, 11), (3, 12)),
            (2, 1),
            600,
            20,
        ),
    )
}
"""By name, oldest first."""

TAGS = tuple(TABLE)
"""Names, oldest first."""


def tag_named(name: str) -> Tag:
    """The tag of that name, also written without its `v`.

    Raises:
        SetupError: there is no such tag; names those that are.
    """
    found = TABLE.get(name if name.startswith("v") else f"v{name}")
    if found is None:
        raise SetupError(f"sd-scripts {name} is not known here: choose from {', '.join(TAGS)}.")
    return found
