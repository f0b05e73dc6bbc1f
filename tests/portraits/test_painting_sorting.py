from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from portrait_fakes import CHOICES, FakePainter, PlainExpander, make_series

from lib_t2p.errors import FaultsError, InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.painting.infotext import read_png_infotext, request_from
from lib_t2p.portraits.picture_sorting import judged_pictures, sort_pictures
from lib_t2p.portraits.places import choose_by_hand, find_picture, picture_path, place_of
from lib_t2p.portraits.plan import read_portraits
from lib_t2p.portraits.round_painting import paint_round
from lib_t2p.portraits.round_scores import RoundScores, write_round_scores
from lib_t2p.portraits.rounds import plan_pictures, read_round, write_round
from lib_t2p.portraits.rule import KeepRule, PictureScore, Yardstick, objections
from lib_t2p.portraits.state import (
    COMPLETE,
    STOPPED,
    TIME_OVER,
    SeriesState,
    ask_to_stop,
    why_halted,
    why_over,
    write_state,
)
from lib_t2p.workspace.person import PersonFolder
from lib_t2p.workspace.series_folders import PortraitsFolder

YARD = Yardstick(same_person=0.6, memorised=0.2)


@pytest.fixture
def series(person: PersonFolder) -> PortraitsFolder:
    """Four planned pictures."""
    folder = make_series(person)
    write_round(folder, 1, plan_pictures(read_portraits(folder), CHOICES, PlainExpander(), 0, 4))
    return folder


def ids(series: PortraitsFolder) -> list[str]:
    return [one.id for one in read_round(series, 1)]


def score(name: str, distance: float = 0.4, faces: int = 1, near: float = 0.3) -> PictureScore:
    return PictureScore(name, "0" * 64, faces, distance if faces else None, near if faces else None)


def scored(series: PortraitsFolder, *scores: PictureScore) -> None:
    write_round_scores(series, 1, RoundScores("", YARD, scores))


def test_painted_pictures_are_found_again_wherever_they_were_sorted_to(
    series: PortraitsFolder,
) -> None:
    painter = FakePainter()
    assert paint_round(series, 1, painter, SilentReporter()).painted == 4
    scored(series, score(ids(series)[0]), score(ids(series)[1], 0.9))
    sort_pictures(series, KeepRule())
    again = paint_round(series, 1, FakePainter("another"), SilentReporter())
    assert (again.painted, again.resumed) == (0, 4)


def test_a_damaged_picture_is_painted_again(series: PortraitsFolder) -> None:
    paint_round(series, 1, FakePainter(), SilentReporter())
    broken = picture_path(series, ids(series)[2])
    broken.write_bytes(broken.read_bytes()[:60])
    assert paint_round(series, 1, FakePainter(), SilentReporter()).painted == 1


def test_each_picture_says_how_it_is_painted_again(series: PortraitsFolder) -> None:
    paint_round(series, 1, FakePainter(), SilentReporter())
    for one in read_round(series, 1):
        infotext = read_png_infotext(picture_path(series, one.id))
        assert infotext is not None
        assert request_from(infotext, one.request.checkpoint) == one.request


def test_faults_of_the_painter_come_before_the_first_picture(series: PortraitsFolder) -> None:
    painter = FakePainter(faults=["There is no LoRA x: put it there."])
    with pytest.raises(FaultsError, match="no LoRA x"):
        paint_round(series, 1, painter, SilentReporter())
    assert painter.painted == []


def test_a_stop_lets_the_picture_at_hand_end_and_begins_no_other(series: PortraitsFolder) -> None:
    painter = FakePainter()
    done = paint_round(
        series, 1, painter, SilentReporter(), lambda: STOPPED if len(painter.painted) == 2 else ""
    )
    assert (done.painted, done.left, done.ended) == (2, 2, STOPPED)
    assert paint_round(series, 1, FakePainter(), SilentReporter()).painted == 2


@pytest.mark.parametrize(
    ("one", "rule", "reason"),
    [
        (score("a"), KeepRule(), ""),
        (score("a", faces=0), KeepRule(one_face=False), "no face found"),
        (score("a", faces=3), KeepRule(), "3 faces"),
        (score("a", faces=3), KeepRule(one_face=False), ""),
        (score("a", 0.7), KeepRule(), "not alike"),
        (score("a", 0.7), KeepRule(most_distance=0.8), ""),
        (score("a", 0.5), KeepRule(most_distance=0.4), "not alike"),
        (score("a", near=0.1), KeepRule(), "copies a training photo"),
        (score("a", near=0.1), KeepRule(least_training=0.0), ""),
    ],
)
def test_the_rule_says_why_a_picture_goes(one: PictureScore, rule: KeepRule, reason: str) -> None:
    found = "; ".join(objections(one, rule, YARD))
    assert reason in found
    assert bool(found) == bool(reason)


def test_what_was_not_measured_is_no_objection() -> None:
    plain = PictureScore("a", "0", 1)
    assert objections(plain, KeepRule(), Yardstick()) == []
    assert objections(score("a", near=0.0), KeepRule(), replace(YARD, memorised=None)) == []


def test_pictures_are_sorted_and_sorted_anew_with_another_rule(series: PortraitsFolder) -> None:
    paint_round(series, 1, FakePainter(), SilentReporter())
    a, b, c, d = ids(series)
    scored(series, score(a), score(b, 0.65), score(c, faces=2), score(d, near=0.1))
    assert sort_pictures(series, KeepRule()) == (1, 3)
    assert [place_of(series, one) for one in (a, b, c, d)] == ["kept", "bin", "bin", "bin"]
    assert sort_pictures(series, KeepRule(0.7, 0.0, False)) == (4, 0)
    assert sort_pictures(series, KeepRule(0.3, 0.0, False)) == (0, 4)


def test_a_choice_by_hand_goes_before_every_rule(series: PortraitsFolder) -> None:
    paint_round(series, 1, FakePainter(), SilentReporter())
    a, b, *_ = ids(series)
    scored(series, score(a), score(b, 0.9))
    sort_pictures(series, KeepRule())
    choose_by_hand(series, b, "kept")
    choose_by_hand(series, a, "bin")
    sort_pictures(series, KeepRule())
    assert (place_of(series, a), place_of(series, b)) == ("bin", "kept")
    told = {one.score.id: one.reason for one in judged_pictures(series, KeepRule())}
    assert told[b].startswith("put there by you (not alike")


def test_a_picture_that_was_deleted_stays_deleted(series: PortraitsFolder) -> None:
    paint_round(series, 1, FakePainter(), SilentReporter())
    a, *_ = ids(series)
    scored(series, score(a, 0.9))
    sort_pictures(series, KeepRule())
    picture_path(series, a, "bin").unlink()
    assert sort_pictures(series, KeepRule(most_distance=1.0)) == (0, 0)
    assert find_picture(series, a) is None


@pytest.mark.parametrize("name", ["../../person", "a/b", "..", "C:\\x", ""])
def test_no_name_leaves_the_folder(series: PortraitsFolder, name: str) -> None:
    with pytest.raises(InputError):
        choose_by_hand(series, name, "kept")


def test_a_series_ends_by_count_time_or_stop(series: PortraitsFolder, tmp_path: Path) -> None:
    plan = replace(read_portraits(series), count=10, minutes=2)
    assert why_over(series, plan, 8, lambda: 1000.0) == ""
    assert why_over(series, plan, 10, lambda: 1000.0) == COMPLETE
    write_state(series, SeriesState(started=1000.0))
    assert why_halted(series, plan, lambda: 1119.0) == ""
    assert why_halted(series, plan, lambda: 1120.0) == TIME_OVER
    assert why_halted(series, replace(plan, minutes=0), lambda: 9e9) == ""
    ask_to_stop(series)
    assert why_halted(series, plan, lambda: 1000.0) == STOPPED
