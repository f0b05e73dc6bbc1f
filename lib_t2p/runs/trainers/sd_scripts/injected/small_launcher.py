"""Runs a training script of sd-scripts on a smaller base: `small_launcher.py SIZES SCRIPT ...`.

Runs in sd-scripts' environment and imports nothing of ours; see `small_bases.py`.
"""

from __future__ import annotations

import importlib
import json
import runpy
import sys
from pathlib import Path
from typing import Any


def set_sizes(sizes: dict[str, Any]) -> None:
    """Set the constants of the library before anything uses them."""
    unet: Any = importlib.import_module("library.original_unet")
    channels = tuple(sizes["unet"]["channels"])
    unet.BLOCK_OUT_CHANNELS = channels
    unet.TIMESTEP_INPUT_DIM = channels[0]
    unet.TIME_EMBED_DIM = channels[0] * 4
    model: Any = importlib.import_module("library.model_util")
    model.UNET_PARAMS_MODEL_CHANNELS = channels[0]
    model.UNET_PARAMS_CHANNEL_MULT = [width // channels[0] for width in channels]
    model.UNET_PARAMS_CONTEXT_DIM = sizes["unet"]["context"]
    model.VAE_PARAMS_CH = sizes["vae"]["channels"]
    model.VAE_PARAMS_CH_MULT = sizes["vae"]["factors"]
    usual = model.CLIPTextConfig
    model.CLIPTextConfig = lambda **values: usual(**{**values, **sizes["text"]})


def main() -> None:
    """Set the sizes, then become the script."""
    _, record, script, *arguments = sys.argv
    sys.argv = [script, *arguments]
    # As Python itself does for a script; this file's own folder must not be searched.
    sys.path[0] = str(Path(script).parent)
    set_sizes(json.loads(Path(record).read_text(encoding="utf-8")))
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
