"""Where the photos of a person lie, and what was seen and decided of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PhotoFolders:
    """Photos and everything about them.

    Attributes:
        root: folder of a person, or of a set of photos of nobody in particular.
    """

    root: Path

    @property
    def photos(self) -> Path:
        """Originals, linked or copied, never changed."""
        return self.root / "photos"

    @property
    def photo_list(self) -> Path:
        """What was imported from where, and what could not be."""
        return self.root / "photos.json"

    @property
    def photo_choices(self) -> Path:
        """Which face is the person's, which photos are left out or put back."""
        return self.root / "choices.json"

    @property
    def captions(self) -> Path:
        """Captions as they are edited, with what can be undone."""
        return self.root / "captions.json"

    @property
    def survey(self) -> Path:
        """What was seen in all photos, for the tab."""
        return self.root / "survey.json"

    @property
    def faces(self) -> Path:
        """Small pictures of the people in the photos."""
        return self.root / "faces"

    def face_tile(self, face: tuple[str, int]) -> Path:
        """Small picture of one face: name of the photo, number of the face in it."""
        mark = hashlib.sha256(f"{face[0]}|{face[1]}".encode()).hexdigest()
        return self.faces / f"{mark[:20]}.jpg"

    @property
    def previews(self) -> Path:
        """Small pictures of all photos."""
        return self.root / "previews"

    def preview(self, photo: str) -> Path:
        """Small picture of one photo."""
        return self.previews / f"{photo}.jpg"
