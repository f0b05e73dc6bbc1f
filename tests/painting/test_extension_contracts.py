"""What we tell ControlNet and ADetailer, checked by a table of ours and by their own classes.

Name checkouts in `T2P_CONTROLNET`, `T2P_ADETAILER` and `T2P_FORGE` to have them asked.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from lib_t2p.errors import FaultsError
from lib_t2p.painting.extension_fields import ADETAILER_FIELDS, CONTROLNET_FIELDS, field_faults
from lib_t2p.painting.extensions import (
    ControlUnit,
    Detailer,
    Extension,
    adetailer_call,
    controlnet_call,
)

UNITS = [
    ControlUnit("control_v11p_sd15_openpose [cab727d4]", "openpose_full", "pose.png"),
    ControlUnit("m", weight=2.0, guidance_start=0.1, guidance_end=0.9, pixel_perfect=False),
    ControlUnit(
        "m",
        "canny",
        control_mode="My prompt is more important",
        resize_mode="Just Resize",
        threshold_a=100.0,
        threshold_b=200.0,
    ),
]
DETAILERS = [Detailer(), Detailer("hand_yolov8n.pt", "a hand", 0.5, 0.2, 1)]


def checkout(variable: str) -> Path:
    named = os.environ.get(variable)
    if not named:
        pytest.skip(f"{variable} names no checkout")
    return Path(named)


def load(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


@pytest.fixture(scope="module")
def old_pydantic() -> Iterator[pytest.MonkeyPatch]:
    """Both extensions are written for pydantic 1, which newer ones carry along."""
    v1 = pytest.importorskip("pydantic.v1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pydantic", v1)
        yield patch


@pytest.fixture(scope="module")
def control_unit(old_pydantic: pytest.MonkeyPatch) -> Any:
    """ControlNet's class without the WebUI around it, as its own tests make it."""
    root = checkout("T2P_CONTROLNET")
    for package in ("scripts", "annotator"):
        old_pydantic.setitem(sys.modules, package, ModuleType(package))
    enums = load("t2p_seen_enums", root / "scripts" / "enums.py")
    old_pydantic.setitem(sys.modules, "scripts.enums", enums)
    util = SimpleNamespace(HWC3=lambda image: image)
    old_pydantic.setitem(sys.modules, "annotator.util", util)
    unit = load("t2p_seen_args", root / "internal_controlnet" / "args.py").ControlNetUnit
    slider = SimpleNamespace(minimum=-1, maximum=2048, value=-1)
    sliders = SimpleNamespace(slider_resolution=slider, slider_1=slider, slider_2=slider)
    unit.cls_match_module = unit.cls_match_model = lambda _name: True
    unit.cls_get_preprocessor = lambda _name: sliders
    return unit


def told(units: list[ControlUnit]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(controlnet_call(units).args)
    return found


def test_controlnets_own_class_takes_every_unit(control_unit: Any) -> None:
    for values in told(UNITS):
        made = control_unit.from_dict(values)
        for name, value in values.items():
            found = getattr(made, name)
            assert getattr(found, "value", found) == value, name


def test_our_table_knows_controlnets_fields_and_limits(control_unit: Any) -> None:
    assert set(CONTROLNET_FIELDS) <= set(control_unit.__fields__)
    for name, field in CONTROLNET_FIELDS.items():
        for choice in field.choices:
            control_unit.from_dict({name: choice})
        if field.high < float("inf"):
            control_unit.from_dict({name: field.high})
            with pytest.raises(ValueError):
                control_unit.from_dict({name: field.high + 0.01})


def test_adetailers_own_class_takes_every_pass(old_pydantic: pytest.MonkeyPatch) -> None:
    args = load("t2p_seen_ad_args", checkout("T2P_ADETAILER") / "adetailer" / "args.py")
    on, skip, *tables = json.loads(adetailer_call(DETAILERS).args)
    assert (on, skip) == (True, False)
    for table in tables:
        made = args.ADetailerArgs(**table)
        assert {name: getattr(made, name) for name in table} == table
        assert not made.need_skip()
    # It forbids what it does not know, so that names are checked as well.
    assert set(ADETAILER_FIELDS) <= set(args.ADetailerArgs.__fields__)


def test_forges_own_class_has_every_field() -> None:
    source = checkout("T2P_FORGE") / "extensions-builtin" / "sd_forge_controlnet"
    text = (source / "lib_controlnet" / "external_code.py").read_text(encoding="utf-8")
    unit = next(
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef) and node.name == "ControlNetUnit"
    )
    fields = {
        node.target.id
        for node in unit.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert set(CONTROLNET_FIELDS) <= fields


def test_all_values_out_of_range_are_named_at_once() -> None:
    bad = ControlUnit("m", weight=2.5, guidance_start=0.9, guidance_end=0.1, control_mode="All")
    with pytest.raises(FaultsError) as caught:
        controlnet_call([bad, ControlUnit("m", resize_mode="Stretch")])
    assert len(caught.value.faults) == 4
    with pytest.raises(FaultsError) as caught:
        adetailer_call([Detailer(confidence=2.0, denoising=-0.1, most=-1)])
    assert len(caught.value.faults) == 3


def test_a_field_that_is_not_known_is_named() -> None:
    assert field_faults("ADetailer", {"ad_colour": 1}) == ["ADetailer knows no field ad_colour"]
    assert field_faults("ControlNet", {"weight": 1, "pixel_perfect": True}) == []
    assert field_faults("ControlNet", {"pixel_perfect": 1})


def test_models_and_preprocessors_are_found_in_any_spelling() -> None:
    there = Extension(("A_Canny [1]", "b_OpenPose [2]"), ("None", "canny"))
    assert there.model_like("tile", "openpose") == "b_OpenPose [2]"
    assert there.model_like("tile") is None
    assert there.module_like("NONE") == "None"
