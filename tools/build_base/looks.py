"""What a drawn person looks like, and the caption that says it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.float32]

HAIR = {
    "black": (28, 24, 22),
    "brown": (84, 56, 36),
    "blond": (198, 164, 104),
    "red": (150, 70, 32),
    "grey": (150, 148, 146),
}
CLOTHES = {
    "red": (170, 40, 40),
    "orange": (222, 92, 40),
    "blue": (44, 72, 150),
    "green": (46, 110, 66),
    "white": (228, 226, 222),
    "black": (30, 30, 34),
    "yellow": (220, 186, 70),
    "purple": (104, 60, 130),
}
BACKGROUNDS = {
    "grey": (196, 192, 190),
    "blue": (120, 150, 190),
    "green": (110, 140, 100),
    "brown": (140, 112, 86),
    "dark": (52, 50, 56),
}
SKINS = (
    (238, 206, 184),
    (226, 186, 158),
    (204, 158, 126),
    (168, 120, 88),
    (120, 82, 60),
    (84, 58, 44),
)
SKIN_SHARES = (0.3, 0.3, 0.2, 0.1, 0.06, 0.04)
HAIR_KINDS = ("short", "bob", "long", "bald", "curly")
HAIR_SHARES = (0.3, 0.25, 0.25, 0.06, 0.14)
OUTFITS = ("shirt", "suit", "round collar", "dress")
IRISES = ((70, 50, 36), (60, 90, 130), (70, 100, 60), (40, 30, 26))


@dataclass(frozen=True)
class Look:
    """One drawn person; colours are RGB, 0 to 255."""

    hair_kind: str
    hair_name: str
    hair: Rgb
    outfit: str
    clothes_name: str
    clothes: Rgb
    background_name: str
    background: Rgb
    skin: Rgb
    iris: Rgb
    female: bool
    beard: bool
    glasses: bool
    smile: float

    def caption(self, rng: np.random.Generator, *, smile_shown: bool) -> str:
        """Words for the picture; each detail is named with a chance of 0.6."""
        who = "person" if rng.random() < 0.25 else "woman" if self.female else "man"
        bald = self.hair_kind == "bald"
        details = ["bald" if bald else f"{self.hair_kind} {self.hair_name} hair"]
        details += [f"{self.clothes_name} {self.outfit}", f"{self.background_name} background"]
        details += ["glasses"] if self.glasses else []
        details += ["smiling"] if smile_shown and self.smile > 0.5 else []
        named = [detail for detail in details if rng.random() < 0.6]
        return ", ".join([f"photo of a {who}", *named])


def random_look(rng: np.random.Generator) -> Look:
    """Draw lots for a person."""
    kind = HAIR_KINDS[rng.choice(len(HAIR_KINDS), p=HAIR_SHARES)]
    even = rng.random() < 0.5
    female = kind in ("bob", "long") or (kind == "curly" and even)
    female = female or (kind == "short" and rng.random() < 0.2)
    hair_name, hair = _named(rng, HAIR)
    clothes_name, clothes = _named(rng, CLOTHES)
    background_name, background = _named(rng, BACKGROUNDS)
    skin = np.array(SKINS[rng.choice(len(SKINS), p=SKIN_SHARES)], np.float32)
    return Look(
        hair_kind=kind,
        hair_name=hair_name,
        hair=hair,
        outfit=OUTFITS[rng.integers(len(OUTFITS))],
        clothes_name=clothes_name,
        clothes=clothes,
        background_name=background_name,
        background=background,
        skin=(skin * rng.uniform(0.92, 1.05)).astype(np.float32),
        iris=np.array(IRISES[rng.integers(len(IRISES))], np.float32),
        female=female,
        beard=not female and rng.random() < 0.2,
        glasses=rng.random() < 0.12,
        smile=float(rng.uniform(0, 1)),
    )


def _named(rng: np.random.Generator, table: dict[str, tuple[int, int, int]]) -> tuple[str, Rgb]:
    name = list(table)[rng.integers(len(table))]
    return name, (np.array(table[name]) * rng.uniform(0.85, 1.15)).astype(np.float32)
