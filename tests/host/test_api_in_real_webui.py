"""Our API and the guard of our events inside a real AUTOMATIC1111 or Forge."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from asking_webui import ask, event_of
from real_webui import Running, Webui, copy_extension, start, stop

pytestmark = [pytest.mark.host, pytest.mark.slow]


def test_people_are_listed_and_everything_is_documented(running: Running) -> None:
    assert ask(running, "/t2p/v1/people")[0] == 200
    assert "/people/{person}/runs" in json.loads(ask(running, "/t2p/v1/openapi.json")[1])["paths"]
    assert "/t2p/v1/jobs/{job}/events" in ask(running, "/t2p/v1/docs")[1]
    assert ask(running, "/t2p/v1/jobs/none")[0] == 404


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}],
)
def test_other_sites_ask_neither_the_api_nor_the_page(
    running: Running, headers: dict[str, str]
) -> None:
    assert ask(running, "/t2p/v1/people", **headers)[0] == 403
    pressed = event_of(running, "t2p_new_create")
    assert ask(running, "/t2p/page/run/predict", pressed, **headers)[0] != 200
    assert ask(running, "/t2p/page/run/predict", pressed)[0] == 200


def test_the_credentials_of_the_webui_are_asked_for(webui: Webui, tmp_path: Path) -> None:
    copy_extension(Path(__file__).resolve().parents[2], tmp_path)
    flags = ("--gradio-auth", "ann:secret", "--api-auth", "bob:hidden", "--listen")
    opened = start(webui, tmp_path, *flags)
    try:
        told = {
            pair: ask(opened, "/t2p/v1/people", Authorization=_basic(pair))[0]
            for pair in ("ann:secret", "bob:hidden", "bob:secret", ":")
        }
        assert told == {"ann:secret": 200, "bob:hidden": 200, "bob:secret": 401, ":": 401}
        assert ask(opened, "/t2p/v1/docs")[0] == 401
    finally:
        stop(opened)


def _basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()
