"""Differences that two equal runs show too are called noise."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.training.logs import import_logs
from lib_t2p.training.logs.repeats import Repeat, noise_sentences, repeats_of


def test_the_guides_base_repeat_spread_is_named_and_smaller_differences_are_noise(
    shared: Path,
) -> None:
    found = import_logs(shared / "guide" / "logs")
    repeats = repeats_of(found.runs)
    (base,) = repeats
    assert "ended at 0.0917 and 0.0867 average loss" in base.sentence
    runs = found.pages()[base.page]
    noise, more = noise_sentences(base.page, runs, repeats)
    assert noise.startswith("Against 192 (0.0892), the differences of ")
    assert noise.endswith("are noise.")
    assert "64 (" in noise
    assert more.endswith("by more.")
    assert "256 (+0.0052)" in more


def test_a_page_without_repeats_is_judged_by_the_spread_of_another(shared: Path) -> None:
    found = import_logs(shared / "guide" / "logs")
    repeats = repeats_of(found.runs)
    (sentence,) = noise_sentences("Growth Rate", found.pages()["Growth Rate"], repeats)
    assert "No run was made twice here" in sentence
    assert "noise that INF ended lower than 1.06 and 1.10" in sentence


def test_without_any_repeat_nothing_is_called_noise(shared: Path) -> None:
    found = import_logs(shared / "guide" / "logs")
    assert noise_sentences("Growth Rate", found.pages()["Growth Rate"], []) == []


def test_far_runs_are_not_called_noise(shared: Path) -> None:
    found = import_logs(shared / "guide" / "logs")
    narrow = [Repeat("elsewhere", "base", (0.09000, 0.08999))]
    assert noise_sentences("Growth Rate", found.pages()["Growth Rate"], narrow) == []
