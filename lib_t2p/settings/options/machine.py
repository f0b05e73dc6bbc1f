"""Precision and memory."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.option import MIDDLE, NEWEST, option


@dataclass(frozen=True)
class MachineOptions:
    """What makes a training fit into a card and run fast there."""

    mixed_precision: str = option(
        "no",
        "Precision",
        "bf16 needs an RTX 30 or newer; fp16 runs on older cards; no is 32 bit.",
        choices=("no", "fp16", "bf16"),
        level="simple",
        builtin=True,
    )
    full_fp16: bool = option(
        False,
        "LoRA in fp16 too",
        "Saves memory; with DAdaptAdam the learning rate stays at 1e-6 and nothing is learnt.",
        builtin=True,
    )
    full_bf16: bool = option(
        False, "LoRA in bf16 too", "Saves memory at some loss of exactness.", builtin=True
    )
    fp8_base: bool = option(
        False, "Checkpoint in 8 bit", "Keeps the checkpoint in fp8, to save memory."
    )
    fp8_base_unet: bool = option(
        False, "U-Net in 8 bit", "Keeps the U-Net in fp8 and the rest as it is.", since=NEWEST
    )
    gradient_checkpointing: bool = option(
        False,
        "Gradient checkpointing",
        "Takes far less memory and some 20 % more time.",
        builtin=True,
    )
    cpu_offload_checkpointing: bool = option(
        False, "Checkpoints in main memory", "Moves them out of the card.", since=NEWEST
    )
    no_half_vae: bool = option(
        False,
        "VAE in 32 bit",
        "SDXL's own VAE gives black pictures in fp16.",
        builtin=True,
        gui="sdxl_no_half_vae",
    )
    vae: str = option(
        "",
        "VAE",
        "Path of a VAE that is taken instead of the checkpoint's.",
        trust="weights",
        path=True,
    )
    cache_latents: bool = option(
        False, "Cache latents", "Encode each picture once; faster and smaller.", builtin=True
    )
    cache_latents_to_disk: bool = option(
        False, "Cache latents on disk", "Keep them beside the pictures for the next run."
    )
    skip_cache_check: bool = option(
        False, "Trust cached latents", "Do not look into them before use.", since=NEWEST
    )
    vae_batch_size: int = option(
        1,
        "Encoding batch",
        "Pictures encoded at a time while caching.",
        minimum=1,
        maximum=64,
        builtin=True,
    )
    cache_text_encoder_outputs: bool = option(
        False,
        "Cache text-encoder outputs",
        "Encode each caption once; only when the text encoder is not trained.",
        builtin=True,
        families=("sdxl",),
        gui="sdxl_cache_text_encoder_outputs",
    )
    cache_text_encoder_outputs_to_disk: bool = option(
        False,
        "Cache text-encoder outputs on disk",
        "Keep them beside the pictures for the next run.",
        families=("sdxl",),
        gui="",
    )
    disable_mmap_load_safetensors: bool = option(
        False,
        "Read checkpoints whole",
        "Instead of mapping the file; faster on some network drives.",
        since=MIDDLE,
        families=("sdxl",),
        gui="",
    )
    xformers: bool = option(
        False, "xFormers", "Memory-saving attention; the package must be installed."
    )
    sdpa: bool = option(
        False, "PyTorch attention", "PyTorch's own memory-saving attention.", gui="xformers"
    )
    mem_eff_attn: bool = option(False, "Slow small attention", "Takes least memory and most time.")
    lowram: bool = option(
        False, "Little main memory", "Load models straight into the card.", gui=""
    )
    highvram: bool = option(
        False, "Plenty of card memory", "Keep everything in the card; faster start."
    )
