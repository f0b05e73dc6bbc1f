"""Base checkpoints of SD1.5's layout with smaller numbers, as tests and trials use.

CLIP's tokenizers are put where sd-scripts looks for them, so that no model hub is asked.

sd-scripts knows the sizes of SD1.5 as constants of its library. For a smaller checkpoint they are
read from its tensors, and `small_launcher.py` sets them before the training script runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lib_t2p.diffusion import END, START, write_tokenizer_files
from lib_t2p.errors import CheckpointError
from lib_t2p.files import PARTIAL, write_text
from lib_t2p.lora import TensorInfo, read_header

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


FULL_WIDTH = 320
_UNET = "model.diffusion_model."
_VAE = "first_stage_model.encoder."
_TEXT = "cond_stage_model.transformer.text_model."
_LEVELS = (1, 4, 7, 10)


def small_sizes(path: Path) -> dict[str, Any] | None:
    """Sizes of a checkpoint that is smaller than SD1.5; None for one of the usual size.

    Raises:
        CheckpointError: it is neither.
        LoraError: the file cannot be read.
    """
    if path.is_dir():
        return None
    tensors = read_header(path).tensors
    first = tensors.get(f"{_UNET}input_blocks.0.0.weight")
    if first is None or first.shape[0] == FULL_WIDTH:
        return None
    try:
        return _sizes(tensors)
    except (KeyError, IndexError, ZeroDivisionError) as error:
        raise CheckpointError(
            f"{path} has neither SD1.5's size nor its layout, so sd-scripts cannot train it: "
            "choose an SD1.5 or SDXL base checkpoint."
        ) from error


def _sizes(tensors: Mapping[str, TensorInfo]) -> dict[str, Any]:
    blocks = [f"{_UNET}input_blocks.{n}.0.out_layers.3.weight" for n in _LEVELS]
    widths = [tensors[name].shape[0] for name in blocks]
    key = f"{_UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
    latent = tensors[f"{_VAE}conv_in.weight"].shape[0]
    levels = [f"{_VAE}down.{n}.block.0.conv1.weight" for n in range(4)]
    hidden = tensors[f"{_TEXT}embeddings.token_embedding.weight"].shape[1]
    layers = {
        name.removeprefix(f"{_TEXT}encoder.layers.").partition(".")[0]
        for name in tensors
        if name.startswith(f"{_TEXT}encoder.layers.")
    }
    return {
        "unet": {
            "channels": widths,
            "context": tensors[key].shape[1],
        },
        "vae": {"channels": latent, "factors": [tensors[n].shape[0] // latent for n in levels]},
        "text": {
            "hidden_size": hidden,
            "projection_dim": hidden,
            "intermediate_size": tensors[f"{_TEXT}encoder.layers.0.mlp.fc1.weight"].shape[0],
            "num_hidden_layers": len(layers),
            "num_attention_heads": max(hidden // 64, 1),
        },
    }
