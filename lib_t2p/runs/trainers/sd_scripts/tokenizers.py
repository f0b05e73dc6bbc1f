"""CLIP's tokenizers where sd-scripts looks for them, so that no model hub is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lib_t2p.diffusion import END, START, write_tokenizer_files
from lib_t2p.files import PARTIAL, write_text

TOKENIZERS = {
    "openai_clip-vit-large-patch14": END,
    "laion_CLIP-ViT-bigG-14-laion2B-39B-b160k": "!",
}
"""Folder that sd-scripts makes of a tokenizer's name -> padding token.

The first is that of SD1.5 and SDXL, the second SDXL's second one, whose padding token 0 is `!`.
"""


def fill_tokenizers(
    root: Path, write_vocabulary: Callable[[Path], object] = write_tokenizer_files
) -> Path:
    """Write the tokenizers that are not there yet.

    Args:
        root: what `--tokenizer_cache_dir` names.
        write_vocabulary: writes `vocab.json` and `merges.txt` into a folder.

    Returns:
        `root`.

    Raises:
        SetupError: CLIP's vocabulary is not installed.
        WorkspaceError: the disk is full or the folder may not be written.
    """
    for name, pad in TOKENIZERS.items():
        _fill(root / name, pad, write_vocabulary)
    return root


def _fill(folder: Path, pad: str, write_vocabulary: Callable[[Path], object]) -> None:
    last = folder / "tokenizer_config.json"
    if last.is_file():
        return
    partial = folder.with_name(folder.name + PARTIAL)
    partial.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    write_vocabulary(partial)
    for file in list(partial.iterdir()):
        file.replace(folder / file.name)
    partial.rmdir()
    marks = {"bos_token": START, "eos_token": END, "pad_token": pad, "unk_token": END}
    write_text(folder / "special_tokens_map.json", json.dumps(marks, indent=1))
    config = {
        **marks,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": True,
        "do_lower_case": True,
        "errors": "replace",
        "model_max_length": 77,
        "tokenizer_class": "CLIPTokenizer",
    }
    write_text(last, json.dumps(config, indent=1))
