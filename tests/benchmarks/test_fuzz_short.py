"""The short form of `python -m benchmarks.fuzz`: a number of inputs for each target."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fuzz.changing import each_odd
from benchmarks.fuzz.keeping import keep, kept
from benchmarks.fuzz.running import LIMIT_SECONDS, Outcome, run_round, tried
from benchmarks.fuzz.target import Target, plain
from benchmarks.fuzz.targets import all_targets
from lib_t2p.errors import InputError

INPUTS = 24
"""Of each target."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_no_parser_and_no_route_fails_on_odd_inputs(tmp_path: Path) -> None:
    failed = {}
    for target in all_targets():
        outcome = Outcome()
        run_round(target, tmp_path / "x", outcome, number=7, most=INPUTS, seconds=600.0)
        assert outcome.inputs >= INPUTS
        # How long an input takes is for the benchmark: other tests may need the machine.
        told = {kind: f for kind, f in outcome.faults.items() if not kind.startswith("TooSlow")}
        failed |= {f"{target.name}: {kind}": f.given for kind, f in told.items()}
    assert failed == {}


def test_names_of_targets_are_unique() -> None:
    names = [target.name for target in all_targets()]
    assert len(set(names)) == len(names)


def test_a_fault_is_told_apart_from_a_refusal() -> None:
    def call(value: object) -> None:
        if value == 1:
            raise InputError("one")
        if value == 2:
            raise ValueError("two")

    target = Target("t", None, plain(call))  # type: ignore[arg-type]
    assert tried(target, call, 0) == (None, False)
    assert tried(target, call, 1) == (None, True)
    fault, _ = tried(target, call, 2)
    assert fault is not None and fault.kind.startswith("ValueError")


@pytest.mark.slow
def test_an_input_that_takes_for_ever_is_ended() -> None:
    def call(_: object) -> None:
        while True:
            pass

    fault, _ = tried(Target("t", None, plain(call)), call, 0)  # type: ignore[arg-type]
    assert fault is not None and f"{LIMIT_SECONDS:g} s" in fault.reason


def test_inputs_that_failed_come_back_as_they_were(tmp_path: Path) -> None:
    given = ["\ud800", b"\x00\xff", {"a": [1.5, None, 16**5000]}, float("inf")]
    assert kept(keep(tmp_path, "a target", 1, given, "why")) == ("a target", given)


def test_each_part_is_exchanged_for_each_oddity() -> None:
    made = list(each_odd({"a": [1, 2]}, ["x", None]))
    assert made[:2] == ["x", None]
    assert {"a": ["x", 2]} in made and {"a": [1, None]} in made and {"a": "x"} in made
    assert len(made) == 8
