"""The effect of a setting is told apart from chance and from the spread of repeats."""

from __future__ import annotations

import random

import pytest

from lib_t2p.scores.setting_effects import ComparedRun, effects
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores

REAL = RealPhotos(2, 4, 0, (0.4,), (0.3,), False)


def scores(means: dict[str, float], noise: float = 0.02) -> Scores:
    chance = random.Random(1)
    cells = []
    for prompt in range(2):
        for seed in range(8):
            for stem, mean in means.items():
                distance = mean + chance.gauss(0, noise)
                name = f"{stem}-{prompt}-{seed}"
                cells.append(
                    CellScore(
                        name, stem, 1.0, prompt, seed, 1, (distance,), distance, 0.5, 1.0, name
                    )
                )
    return Scores("p", "d", "e", 0.6, "r", REAL, tuple(cells))


def run(stem: str, repeat: int = 0, **labels: str) -> ComparedRun:
    return ComparedRun(stem, labels, repeat)


def test_a_setting_that_brings_the_person_nearer_is_seen() -> None:
    runs = [run("a", rank="4"), run("b", rank="8")]
    (effect,) = effects(runs, scores({"a": 0.6, "b": 0.5}))
    assert (effect.axis, effect.against, effect.value) == ("rank", "4", "8")
    assert effect.difference.mean == pytest.approx(-0.1, abs=0.02)
    assert effect.seen
    assert "rank 4 to 8: 0." in effect.words
    assert "nearer" in effect.words
    assert "nothing was repeated" in effect.words


def test_equal_settings_show_no_difference() -> None:
    (effect,) = effects([run("a", rank="4"), run("b", rank="8")], scores({"a": 0.5, "b": 0.5}))
    assert not effect.seen
    assert "no difference seen" in effect.words


def test_a_difference_within_the_spread_of_repeats_is_noise() -> None:
    runs = [run("a", rank="4"), run("a2", 1, rank="4"), run("b", rank="8"), run("b2", 1, rank="8")]
    means = {"a": 0.50, "a2": 0.60, "b": 0.46, "b2": 0.56}
    (effect,) = effects(runs, scores(means, noise=0.005))
    assert effect.difference.seen
    assert effect.repeat_spread == pytest.approx(0.1, abs=0.01)
    assert not effect.seen
    assert "no difference seen" in effect.words


def test_each_axis_is_compared_where_all_else_is_equal() -> None:
    runs = [run(f"{r}{x}", rank=r, lr=x) for r in "48" for x in "12"]
    found = effects(runs, scores({"41": 0.7, "42": 0.6, "81": 0.65, "82": 0.55}))
    told = {(e.axis, e.value): round(e.difference.mean, 2) for e in found}
    assert told[("rank", "8")] == pytest.approx(-0.05, abs=0.02)
    assert told[("lr", "2")] == pytest.approx(-0.1, abs=0.02)
    assert found[0].difference.pairs == 32


def test_a_value_without_faces_is_not_compared() -> None:
    (effect,) = effects([run("a", rank="4"), run("b", rank="8")], scores({"a": 0.5}))
    assert effect.difference.pairs == 0
    assert "not compared" in effect.words
