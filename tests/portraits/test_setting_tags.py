from __future__ import annotations

from dataclasses import replace

import pytest
from portrait_fakes import CHOICES, request

from lib_t2p.portraits.choices import Choices
from lib_t2p.portraits.setting_tags import split_settings, with_settings


def applied(prompt: str) -> tuple[object, list[str]]:
    return with_settings(request(), split_settings(prompt)[1], CHOICES)


def test_tags_leave_the_prompt_and_loras_stay_in_it() -> None:
    prompt = "a man, <checkpoint:drawn>, <lora:x:0.9>, <width:768><height:512> smiling <steps:30>"
    rest, found = split_settings(prompt)
    assert rest == "a man, <lora:x:0.9>, smiling"
    assert [name for name, _ in found] == ["checkpoint", "width", "height", "steps"]


def test_a_prompt_without_tags_is_not_touched() -> None:
    assert split_settings("a  man,, (b:1.2)\n<lora:x:1> ")[0] == "a  man,, (b:1.2)\n<lora:x:1> "


def test_all_tags_of_the_guide_change_the_request() -> None:
    changed, faults = applied(
        "<checkpoint:drawn><vae:soft><width:768><height:640><cfg_scale:4.5>"
        "<sampler_name:euler A><steps:30><clip_skip:2>"
    )
    assert faults == []
    values = vars(changed)
    assert values["checkpoint"] == "/models/drawn.safetensors"
    assert (values["width"], values["height"], values["steps"]) == (768, 640, 30)
    assert (values["cfg_scale"], values["sampler_name"]) == (4.5, "Euler a")
    assert (values["vae"], values["clip_skip"]) == ("soft.safetensors", 2)


@pytest.mark.parametrize(
    "name",
    [
        "photo\\real_v5.safetensors",
        "photo/real_v5",
        "REAL_V5",
        "real_v5.safetensors",
        "photo/real_v5.safetensors [879db523c3]",
    ],
)
def test_a_checkpoint_is_known_by_all_its_names(name: str) -> None:
    changed, faults = applied(f"<checkpoint:{name}>")
    assert faults == []
    assert vars(changed)["checkpoint"] == "/models/photo/real_v5.safetensors"


def test_a_schedule_may_stand_behind_a_sampler_that_is_listed_without() -> None:
    newer = replace(CHOICES, samplers=("Euler a", "DPM++ 2M"))
    assert newer.sampler("dpm++ 2m karras") == "DPM++ 2M Karras"
    assert CHOICES.sampler("dpm++ 2m  Karras") == "DPM++ 2M Karras"
    assert newer.sampler("DPM++ 2M Fast") is None
    assert newer.sampler("") is None
    assert Choices().sampler("anything") == "anything"


def test_the_later_of_two_tags_holds() -> None:
    assert vars(applied("<size:64x128> <width:256>")[0])["width"] == 256


def test_all_faults_are_named_at_once() -> None:
    _, faults = applied(
        "<checkpoint:draw><vae:hard><width:wide><cfg_scale:x><sampler_name:Euler b>"
        "<size:big><colour:red>"
    )
    assert len(faults) == 7
    assert "did you mean drawn.safetensors?" in faults[0]
    assert "did you mean Euler a?" in faults[4]
    assert "is not known" in faults[6]


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        (f"<size:{'9' * 5000}x64>", "needs 512x768"),
        ("<width:100>", "multiple of 8"),
        ("<steps:999>", "1 to 150"),
        ("<cfg_scale:0>", "1 to 30"),
    ],
)
def test_numbers_out_of_range_are_named(tag: str, fault: str) -> None:
    assert fault in applied(tag)[1][0]


@pytest.mark.parametrize("number", ["9" * 5000, "²", "٣"])
@pytest.mark.parametrize("name", ["steps", "width", "seed"])
def test_a_number_that_is_none_is_named(name: str, number: str) -> None:
    if name == "seed":
        assert "is not known" in applied(f"<seed:{number}>")[1][0]
    else:
        assert "needs a whole number" in applied(f"<{name}:{number}>")[1][0]
