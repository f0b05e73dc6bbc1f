from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from portrait_fakes import CHOICES, PlainExpander, make_series, request

from lib_t2p.errors import FaultsError, WorkspaceError
from lib_t2p.portraits.plan import PortraitPlan, read_portraits, write_portraits
from lib_t2p.portraits.rounds import all_pictures, plan_pictures, probe, read_round, write_round
from lib_t2p.portraits.rule import KeepRule
from lib_t2p.workspace.person import PersonFolder


def plan(prompt: str = "photo of {trigger}, @", **given: object) -> PortraitPlan:
    return PortraitPlan("ada", 1, request(prompt), **given)  # type: ignore[arg-type]


def test_a_plan_comes_back_from_disk_as_it_was(person: PersonFolder) -> None:
    folder = make_series(person, rule=KeepRule(0.5, None, False), minutes=2.5)
    again = read_portraits(folder)
    assert again == PortraitPlan(person.slug, 1, request(), 8, 2.5, 8, KeepRule(0.5, None, False))


def test_all_faults_of_a_plan_are_named_at_once(person: PersonFolder) -> None:
    folder = make_series(person)
    bad = plan(" ", count=-1, batch=0, rule=KeepRule(most_distance=9.0))
    bad = replace(bad, request=replace(bad.request, checkpoint="", width=100, steps=0))
    with pytest.raises(FaultsError) as caught:
        write_portraits(folder, bad)
    assert len(caught.value.faults) == 7


def test_a_damaged_plan_is_told(person: PersonFolder) -> None:
    folder = make_series(person)
    folder.plan.write_text('{"schema": 1, "person": "x"}', encoding="utf-8")
    with pytest.raises(WorkspaceError, match="damaged"):
        read_portraits(folder)


def test_each_picture_has_a_seed_and_a_prompt_of_its_own() -> None:
    found = plan_pictures(plan(), CHOICES, PlainExpander(), 3, 2)
    assert [p.request.seed for p in found] == [103, 104]
    assert [p.request.prompt for p in found] == ["photo of {trigger}, 3", "photo of {trigger}, 4"]
    assert [p.id for p in found] == ["00004_s103", "00005_s104"]


def test_the_size_of_a_round_changes_no_picture() -> None:
    whole = plan_pictures(plan(), CHOICES, PlainExpander(), 0, 6)
    parts = [plan_pictures(plan(), CHOICES, PlainExpander(), n, 2) for n in (0, 2, 4)]
    assert whole == [one for part in parts for one in part]


def test_pictures_of_a_checkpoint_stand_side_by_side() -> None:
    class ByTurns(PlainExpander):
        def expand(self, template: str, seed: str) -> str:
            return f"<checkpoint:{'drawn' if seed.endswith(('0', '2', '4')) else 'real_v5'}> x"

    found = plan_pictures(plan(), CHOICES, ByTurns(), 0, 6)
    assert [p.number for p in found] == [0, 2, 4, 1, 3, 5]


def test_faults_of_all_prompts_are_collected(tmp_path: Path) -> None:
    class Bad(PlainExpander):
        def expand(self, template: str, seed: str) -> str:
            self.unknown["gone"] = None
            return f"<width:{seed.rsplit(' ', 1)[1]}>"

    with pytest.raises(FaultsError) as caught:
        plan_pictures(plan(), CHOICES, Bad(), 65, 3)
    assert [("width is" in f, "__gone__" in f) for f in caught.value.faults] == [
        (True, False),
        (True, False),
        (True, False),
        (False, True),
    ]


def test_a_fault_that_chance_would_show_later_is_found_before_the_first_picture() -> None:
    class Late(PlainExpander):
        def expand(self, template: str, seed: str) -> str:
            return "<steps:none>" if seed.endswith(" 150") else "x"

    probe(plan(count=100), CHOICES, Late(), 0)
    with pytest.raises(FaultsError, match="steps:none"):
        probe(plan(count=0), CHOICES, Late(), 0)


def test_rounds_come_back_from_disk_in_painting_order(person: PersonFolder) -> None:
    folder = make_series(person)
    first = plan_pictures(plan(), CHOICES, PlainExpander(), 0, 2)
    second = plan_pictures(plan(), CHOICES, PlainExpander(), 2, 2)
    write_round(folder, 1, first[::-1])
    write_round(folder, 2, second)
    assert read_round(folder, 1) == first[::-1]
    assert all_pictures(folder) == first + second
