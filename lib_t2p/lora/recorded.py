"""The family that a LoRA's metadata name, which need not be true."""

from __future__ import annotations

from collections.abc import Mapping

_VERSIONS: tuple[tuple[str, str], ...] = (
    ("sdxl", "sdxl"),
    ("sd_xl", "sdxl"),
    ("pony", "sdxl"),
    ("illustrious", "sdxl"),
    ("sd3", "sd3"),
    ("sd_v2", "sd2"),
    ("sd_v1", "sd15"),
    ("sd1", "sd15"),
    ("sd2", "sd2"),
    ("flux2", "flux2"),
    ("flux", "flux"),
    ("chroma", "chroma"),
    ("lumina", "lumina"),
    ("hunyuan_video", "hunyuan-video"),
    ("hunyuan_image", "unknown"),
    ("qwen", "qwen-image"),
    ("wan", "wan"),
)
_ARCHITECTURES: tuple[tuple[str, str], ...] = (
    ("xl", "sdxl"),
    ("stable-diffusion-v1", "sd15"),
    ("stable-diffusion-v2", "sd2"),
    ("stable-diffusion-3", "sd3"),
    ("flux-2", "flux2"),
    ("flux", "flux"),
    ("chroma", "chroma"),
    ("lumina", "lumina"),
    ("qwen", "qwen-image"),
    ("wan", "wan"),
)


def recorded_family(metadata: Mapping[str, str]) -> str:
    """The family that the metadata name, a key of `recognising.TITLES`; empty when they do not.

    Reads `ss_base_model_version` and `ss_v2` of sd-scripts, `modelspec.architecture` of Stability
    AI, and `baseModel`-like keys of ai-toolkit (`ss_base_model_version` there too).
    """
    version = metadata.get("ss_base_model_version", "").strip().lower()
    if metadata.get("ss_v2", "").strip().lower() == "true":
        return "sd2"
    for start, family in _VERSIONS:
        if version.startswith(start):
            return family
    architecture = metadata.get("modelspec.architecture", "").strip().lower()
    if "refiner" in architecture:
        return "sdxl-refiner"
    return next((family for mark, family in _ARCHITECTURES if mark in architecture), "")
