from __future__ import annotations

from dataclasses import replace

import pytest

from lib_t2p.class_images.class_plan import ClassPlan
from lib_t2p.grids.plan_files import GridPlan
from lib_t2p.painting.compared_pictures import ComparedPictures
from lib_t2p.painting.picture_settings import (
    PictureSettings,
    fields_of,
    picture_faults,
    picture_values,
)
from lib_t2p.painting.request import CellRequest

TABLE = fields_of(PictureSettings)


@pytest.mark.parametrize("owner", [CellRequest, GridPlan, ClassPlan, ComparedPictures])
def test_whatever_is_painted_has_every_field_of_the_table(owner: type) -> None:
    assert issubclass(owner, PictureSettings)
    assert set(TABLE) <= set(owner.__dataclass_fields__)  # type: ignore[attr-defined]


def test_each_number_has_a_range_its_default_lies_in() -> None:
    numbers = [row for row in TABLE.values() if row.kind != "str"]
    assert numbers and all(row.minimum is not None for row in numbers)
    assert picture_faults(PictureSettings()) == []
    assert len({row.label for row in TABLE.values()}) == len(TABLE)


def test_all_numbers_out_of_range_are_said_at_once() -> None:
    bad = replace(PictureSettings(), steps=0, cfg_scale=float("nan"), width=100, clip_skip=13)
    said = picture_faults(bad)
    assert [fault.split()[0] for fault in said] == ["steps", "cfg_scale", "width", "clip_skip"]
    assert said[2] == "width is 100: it must be a multiple of 8"
    assert picture_faults(bad, but=("steps", "cfg_scale", "width", "clip_skip")) == []


def test_settings_go_from_one_plan_to_another_whole() -> None:
    look = ComparedPictures(negative_prompt="blurred", steps=7, vae="None")
    request = CellRequest("a man", 3, "base", **picture_values(look))
    assert picture_values(request) == picture_values(look)
    assert request.prompt == "a man" and "lora_weight" not in picture_values(look)
