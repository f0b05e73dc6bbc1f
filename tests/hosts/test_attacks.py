"""The written list of attacks on a real studio: nothing gets through."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.attacks.advisories import ADVISORIES, attacks_of
from benchmarks.attacks.attack import Attack
from benchmarks.attacks.listing import ATTACKS
from benchmarks.attacks.target import Target, running_target

pytestmark = pytest.mark.slow

KNOWN = {advisory.id for advisory in ADVISORIES}
PLAIN = [one for one in ATTACKS if not one.needs_browser and one.name not in KNOWN]
BY_PAGE = [one for one in ATTACKS if one.needs_browser]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with running_target(tmp_path_factory.mktemp("attacked")) as made:
        yield made


def name_of(one: Attack) -> str:
    return one.name


@pytest.mark.parametrize("one", PLAIN, ids=name_of)
def test_nothing_gets_through(target: Target, one: Attack) -> None:
    target.visits.clear()
    assert one.act(target) == ""


@pytest.mark.browser
@pytest.mark.parametrize("one", BY_PAGE, ids=name_of)
def test_nothing_gets_through_in_a_browser(target: Target, one: Attack) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        pytest.skip("chromium is not installed")
    target.visits.clear()
    assert one.act(target) == ""


def test_attacks_have_names_of_their_own() -> None:
    names = [one.name for one in ATTACKS]
    assert sorted(set(names)) == sorted(names)
    assert len(PLAIN) + len(BY_PAGE) >= 40


@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda known: known.id)
def test_each_advisory_is_tried_and_told_of(root: Path, advisory: object) -> None:
    known = next(one for one in ADVISORIES if one is advisory)
    assert attacks_of(known) != []
    assert f"| {known.id} |" in (root / "docs" / "SECURITY.md").read_text(encoding="utf-8")


def test_each_advisory_that_is_told_of_is_tried(root: Path) -> None:
    lines = (root / "docs" / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    told = [line.split("|")[1].strip() for line in lines if line.startswith(("| CVE", "| GHSA"))]
    assert set(told) <= KNOWN
    assert len(told) == len(set(told))
