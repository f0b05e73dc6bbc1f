"""The text under `parameters` in a picture, as the WebUI writes and reads it.

Three parts: the prompt, `Negative prompt: ...` (left out when empty), and one line of
`Name: value` pairs parted by commas. A value with a comma, colon or line break is quoted as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lib_t2p.errors import PaintingError
from lib_t2p.json_io import loads
from lib_t2p.painting.png import read_text, with_text
from lib_t2p.painting.request import CellRequest, HiresFix

KEYWORD = "parameters"
"""Of the PNG text chunk."""

_NEGATIVE = "Negative prompt:"
_PAIR = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_SIZE = re.compile(r"(\d+)x(\d+)")
_SCHEDULES = {"automatic", "uniform", "normal"}


@dataclass(frozen=True)
class Infotext:
    """What a picture says of itself.

    Attributes:
        prompt: with its `<lora:...>` tags and line breaks.
        negative_prompt: may be empty.
        parameters: by the WebUI's names (`Steps`, `Sampler`, `CFG scale`, ...), unquoted, in order.
    """

    prompt: str
    negative_prompt: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


def write_infotext(
    request: CellRequest,
    *,
    model: str,
    lora_hashes: Mapping[str, str] | None = None,
    version: str = "Text to Person",
) -> str:
    """Write the infotext of a painted picture.

    Args:
        model: name of the checkpoint without folder and ending.
        lora_hashes: stem -> first 12 hexadecimal digits, in the prompt's order.
        version: who painted.
    """
    parameters = {
        "Steps": str(request.steps),
        "Sampler": request.sampler_name,
        "CFG scale": f"{request.cfg_scale:g}",
        "Seed": str(request.seed),
        "Size": f"{request.width}x{request.height}",
        "Model": model,
    }
    if request.clip_skip > 1:
        parameters["Clip skip"] = str(request.clip_skip)
    parameters |= _later(request)
    if lora_hashes:
        parameters["Lora hashes"] = ", ".join(f"{s}: {h}" for s, h in lora_hashes.items())
    parameters["Version"] = version
    return format_infotext(Infotext(request.prompt, request.negative_prompt, parameters))


def _later(request: CellRequest) -> dict[str, str]:
    """VAE, img2img and hires fix, by the WebUI's names."""
    said: dict[str, str] = {}
    if request.vae not in ("", "Automatic"):
        said["VAE"] = request.vae
    if request.start:
        said["Denoising strength"] = f"{request.start.denoising:g}"
    if request.hires:
        hires = request.hires
        said["Denoising strength"] = f"{hires.denoising:g}"
        said["Hires upscale"] = f"{hires.scale:g}"
        if hires.steps:
            said["Hires steps"] = str(hires.steps)
        said["Hires upscaler"] = hires.upscaler
    return said


def format_infotext(infotext: Infotext) -> str:
    """Join the three parts; `read_infotext` takes them apart again."""
    pairs = ", ".join(f"{name}: {_quoted(v)}" for name, v in infotext.parameters.items())
    negative = f"\n{_NEGATIVE} {infotext.negative_prompt}" if infotext.negative_prompt else ""
    return f"{infotext.prompt}{negative}\n{pairs}".strip()


def read_infotext(text: str) -> Infotext:
    """Take an infotext apart; a text without parameters is all prompt."""
    lines = text.strip().split("\n")
    pairs = _PAIR.findall(lines[-1])
    if len(pairs) < 3:
        pairs = []
    else:
        lines = lines[:-1]
    prompt: list[str] = []
    negative: list[str] = []
    in_negative = False
    for line in lines:
        if line.startswith(_NEGATIVE) and not in_negative:
            in_negative, line = True, line[len(_NEGATIVE) :].strip()
        (negative if in_negative else prompt).append(line)
    parameters = {name: _unquoted(value) for name, value in pairs}
    return Infotext("\n".join(prompt).strip(), "\n".join(negative).strip(), parameters)


def request_from(infotext: Infotext, checkpoint: str) -> CellRequest:
    """Make the request that paints the picture again; what is not said keeps its default.

    The schedule stands in the sampler's name (1.6) or apart (`Schedule type`, since 1.9). Of an
    img2img picture it gives what would be painted without the start, which no infotext holds.

    Raises:
        PaintingError: the seed is missing, or a number is none.
    """
    said = infotext.parameters
    if "Seed" not in said:
        raise PaintingError("The infotext has no seed: the picture cannot be painted again.")
    size = _SIZE.fullmatch(said.get("Size", "512x512"))
    try:
        if size is None:
            raise ValueError(said["Size"])
        return CellRequest(
            prompt=infotext.prompt,
            negative_prompt=infotext.negative_prompt,
            seed=int(said["Seed"]),
            checkpoint=checkpoint,
            steps=int(said.get("Steps", 20)),
            sampler_name=_sampler(said),
            cfg_scale=float(said.get("CFG scale", 7)),
            width=int(size[1]),
            height=int(size[2]),
            clip_skip=int(said.get("Clip skip", 1)),
            vae=said.get("VAE", ""),
            hires=_hires(said),
        )
    except ValueError as error:
        raise PaintingError(f"The infotext has a value that is no number: {error}.") from error


def _hires(said: Mapping[str, str]) -> HiresFix | None:
    if "Hires upscale" not in said:
        return None
    return HiresFix(
        scale=float(said["Hires upscale"]),
        upscaler=said.get("Hires upscaler", "Latent"),
        steps=int(said.get("Hires steps", 0)),
        denoising=float(said.get("Denoising strength", 0.7)),
    )


def read_png_infotext(picture: bytes | Path) -> Infotext | None:
    """Read the infotext of a PNG; None when it has none."""
    data = picture.read_bytes() if isinstance(picture, Path) else picture
    text = read_text(data, KEYWORD)
    return None if text is None else read_infotext(text)


def put_infotext(png: bytes, infotext: str) -> bytes:
    """Put an infotext into a PNG; raises `PaintingError` when it is no whole PNG."""
    return with_text(png, KEYWORD, infotext)


def _sampler(said: Mapping[str, str]) -> str:
    name, schedule = said.get("Sampler", "Euler a"), said.get("Schedule type", "")
    known = not schedule or schedule.lower() in _SCHEDULES or name.endswith(schedule)
    return name if known else f"{name} {schedule}"


def _quoted(value: str) -> str:
    if not any(sign in value for sign in ',\n:"'):
        return value
    return json.dumps(value, ensure_ascii=False)


def _unquoted(value: str) -> str:
    value = value.strip()
    if not (len(value) > 1 and value.startswith('"') and value.endswith('"')):
        return value
    try:
        return str(loads(value))
    except (ValueError, RecursionError):
        return value
