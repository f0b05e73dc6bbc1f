"""Runs sd-scripts' own train_network.py for one step on a random checkpoint of 2 million weights.

Started by an environment's own Python, through accelerate: `t2p_one_step.py CHECKOUT WORK`. The
LoRA is then in WORK/out. Only the loading of the checkpoint is replaced, which would need 2 GB;
our demo's tiny base has fewer blocks than sd-scripts' U-Net, so it cannot be that.
"""

from __future__ import annotations

import json
import runpy
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

CHANNELS = (32, 32, 64, 64)
WIDTH = 64
HEADS = 4
PIXELS = 64
SPECIAL = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>"}
OPTIONS = (
    "--network_module networks.lora --network_dim 1 --max_train_steps 1 --train_batch_size 1 "
    f"--resolution {PIXELS} --optimizer_type AdamW --learning_rate 1e-4 --cache_latents --seed 1 "
    "--max_data_loader_n_workers 0 --mixed_precision no --save_model_as safetensors "
    "--pretrained_model_name_or_path random --output_name t2p_check"
).split()


def make_photo(work: Path) -> None:
    """One grey picture in a folder as kohya names them."""
    from PIL import Image

    folder = work / "img" / "1_check person"
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (PIXELS, PIXELS), (127, 120, 110)).save(folder / "grey.png")


def make_tokenizer(work: Path) -> None:
    """A tokenizer of three words, where sd-scripts looks for CLIP's."""
    folder = work / "tokenizers" / "openai_clip-vit-large-patch14"
    folder.mkdir(parents=True, exist_ok=True)
    words = {SPECIAL["bos_token"]: 0, SPECIAL["eos_token"]: 1, "a</w>": 2}
    special = {**SPECIAL, "unk_token": SPECIAL["eos_token"], "pad_token": SPECIAL["eos_token"]}
    config = {**special, "tokenizer_class": "CLIPTokenizer", "model_max_length": 77}
    (folder / "vocab.json").write_text(json.dumps(words), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps(special), encoding="utf-8")


def random_models(*_args: Any, **_options: Any) -> tuple[Any, Any, Any, bool]:
    """Text encoder, VAE and U-Net in the place of those that a checkpoint would give."""
    from diffusers import AutoencoderKL
    from transformers import CLIPTextConfig, CLIPTextModel

    original_unet: Any = import_module("library.original_unet")
    text = CLIPTextConfig(
        vocab_size=3,
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=HEADS,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    vae = AutoencoderKL(
        block_out_channels=(32,) * 4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        sample_size=PIXELS,
    )
    unet = original_unet.UNet2DConditionModel(PIXELS // 8, HEADS, WIDTH, False, False)
    return CLIPTextModel(text), vae, unet, True


def main(checkout: Path, work: Path) -> None:
    """Make what a training needs and train."""
    sys.path[0] = str(checkout)
    original_unet: Any = import_module("library.original_unet")
    train_util: Any = import_module("library.train_util")
    original_unet.BLOCK_OUT_CHANNELS = CHANNELS
    original_unet.TIMESTEP_INPUT_DIM = CHANNELS[0]
    original_unet.TIME_EMBED_DIM = 4 * CHANNELS[0]
    train_util._load_target_model = random_models
    make_photo(work)
    make_tokenizer(work)
    folders = {
        "--train_data_dir": "img",
        "--output_dir": "out",
        "--logging_dir": "tb",
        "--tokenizer_cache_dir": "tokenizers",
    }
    named = [part for flag, name in folders.items() for part in (flag, str(work / name))]
    script = str(checkout / "train_network.py")
    sys.argv = [script, *OPTIONS, *named]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
