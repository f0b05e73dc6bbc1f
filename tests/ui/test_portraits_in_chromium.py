"""Portraits in a real browser: begun, looked through, sorted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from ui_fakes import collins, finished_dataset, open_tab

from lib_t2p.painting.request import CellRequest
from lib_t2p.portraits.choices import Choices, write_choices
from lib_t2p.portraits.picture_sorting import sort_pictures
from lib_t2p.portraits.places import place_of
from lib_t2p.portraits.plan import PortraitPlan, write_portraits
from lib_t2p.portraits.round_scores import RoundScores, write_round_scores
from lib_t2p.portraits.rounds import Portrait, write_round
from lib_t2p.portraits.rule import KeepRule, PictureScore, Yardstick
from lib_t2p.portraits.state import COMPLETE, end
from lib_t2p.workspace.person import PersonFolder, Workspace
from lib_t2p.workspace.series_folders import PortraitsFolder, portraits_folder

pytestmark = pytest.mark.browser


def painted(person: PersonFolder) -> PortraitsFolder:
    """Six pictures; every third is too far from the person."""
    series = portraits_folder(person, "evening")
    request = CellRequest("photo of {trigger}", 1, "/base.safetensors")
    write_portraits(series, PortraitPlan(person.slug, 1, request, count=6))
    write_choices(series, Choices())
    pictures = [Portrait(f"{n + 1:05d}_s{n + 1}", n, request) for n in range(6)]
    write_round(series, 1, pictures)
    for one in pictures:
        path = series.pictures / f"{one.id}.png"
        path.parent.mkdir(exist_ok=True)
        Image.linear_gradient("L").convert("RGB").rotate(60 * one.number).save(path)
    scores = tuple(
        PictureScore(p.id, "0", 1, 0.9 if p.number % 3 == 2 else 0.4 + p.number / 50, 0.31)
        for p in pictures
    )
    write_round_scores(series, 1, RoundScores("", Yardstick(0.6, 0.2), scores))
    sort_pictures(series, KeepRule())
    end(series, COMPLETE)
    return series


def open_portraits(tab: Any) -> None:
    tab.reload()
    open_tab(tab, "Generate")
    open_tab(tab, "Portraits")


def test_portraits_are_looked_through_and_sorted_by_hand(
    tab: Any, workspace: Workspace, pictures: Path
) -> None:
    person = collins(workspace)
    finished_dataset(person)
    series = painted(person)
    open_portraits(tab)
    tab.locator("#t2p_portraits_live").get_by_text("6 portraits painted, 4 kept").wait_for()
    shown = tab.locator("#t2p_portraits_gallery figure")
    shown.nth(3).wait_for()
    assert shown.count() == 4
    shown.first.locator("img").evaluate("image => image.decode()")
    tab.screenshot(path=pictures / "portraits.png", full_page=True)

    tab.get_by_label("Bin", exact=True).check()
    card = tab.locator("#t2p_portraits_gallery .t2p-portrait").first
    card.get_by_text("not alike").wait_for()
    card.get_by_role("button", name="Keep").click()
    tab.locator("#t2p_portraits_side_message").get_by_text("is kept now").wait_for()
    tab.locator("#t2p_portraits_live").get_by_text("5 kept, 1 in the bin").wait_for()
    assert place_of(series, "00006_s6") == "kept"
    tab.screenshot(path=pictures / "portraits_bin.png", full_page=True)

    open_tab(tab, "Tips")
    tab.locator("#t2p_tips_why").get_by_text("ControlNet is not installed").first.wait_for()
    assert tab.locator("button#t2p_tips_start").is_disabled()
    tab.screenshot(path=pictures / "tips.png", full_page=True)
    tab.set_viewport_size({"width": 420, "height": 900})
    tab.screenshot(path=pictures / "portraits_narrow.png", full_page=True)
    assert tab.faults == []
