from __future__ import annotations

import json

import pytest
from portrait_fakes import CHOICES, PlainExpander, request

from lib_t2p.errors import FaultsError, InputError
from lib_t2p.painting.extensions import Extension
from lib_t2p.portraits import tips
from lib_t2p.portraits.plan import PortraitPlan, portrait_faults
from lib_t2p.portraits.rounds import plan_pictures
from lib_t2p.portraits.rule import KeepRule, PictureScore, Yardstick, objections

THERE = {
    "ControlNet": Extension(
        (
            "control_v11p_sd15_openpose [cab727d4]",
            "control_v11f1e_sd15_tile [a371b31b]",
            "control_v11p_sd15_canny [d14c016b]",
            "control_v1p_sd15_qrcode_monster [a6e58995]",
        ),
        ("None", "openpose_full", "canny", "tile_resample"),
    )
}
PLAN = PortraitPlan("ada", 1, request("photo of {trigger}, @"))


def units(plan: PortraitPlan) -> list[dict[str, object]]:
    (call,) = plan.request.scripts
    found: list[dict[str, object]] = json.loads(call.args)
    return found


def test_progression_changes_nothing_but_the_weight() -> None:
    plan = tips.progression(PLAN, "best", "pose.png", THERE)
    assert portrait_faults(plan) == []
    pictures = plan_pictures(plan, CHOICES, PlainExpander(), 0, plan.count)
    assert len({p.id for p in pictures}) == 11
    assert {p.request.seed for p in pictures} == {100}
    prompts = [p.request.prompt for p in pictures]
    assert prompts[0] == "photo of {trigger}, 0 <lora:best:0>"
    assert prompts[7] == "photo of {trigger}, 0 <lora:best:0.7>"
    assert prompts[10].endswith("<lora:best:1>")
    assert units(plan)[0]["module"] == "openpose_full"
    assert plan.request.scripts[0].pictures == (("0.image", "pose.png"),)


def test_stylisation_holds_the_photo_by_tile_and_canny() -> None:
    plan = tips.stylise(PLAN, "photo.jpg", 0.5, THERE)
    assert [unit["module"] for unit in units(plan)] == ["tile_resample", "canny"]
    assert plan.request.start is not None
    assert (plan.request.start.path, plan.request.start.denoising) == ("photo.jpg", 0.5)
    # ControlNet takes the start of img2img.
    assert plan.request.scripts[0].pictures == ()


def test_a_stamp_is_a_code_without_preprocessor() -> None:
    plan = tips.stamp(PLAN, "code.png", 1.2, THERE)
    (unit,) = units(plan)
    assert (unit["module"], unit["weight"]) == ("None", 1.2)
    assert "monster" in str(unit["model"])
    with pytest.raises(FaultsError):
        tips.stamp(PLAN, "code.png", 3.0, THERE)


def test_pictures_of_a_tip_are_all_kept() -> None:
    rule = tips.stamp(PLAN, "code.png", 1.2, THERE).rule
    assert rule == KeepRule(everything=True)
    assert objections(PictureScore("a", "0", 0), rule, Yardstick()) == []


@pytest.mark.parametrize("tip", ["progression", "stylise", "stamp"])
def test_what_is_missing_is_said(tip: tips.Tip) -> None:
    assert "not installed" in tips.why_not(tip, {})
    assert "no model" in tips.why_not(tip, {"ControlNet": Extension(("depth",), ("None",))})
    assert tips.why_not(tip, THERE) == ""


def test_nothing_is_painted_without_what_a_tip_needs() -> None:
    with pytest.raises(InputError, match="not installed"):
        tips.stylise(PLAN, "photo.jpg", 0.5, {})
    with pytest.raises(InputError, match="No LoRA and no picture"):
        tips.progression(PLAN, "", "", THERE)


def test_steps_and_their_place_in_the_prompt_belong_together() -> None:
    assert portrait_faults(PortraitPlan("ada", 1, request("{step}")))
    assert portrait_faults(PortraitPlan("ada", 1, request("x"), cycle=("1",)))
