"""`python -m tools.build_base`: make the tiny base; goes on where it was interrupted."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.vision.faces.tools import load_tools
from tools.build_base.autoencoder import train_autoencoder
from tools.build_base.checks import check_base, check_pool
from tools.build_base.pictures import PORTRAIT_SEED, SIDE, make_pool
from tools.build_base.tokenizer import train_tokenizer
from tools.build_base.unet import encode_pool, train_denoiser
from tools.build_base.writing import write_base, write_figures


def build(out: Path, work: Path, portraits: int, steps: int, minutes: float) -> None:
    """Draw the pool, train autoencoder and denoiser, write the folder and check it."""
    work.mkdir(parents=True, exist_ok=True)
    tools = load_tools()
    pool = make_pool(portraits, work)
    seen = check_pool(pool, tools)
    tokenizer = train_tokenizer(pool.captions, work / "tokenizer")
    seeds = {"portraits": PORTRAIT_SEED, "autoencoder": 0, "denoiser": 1}
    autoencoder = train_autoencoder(steps, pool.pictures, work, seeds["autoencoder"])
    latents = encode_pool(pool, autoencoder, tokenizer)
    denoiser = train_denoiser(latents, tokenizer, minutes, work, seeds["denoiser"])
    write_base(out, autoencoder, latents.scaling_factor, denoiser, tokenizer)
    painted = check_base(out, tools, SIDE)
    figures = {
        "pixels": SIDE,
        "portraits": portraits,
        "autoencoder_steps": steps,
        "denoiser_minutes": minutes,
        "seeds": seeds,
        "training_faces_to_person": asdict(seen),
        "base_pictures_to_person": asdict(painted),
    }
    write_figures(out, figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build from a shell; 0 when the base passed its checks."""
    parser = argparse.ArgumentParser(prog="build_base", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the finished base")
    parser.add_argument(
        "--work", type=Path, required=True, help="scratch folder, kept for resuming"
    )
    parser.add_argument("--portraits", type=int, default=9000)
    parser.add_argument("--steps", type=int, default=5600, help="of the autoencoder")
    parser.add_argument("--minutes", type=float, default=60.0, help="of the denoiser's training")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(2)
    try:
        build(args.out, args.work, args.portraits, args.steps, args.minutes)
    except T2PError as error:
        Output().line(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
