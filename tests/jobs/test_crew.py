"""Processes that answer questions, in order, and never outlive who asked."""

from __future__ import annotations

import io
import json
import sys
from contextlib import closing
from typing import Any

import psutil
import pytest

from lib_t2p.errors import InputError
from lib_t2p.jobs.crew import Crew, answer_lines

SQUARES = """
import os, sys
from lib_t2p.errors import InputError
from lib_t2p.jobs.crew import serve_crew

def square(number):
    print("a library talks")
    if number == 7:
        raise InputError("seven is not liked")
    if number == 13:
        os._exit(3)
    return {"square": number * number}

sys.exit(serve_crew("squares", square))
"""
COMMAND = (sys.executable, "-c", SQUARES)


def answers(questions: range, processes: int = 2, greeting: str = "squares") -> list[Any]:
    return list(Crew(COMMAND, processes, greeting).answers(questions))


@pytest.mark.parametrize("processes", [1, 3])
def test_answers_come_in_the_order_of_the_questions(processes: int) -> None:
    assert answers(range(6), processes) == [{"square": n * n} for n in range(6)]


def test_what_cannot_be_answered_is_said(caplog: pytest.LogCaptureFixture) -> None:
    found = answers(range(6, 9))
    assert found == [{"square": 36}, {"fault": "seven is not liked"}, {"square": 64}]
    assert caplog.records == []


def test_a_process_that_dies_leaves_its_questions_to_the_caller() -> None:
    found = answers(range(11, 16), processes=1)
    assert found == [{"square": 121}, {"square": 144}, None, None, None]


def test_a_process_of_another_kind_is_not_asked() -> None:
    assert answers(range(3), greeting="cubes") == [None] * 3


def test_a_command_that_cannot_be_started_answers_nothing() -> None:
    assert list(Crew(["no such program"], 2, "squares").answers([1, 2])) == [None, None]


def test_who_stops_asking_leaves_no_process() -> None:
    before = set(psutil.Process().children(recursive=True))
    with closing(Crew(COMMAND, 2, "squares").answers(range(100))) as found:
        assert next(found) == {"square": 0}
        assert set(psutil.Process().children(recursive=True)) > before
    assert set(psutil.Process().children(recursive=True)) <= before


def test_lines_are_answered_until_they_end() -> None:
    out = io.StringIO()

    def half(number: int) -> dict[str, Any]:
        if number % 2:
            raise InputError(f"{number} is odd")
        return {"half": number // 2}

    answer_lines("halves", half, ["4\n", "3\n"], out)
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert said == [{"greeting": "halves"}, {"half": 2}, {"fault": "3 is odd"}]
