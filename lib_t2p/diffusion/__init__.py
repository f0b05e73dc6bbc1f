"""Checkpoint loading, prompt encoding and sampling with diffusers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.diffusion.blip import BlipCaptioner
    from lib_t2p.diffusion.checkpoint import Checkpoint
    from lib_t2p.diffusion.checkpoint_loader import load_checkpoint
    from lib_t2p.diffusion.chunks import ROOM
    from lib_t2p.diffusion.clip_folder import check_clip_folder
    from lib_t2p.diffusion.clip_score import ClipJudge
    from lib_t2p.diffusion.clip_vocabulary import (
        END,
        LIMIT,
        START,
        count_tokens,
        write_tokenizer_files,
    )
    from lib_t2p.diffusion.devices import best_device
    from lib_t2p.diffusion.emphasis import parse_emphasis
    from lib_t2p.diffusion.families import Family, recognise
    from lib_t2p.diffusion.frozen_layers import has_products, is_plain, product, quicken
    from lib_t2p.diffusion.painter import DiffusersPainter
    from lib_t2p.diffusion.prompts import CHUNK, Conditioning, encode_tokens, tokenize
    from lib_t2p.diffusion.samplers import SAMPLERS
    from lib_t2p.diffusion.sampling import sample
    from lib_t2p.diffusion.single_file_parts import read_ahead

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
