"""What SD1.5 and SDXL each want; rank and alpha."""

from __future__ import annotations

from lib_t2p.diffusion import Family
from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import Finding, Settings, is_adaptive, trained_rates
from lib_t2p.settings.options import OLDEST

NARROWEST = 320
"""Width of the narrowest layers of both U-Nets: a higher rank adds nothing there."""

WEAK = 4e-6
"""Rate x alpha / rank below which a LoRA hardly moves: ours, a hundredth of what 1e-4 with an
alpha near the rank gives, which people commonly use, and rounded up."""


def network_findings(settings: Settings, _: CheckFacts) -> list[Finding]:
    """Check rank and scale."""
    rank, alpha = settings.network_dim, settings.network_alpha
    found = []
    if alpha > rank:
        found.append(
            Finding(
                "strong-scale",
                "warning",
                f"Alpha {alpha:g} above rank {rank} multiplies the LoRA by {alpha / rank:g}.",
                "It is likely to be overdone after few steps; alpha from 1 to the rank is usual.",
                {"network_alpha": float(rank)},
                "Set alpha to the rank",
            )
        )
    scale = alpha / rank if alpha else 1.0
    rate = max(trained_rates(vars(settings)), default=0.0)
    if not is_adaptive(settings.optimizer_type) and 0 < rate * scale < WEAK:
        found.append(
            Finding(
                "weak-scale",
                "warning",
                f"Alpha {alpha:g} at rank {rank} multiplies the LoRA by {scale:.3g}, at a "
                f"learning rate of {rate:g}.",
                f"{settings.optimizer_type} does not make up for it, as D-Adaptation would: "
                "little is learnt.",
                {"network_alpha": float(rank)},
                "Set alpha to the rank",
            )
        )
    if rank > NARROWEST:
        found.append(
            Finding(
                "high-rank",
                "note",
                f"Rank {rank} is above the {NARROWEST} channels of the narrowest layers.",
                "The file grows and these layers gain nothing; the guide settled on 192.",
                {"network_dim": 192},
                "Set the rank to 192",
            )
        )
    return found


SMALL_XL, LARGE_15 = 768, 1024
BUCKET_STEP = {Family.SD15: 64, Family.SDXL: 32}
"""sd-scripts' own assertion; v0.8.7 has it for SDXL only."""


def family_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check settings against the base checkpoint's family."""
    found = _xl(settings) if facts.family is Family.SDXL else _sd15(settings)
    found += _prediction(settings, facts)
    return found + _buckets(settings, facts)


def _buckets(settings: Settings, facts: CheckFacts) -> list[Finding]:
    given, step = settings.bucket_reso_steps, BUCKET_STEP[facts.family]
    free = facts.family is Family.SD15 and facts.trainer == OLDEST
    if not settings.enable_bucket or given % step == 0 or free or not facts.is_sd_scripts:
        return []
    nearest = max(step, round(given / step) * step)
    return [
        Finding(
            "bucket-step",
            "error",
            f"bucket_reso_steps is {given}.",
            f"{facts.trainer} ends at once when it is no multiple of {step} for "
            f"{facts.family.name}.",
            {"bucket_reso_steps": nearest},
            f"Set it to {nearest}",
        )
    ]


def _side(settings: Settings) -> float:
    width, height = settings.size
    return float((width * height) ** 0.5)


def _xl(settings: Settings) -> list[Finding]:
    found = []
    if _side(settings) < SMALL_XL:
        found.append(
            Finding(
                "sdxl-resolution",
                "warning",
                f"SDXL would be trained at {_side(settings):.0f} px.",
                "It was made for areas of 1024 x 1024 px and draws badly far below.",
                {"resolution": "1024,1024"},
                "Train at 1024 px",
            )
        )
    if settings.clip_skip is not None:
        found.append(
            Finding(
                "sdxl-clip-skip",
                "warning",
                f"clip_skip {settings.clip_skip} has no place in SDXL.",
                "SDXL always takes the last but one layer; sd-scripts says that the result is "
                "unexpected.",
                {"clip_skip": None},
                "Leave clip_skip out",
            )
        )
    if settings.mixed_precision == "fp16" and not settings.no_half_vae and not settings.vae:
        found.append(
            Finding(
                "sdxl-half-vae",
                "warning",
                "SDXL's own VAE would run in fp16.",
                "It overflows there: latents without numbers, and the run ends.",
                {"no_half_vae": True},
                "Run the VAE in 32 bit",
            )
        )
    if not settings.network_train_unet_only:
        found.append(
            Finding(
                "sdxl-text-encoders",
                "note",
                "Both text encoders of SDXL are trained.",
                "It takes 1.6 GB more and is easily overdone; the guide trains the U-Net only.",
                {"network_train_unet_only": True, "cache_text_encoder_outputs": True},
                "Train the U-Net only",
            )
        )
    return found


def _sd15(settings: Settings) -> list[Finding]:
    if _side(settings) < LARGE_15:
        return []
    return [
        Finding(
            "sd15-resolution",
            "warning",
            f"SD1.5 would be trained at {_side(settings):.0f} px.",
            "It was made for 512 px; against 768 px a step takes 1.5 to 2.4 times as long, and "
            "photos are often too small.",
            {"resolution": "768,768"},
            "Train at 768 px",
        )
    ]


def _prediction(settings: Settings, facts: CheckFacts) -> list[Finding]:
    found = []
    if settings.v_parameterization:
        found.append(
            Finding(
                "v-prediction",
                "warning",
                f"v_parameterization is on for {facts.family.name}.",
                "Only few checkpoints of this family predict velocity; with any other the LoRA "
                "draws noise.",
                {"v_parameterization": False},
                "Switch it off",
            )
        )
        if settings.min_snr_gamma:
            found.append(
                Finding(
                    "min-snr-v-prediction",
                    "note",
                    "min_snr_gamma weights v-prediction by SNR + 1 instead of SNR.",
                    "Its losses cannot be compared with those of noise prediction.",
                )
            )
    elif settings.zero_terminal_snr:
        found.append(
            Finding(
                "zero-terminal-snr",
                "warning",
                "zero_terminal_snr is on without v_parameterization.",
                "Its last timestep is pure noise, which a model of noise cannot learn from.",
                {"zero_terminal_snr": False},
                "Switch it off",
            )
        )
    return found
