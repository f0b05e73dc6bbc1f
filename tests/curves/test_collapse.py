"""A loss that rose far above the run's past or its siblings, and came back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from curve_helpers import Floats, cosine, growing, training
from drawn_logs import drawn, event_bytes, write_config, write_log

from lib_t2p.curves import CurveFinding, curve_findings, curves_from_scalars
from lib_t2p.curves.epochs import epochs_of
from lib_t2p.curves.logs import import_logs
from lib_t2p.curves.scalars import Scalar
from lib_t2p.curves.siblings import beside_siblings


def collapsed() -> Floats:
    loss = drawn(3, 1100)
    loss[300:480] *= 2.1
    return loss


def test_a_collapse_that_recovers_is_named_with_its_stretch() -> None:
    d = growing(1100, 1.3, 1.2e-2)
    (found,) = curve_findings(training(1100, d, loss=collapsed()))
    assert found.code == "collapse"
    assert found.steps is not None
    assert found.steps[0] == pytest.approx(301, abs=15)
    assert found.steps[1] == pytest.approx(480, abs=15)
    assert "collapsed and recovered" in found.message
    assert "while d x lr stood at its highest" in found.message


def test_it_is_named_while_it_trains_before_it_comes_back() -> None:
    loss = np.random.default_rng(7).lognormal(-2.6, 0.2, 420)
    loss[300:] *= 2.0
    (found,) = curve_findings(training(420, loss=loss), ended=False)
    assert found.code == "collapse"
    assert found.message.startswith("Since step ")
    assert "may recover" in found.message


@pytest.mark.parametrize("seed", range(5))
def test_chance_at_batch_size_one_is_no_collapse(seed: int) -> None:
    loss = np.random.default_rng(seed).lognormal(-2.6, 1.1, 3300)
    for steps in (150, 300, 600, 3300):
        assert curve_findings(training(steps, loss=loss[:steps]), ended=False) == []


def test_a_few_hard_photos_and_a_high_level_are_no_collapse() -> None:
    wide = drawn(4, 1100)
    wide[::9] *= 4.0
    assert curve_findings(training(1100, loss=wide)) == []
    assert curve_findings(training(1100, loss=drawn(4, 1100) * 3)) == []
    slowly = drawn(4, 1100) * np.linspace(1.4, 1.0, 1100)
    assert curve_findings(training(1100, loss=slowly)) == []


def test_a_short_collapse_shows_beside_a_sibling_with_the_same_photos() -> None:
    loss = drawn(5, 600)
    fell = loss.copy()
    fell[200:240] *= 2.2
    curves = {"0.05": training(600, loss=loss), "0.15": training(600, loss=fell * 1.1)}
    told = beside_siblings(curves, {name: curve_findings(c) for name, c in curves.items()})
    assert told["0.05"] == ()
    (found,) = told["0.15"]
    assert found.code == "collapse"
    assert "that of 0.05 with the same photos and timesteps" in found.message
    assert found.steps is not None
    assert 195 <= found.steps[0] <= 206
    assert 235 <= found.steps[1] <= 250


def test_a_sibling_with_other_draws_shows_nothing() -> None:
    curves = {"a": training(600, loss=drawn(5, 600)), "b": training(600, loss=drawn(6, 600) * 1.6)}
    found: dict[str, list[CurveFinding]] = {name: [] for name in curves}
    assert beside_siblings(curves, found) == {"a": (), "b": ()}


def test_epochs_are_told_by_the_times_at_which_they_ended() -> None:
    scalars = [Scalar("loss/current", n, 1e9 + n, 0.1) for n in range(1, 101)]
    scalars += [Scalar("loss/epoch", n, 1e9 + 11 * n + 0.5, 0.1) for n in range(1, 10)]
    curves = curves_from_scalars(scalars)
    assert epochs_of(curves, 11, 12) == (1, 2)
    assert epochs_of(curves, 90, 100) == (9, 10)
    assert epochs_of(training(100), 1, 100) is None


def test_imported_logs_name_the_epochs(tmp_path: Path) -> None:
    write_log(tmp_path / "run", event_bytes(collapsed(), epochs=100))
    (finding,) = import_logs(tmp_path).runs[0].findings
    assert finding.epochs is not None
    assert finding.epochs[0] == pytest.approx(28, abs=2)
    assert finding.epochs[1] == pytest.approx(44, abs=2)
    assert f"(epochs {finding.epochs[0]} to {finding.epochs[1]})" in finding.message


@pytest.mark.parametrize(
    ("epochs", "rate", "said"),
    [
        (20, None, "300 steps were counted for photos in full batches: 10 steps an epoch"),
        (20, "cut", "it was stopped at step 300"),
        (30, None, ""),
    ],
)
def test_part_filled_buckets_are_told_from_the_epochs_that_were_planned(
    tmp_path: Path, epochs: int, rate: str | None, said: str
) -> None:
    rates = cosine(900)[:300] if rate else None
    write_log(tmp_path / "run", event_bytes(drawn(), epochs=epochs, rate=rates))
    write_config(tmp_path / "run.json")
    run = import_logs(tmp_path).runs[0]
    assert run.findings == ()
    assert len(run.notes) == bool(said)
    if said:
        assert said in run.notes[0]
        assert f"Only {epochs} of 30 planned epochs were trained" in run.notes[0]
