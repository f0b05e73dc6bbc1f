"""Every body gets an answer of 4xx with a sentence, or is taken; none is a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_client import ANN, Client

pytestmark = pytest.mark.slow

PEOPLE = "/t2p/v1/people"
RUN = {"name": "r", "checkpoint": "tiny base (for the demo)", "recipe": "demo"}
HUGE = 10**400


@pytest.fixture
def ann(api: Client) -> str:
    return f"{PEOPLE}/{api.post(PEOPLE, json=ANN).json()['id']}"


def refused(api: Client, path: str, body: Any) -> str:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    kind = {"content-type": "application/json"}
    answer = api.post(path, content=data, headers=kind)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]
    return str(answer.json()["detail"])


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('{"name": NaN}', "NaN"),
        (r'{"name": "x\ud800"}', "half a letter"),
        ("[" * 50_000, "deep"),
        ('{"name": ' + "9" * 5000 + "}", "JSON"),
        (b'{"name": "\xff"}', "JSON"),
        ("{", "JSON"),
    ],
)
def test_a_body_that_is_no_strict_json_is_named_so(
    api: Client, body: str | bytes, word: str
) -> None:
    assert word in refused(api, PEOPLE, body)


@pytest.mark.parametrize("typed", ["~nosuch/x", "a" * 300, "a/" * 5000, "a\0b"])
def test_paths_that_are_none_are_refused_wherever_a_route_takes_one(
    api: Client, ann: str, typed: str
) -> None:
    for path, body in (
        ("photos", {"sources": [typed]}),
        ("class_photos", {"sources": [typed]}),
        ("runs/check", {**RUN, "checkpoint": typed}),
        ("runs/check", {**RUN, "settings": {"network_weights": typed}}),
        ("captions/describe", {"how": "blip", "folder": typed}),
        ("photos/face", {"photo": typed, "face": 0, "is_person": True}),
        ("captions", {"photo": typed, "caption": "x"}),
    ):
        assert len(refused(api, f"{ann}/{path}", body)) < 6_000, path


@pytest.mark.parametrize("value", [HUGE, -HUGE, True, "9" * 400])
def test_numbers_of_any_size_are_out_of_range_everywhere(
    api: Client, ann: str, value: object
) -> None:
    portraits = {"checkpoint": RUN["checkpoint"], "prompt": "x", "count": value, "steps": value}
    bodies = {
        "datasets": {"options": {"resolution": value}},
        "runs/check": {**RUN, "settings": {"network_dim": value}},
        "portraits": portraits,
    }
    for path, body in bodies.items():
        if not (value is True and path == "portraits"):
            refused(api, f"{ann}/{path}", body)


def test_a_resolution_that_is_none_is_told(api: Client, ann: str) -> None:
    for value in (None, "", []):
        body = {**RUN, "settings": {"resolution": value}}
        told = api.post(f"{ann}/runs/check", json=body)
        assert told.status_code < 500
        assert "resolution is" in told.text


def test_a_key_that_is_not_known_is_named(api: Client, ann: str) -> None:
    assert "colour" in refused(api, f"{ann}/runs/check", {**RUN, "colour": 1})
    assert "colour" in refused(api, f"{ann}/runs/check", {**RUN, "settings": {"colour": 1}})


def test_an_answer_that_repeats_what_was_sent_is_json_that_can_be_read(
    api: Client, ann: str
) -> None:
    told = api.get(f"{PEOPLE}/%ED%A0%80")
    assert told.status_code == 404 and told.json()["detail"]
