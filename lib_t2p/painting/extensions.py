"""Asking ControlNet and ADetailer to take part in a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

from lib_t2p.errors import FaultsError
from lib_t2p.painting.extension_fields import ADETAILER, CONTROLNET, field_faults
from lib_t2p.painting.request import ScriptCall

NO_MODULE = "none"
"""The preprocessor that leaves a picture as it is; Forge writes `None`."""


@dataclass(frozen=True)
class ControlUnit:
    """One unit of ControlNet.

    Attributes:
        model: as ControlNet lists it, hash included.
        module: preprocessor, as ControlNet lists it.
        picture: path of the picture that controls; empty takes the start of img2img.
        weight: 0 to 2.
        guidance_start: share of the steps at which it begins, 0 to 1.
        guidance_end: share of the steps at which it ends, 0 to 1.
        control_mode: what goes first, prompt or ControlNet.
        resize_mode: how the picture gets the size that is painted.
        pixel_perfect: let ControlNet choose the preprocessor's resolution.
        threshold_a: of the preprocessor, such as Canny's low one; -1 for its own.
        threshold_b: as `threshold_a`, Canny's high one.
    """

    model: str
    module: str = NO_MODULE
    picture: str = ""
    weight: float = 1.0
    guidance_start: float = 0.0
    guidance_end: float = 1.0
    control_mode: str = "Balanced"
    resize_mode: str = "Crop and Resize"
    pixel_perfect: bool = True
    threshold_a: float = -1.0
    threshold_b: float = -1.0


@dataclass(frozen=True)
class Detailer:
    """One pass of ADetailer over what it finds, such as faces.

    Attributes:
        model: detector, as ADetailer lists it.
        prompt: for the found part; empty takes the picture's.
        confidence: below which a find is left alone, 0 to 1.
        denoising: how much the part is painted anew, 0 to 1.
        most: largest finds that are painted; 0 for all.
    """

    model: str = "face_yolov8n.pt"
    prompt: str = ""
    confidence: float = 0.3
    denoising: float = 0.4
    most: int = 0


def controlnet_call(units: Sequence[ControlUnit]) -> ScriptCall:
    """What ControlNet is told.

    Raises:
        FaultsError: all values that it would not take.
    """
    args, pictures, faults = [], [], []
    for number, unit in enumerate(units):
        values = {name: value for name, value in asdict(unit).items() if name != "picture"}
        # Its detected maps would come back as further pictures.
        values |= {"enabled": True, "save_detected_map": False}
        faults += field_faults(CONTROLNET, values)
        if unit.guidance_start > unit.guidance_end:
            faults.append(f"unit {number + 1} of {CONTROLNET} ends before it starts")
        if unit.picture:
            pictures.append((f"{number}.image", unit.picture))
        args.append(values)
    if faults:
        raise FaultsError(f"{CONTROLNET} cannot be asked", faults)
    return ScriptCall(CONTROLNET, _text(args), tuple(pictures))


def adetailer_call(detailers: Sequence[Detailer]) -> ScriptCall:
    """What ADetailer is told: on, do not skip img2img, then one table for each pass.

    Raises:
        FaultsError: all values that it would not take.
    """
    tables = [
        {
            "ad_model": one.model,
            "ad_prompt": one.prompt,
            "ad_confidence": one.confidence,
            "ad_denoising_strength": one.denoising,
            "ad_mask_k": one.most,
        }
        for one in detailers
    ]
    faults = [fault for table in tables for fault in field_faults(ADETAILER, table)]
    if faults:
        raise FaultsError(f"{ADETAILER} cannot be asked", faults)
    return ScriptCall(ADETAILER, _text([True, False, *tables]))


def _text(args: list[Any]) -> str:
    return json.dumps(args, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Extension:
    """An extension of the WebUI that is there.

    Attributes:
        models: that it lists, without `None`.
        modules: ControlNet's preprocessors.
    """

    models: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    def model_like(self, *words: str) -> str | None:
        """The first model with one of the words in its name, in the order of the words."""
        found = (m for word in words for m in self.models if word in m.lower())
        return next(found, None)

    def module_like(self, name: str) -> str | None:
        """The preprocessor in the extension's own spelling."""
        return next((m for m in self.modules if m.lower() == name.lower()), None)


@runtime_checkable
class HasExtensions(Protocol):
    """A host that knows of extensions; the studio has none."""

    def extensions(self) -> Mapping[str, Extension]:
        """Those that are there, by title."""
