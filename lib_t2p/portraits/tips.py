"""The tips of the guide as ready series: learning progression, stylisation, hidden stamp.

The weights and shares of steps are ours to begin with; they were not tried with real models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lib_t2p.errors import InputError
from lib_t2p.painting import CONTROLNET, ControlUnit, Extension, StartPicture, controlnet_call
from lib_t2p.portraits.plan import STEP, PortraitPlan
from lib_t2p.portraits.rule import KeepRule

Tip = Literal["progression", "stylise", "stamp"]


@dataclass(frozen=True)
class TipNeed:
    """What a tip needs of ControlNet.

    Attributes:
        models: words of which one is in the model's name.
        module: preprocessor.
    """

    models: tuple[str, ...]
    module: str


POSE = TipNeed(("openpose", "pose"), "openpose_full")
TILE = TipNeed(("tile",), "tile_resample")
CANNY = TipNeed(("canny",), "canny")
CODE = TipNeed(("qrcode", "qr_code", "monster", "brightness"), "none")

NEEDS: Mapping[Tip, tuple[TipNeed, ...]] = {
    "progression": (POSE,),
    "stylise": (TILE, CANNY),
    "stamp": (CODE,),
}
STEPS = tuple(f"{n / 10:g}" for n in range(11))
"""LoRA weights of the learning progression."""


def why_not(tip: Tip, there: Mapping[str, Extension]) -> str:
    """Why a tip cannot be painted; empty when it can.

    Args:
        tip: which.
        there: extensions of the program that paints, by title.
    """
    if CONTROLNET not in there:
        return "ControlNet is not installed: install it in AUTOMATIC1111, or use Forge."
    missing = [need for need in NEEDS[tip] if there[CONTROLNET].model_like(*need.models) is None]
    if missing:
        named = " and one with ".join(" or ".join(need.models) for need in missing)
        return f"ControlNet lists no model with {named} in its name: put one into its folder."
    return ""


def progression(
    plan: PortraitPlan, lora: str, pose: str, there: Mapping[str, Extension]
) -> PortraitPlan:
    """The LoRA's weight from 0 to 1 with the same seed and the pose of a picture.

    Args:
        plan: of plain portraits, without LoRA.
        lora: stem.
        pose: path of a picture of a person.
        there: extensions, by title.

    Raises:
        InputError: ControlNet or its model is missing, or no LoRA or picture is given.
    """
    _check("progression", there, {"LoRA": lora, "picture with the pose": pose})
    prompt = f"{plan.request.prompt} <lora:{lora}:{STEP}>"
    units = [_unit(POSE, there, pose)]
    request = replace(plan.request, prompt=prompt, scripts=(controlnet_call(units),))
    rule = KeepRule(everything=True)
    return replace(
        plan, request=request, cycle=STEPS, count=len(STEPS), minutes=0, batch=11, rule=rule
    )


def stylise(
    plan: PortraitPlan, photo: str, denoising: float, there: Mapping[str, Extension]
) -> PortraitPlan:
    """A photo painted in the style of the prompt: img2img, held by Tile and Canny.

    Args:
        plan: of plain portraits; its prompt says the style.
        photo: path.
        denoising: 0 to 1; the higher, the more of the style.
        there: extensions, by title.

    Raises:
        InputError: ControlNet or one of its models is missing, or no photo is given.
    """
    _check("stylise", there, {"photo": photo})
    units = [
        replace(_unit(TILE, there), weight=0.6),
        replace(_unit(CANNY, there), weight=0.5, guidance_end=0.8),
    ]
    start = StartPicture(photo, "", denoising)
    request = replace(plan.request, start=start, hires=None, scripts=(controlnet_call(units),))
    return replace(plan, request=request, rule=KeepRule(everything=True))


def stamp(
    plan: PortraitPlan, code: str, weight: float, there: Mapping[str, Extension]
) -> PortraitPlan:
    """A code or sign hidden in a portrait, which is seen from afar.

    Args:
        plan: of plain portraits.
        code: path of a black and white picture, such as a QR code.
        weight: 0 to 2; the higher, the easier the code is read.
        there: extensions, by title.

    Raises:
        InputError: ControlNet or its model is missing, or no picture is given.
        FaultsError: the weight is out of range.
    """
    _check("stamp", there, {"picture with the code": code})
    unit = replace(_unit(CODE, there, code), weight=weight, guidance_start=0.1, guidance_end=0.9)
    request = replace(plan.request, scripts=(controlnet_call([unit]),))
    return replace(plan, request=request, rule=KeepRule(everything=True))


def with_pose(
    plan: PortraitPlan, pose: str, weight: float, there: Mapping[str, Extension]
) -> PortraitPlan:
    """Plain portraits in the pose of a picture; raises as `progression` does."""
    _check("progression", there, {"picture with the pose": pose})
    unit = replace(_unit(POSE, there, pose), weight=weight)
    scripts = (*plan.request.scripts, controlnet_call([unit]))
    return replace(plan, request=replace(plan.request, scripts=scripts))


def _check(tip: Tip, there: Mapping[str, Extension], given: Mapping[str, str]) -> None:
    reason = why_not(tip, there)
    if reason:
        raise InputError(reason)
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise InputError(f"No {' and no '.join(missing)} is given: choose one.")


def _unit(need: TipNeed, there: Mapping[str, Extension], picture: str = "") -> ControlUnit:
    extension = there[CONTROLNET]
    model = extension.model_like(*need.models)
    assert model is not None
    # Preprocessors have other capitals in Forge.
    module = extension.module_like(need.module) or need.module
    return ControlUnit(model, module, picture)
