"""How well a picture obeys a prompt, by a CLIP model in a folder on this computer.

A. Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021);
as a score: J. Hessel et al., "CLIPScore" (2021), here the plain cosine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import CLIPImageProcessor, CLIPModel, CLIPTokenizerFast

from lib_t2p.diffusion.clip_folder import NO_CLIP, check_clip_folder
from lib_t2p.errors import InputError
from lib_t2p.vision import Picture

_CHUNK = 1 << 20
PROCESSOR = "preprocessor_config.json"


class ClipJudge:
    """Cosine between picture and prompt, -1 to 1; higher obeys more. The same each time.

    With OpenAI's ViT-L/14, pictures of what a prompt says mostly have 0.2 to 0.3, of something
    else 0.1 to 0.2. Limits: only what CLIP knows is seen (no counts, hardly any places); the
    middle square of the picture and the first 75 tokens of the prompt count; numbers of different
    models are never compared.

    Args:
        folder: a CLIPModel as transformers saves it, both towers, with its tokenizer.

    Raises:
        InputError: the folder holds no such model.
    """

    def __init__(self, folder: Path) -> None:
        check_clip_folder(folder)
        try:
            self._model, told = CLIPModel.from_pretrained(
                folder, local_files_only=True, output_loading_info=True
            )
            self._tokens: Any = CLIPTokenizerFast.from_pretrained(folder, local_files_only=True)
            self._pixels = _processor(folder, self._model.config.vision_config.image_size)
        except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
            raise InputError(
                NO_CLIP.format(folder=folder, why=f"that can be read ({_short(error)})")
            ) from error
        if told["missing_keys"]:
            raise InputError(
                f"The CLIP model in {folder} lacks {len(told['missing_keys'])} of its parts, as "
                "one with the text tower alone does: name a folder with both towers."
            )
        self._model.eval()
        self.name = f"{folder.name} {_print(folder)[:16]}"
        self._prompt = lru_cache(maxsize=1024)(self._encoded)

    def scores(self, pictures: Sequence[Picture], prompts: Sequence[str]) -> list[float]:
        """One cosine per pair.

        Args:
            pictures: RGB uint8, height x width x 3, of any sizes.
            prompts: one for each picture, without tags and weights.
        """
        images = [Image.fromarray(picture) for picture in pictures]
        pixels = self._pixels(images=images, return_tensors="pt")["pixel_values"]
        with torch.inference_mode():
            seen = torch.nn.functional.normalize(self._model.get_image_features(pixels), dim=-1)
            said = torch.stack([self._prompt(prompt) for prompt in prompts])
            return [float(cosine) for cosine in (seen * said).sum(dim=-1)]

    def _encoded(self, prompt: str) -> torch.Tensor:
        longest = self._model.config.text_config.max_position_embeddings
        given = self._tokens(prompt, truncation=True, max_length=longest, return_tensors="pt")
        features = self._model.get_text_features(given["input_ids"], given["attention_mask"])
        return torch.nn.functional.normalize(features[0], dim=-1)


def _processor(folder: Path, side: int) -> CLIPImageProcessor:
    if (folder / PROCESSOR).is_file():
        return CLIPImageProcessor.from_pretrained(folder, local_files_only=True)
    return CLIPImageProcessor(
        size={"shortest_edge": side}, crop_size={"height": side, "width": side}
    )


def _print(folder: Path) -> str:
    """SHA-256 of all weights and settings in the folder."""
    digest = hashlib.sha256()
    wanted = (".safetensors", ".bin", ".json", ".txt")
    for path in sorted(p for p in folder.iterdir() if p.suffix in wanted):
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
