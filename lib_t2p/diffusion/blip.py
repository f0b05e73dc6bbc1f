"""BLIP captions from a folder on this computer, by transformers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import BlipForConditionalGeneration, BlipProcessor

from lib_t2p.errors import InputError

MOST_TOKENS = 40
BEAMS = 3


class BlipCaptioner:
    """A sentence per picture; the same each time.

    Args:
        folder: a saved BLIP model with its processor.

    Raises:
        InputError: the folder holds no such model.
    """

    name = "BLIP"

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise InputError(f"{folder} holds no BLIP model: config.json is missing there.")
        try:
            self._processor = BlipProcessor.from_pretrained(folder, local_files_only=True)
            self._model = BlipForConditionalGeneration.from_pretrained(
                folder, local_files_only=True
            ).eval()
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise InputError(f"{folder} holds no BLIP model that can be read: {error}") from error

    def sentence(self, picture: NDArray[np.uint8]) -> str:
        """What an RGB picture (uint8, height x width x 3) shows."""
        given = self._processor(images=Image.fromarray(picture), return_tensors="pt")
        with torch.inference_mode():
            tokens = self._model.generate(**given, max_new_tokens=MOST_TOKENS, num_beams=BEAMS)
        return str(self._processor.decode(tokens[0], skip_special_tokens=True)).strip()
