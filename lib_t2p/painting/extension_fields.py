"""The fields of other people's extensions that we fill in, with what they take.

Read from the classes themselves: `ControlNetUnit` of sd-webui-controlnet
(`internal_controlnet/args.py`, version 1.1.455) and of Forge (`lib_controlnet/external_code.py`),
and `ADetailerArgs` of ADetailer (`adetailer/args.py`, version 25.3.0). Tests give what we build
to those classes when a checkout is named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONTROLNET = "ControlNet"
ADETAILER = "ADetailer"


@dataclass(frozen=True)
class Field:
    """What a field takes.

    Attributes:
        kind: of its values.
        low: least number.
        high: greatest number.
        choices: texts; any when empty.
    """

    kind: type
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()

    def takes(self, value: Any) -> bool:
        """Whether the value is of the kind and within the limits."""
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not self.kind:
            return False
        if isinstance(value, (int, float)) and self.kind is not bool:
            return self.low <= value <= self.high
        return not self.choices or value in self.choices


RESIZE_MODES = ("Just Resize", "Crop and Resize", "Resize and Fill")
CONTROL_MODES = ("Balanced", "My prompt is more important", "ControlNet is more important")

CONTROLNET_FIELDS: Mapping[str, Field] = {
    "enabled": Field(bool),
    "module": Field(str),
    "model": Field(str),
    "weight": Field(float, 0, 2),
    "image": Field(str),
    "resize_mode": Field(str, choices=RESIZE_MODES),
    "processor_res": Field(int, -1),
    "threshold_a": Field(float, -1),
    "threshold_b": Field(float, -1),
    "guidance_start": Field(float, 0, 1),
    "guidance_end": Field(float, 0, 1),
    "pixel_perfect": Field(bool),
    "control_mode": Field(str, choices=CONTROL_MODES),
    "save_detected_map": Field(bool),
}
"""`image` is base64 of a PNG; it is put in when the picture is painted."""

ADETAILER_FIELDS: Mapping[str, Field] = {
    "ad_model": Field(str),
    "ad_prompt": Field(str),
    "ad_negative_prompt": Field(str),
    "ad_confidence": Field(float, 0, 1),
    "ad_mask_k": Field(int, 0),
    "ad_mask_blur": Field(int, 0),
    "ad_denoising_strength": Field(float, 0, 1),
    "ad_inpaint_only_masked": Field(bool),
    "ad_inpaint_only_masked_padding": Field(int, 0),
}

FIELDS: Mapping[str, Mapping[str, Field]] = {
    CONTROLNET: CONTROLNET_FIELDS,
    ADETAILER: ADETAILER_FIELDS,
}


def field_faults(title: str, values: Mapping[str, Any]) -> list[str]:
    """Name the values that an extension would not take."""
    known = FIELDS[title]
    return [
        f"{title} knows no field {name}"
        if name not in known
        else f"{title} does not take {value!r} for {name}"
        for name, value in values.items()
        if name not in known or not known[name].takes(value)
    ]
