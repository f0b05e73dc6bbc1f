"""What is honoured of the flags with which a person opens the WebUI to others."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from real_webui import Running, Webui, copy_extension, start, stop
from story import wait_for

pytestmark = [pytest.mark.host, pytest.mark.slow]


def status(running: Running, path: str, user: str = "") -> int:
    """What is answered to a GET; 0 while nobody does."""
    request = urllib.request.Request(f"http://127.0.0.1:{running.port}{path}")
    if user:
        request.add_header("Authorization", "Basic " + base64.b64encode(user.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_a_page_for_others_with_passwords_asks_for_them(
    webui: Webui, root: Path, tmp_path: Path
) -> None:
    copy_extension(root, tmp_path)
    flags = ["--listen", "--gradio-auth", "me:secret", "--api-auth", "bot:key"]
    flags += ["--subpath", "sd", "--hide-ui-dir-config"]
    running = start(webui, tmp_path, *flags)
    try:
        wait_for(lambda: status(running, "/t2p/v1/people") != 0, "an answer")
        assert status(running, "/t2p/v1/people") == 401
        assert status(running, "/t2p/v1/people", "bot:wrong") == 401
        assert status(running, "/t2p/v1/people", "bot:key") == 200
        assert running.ours() == []
        assert (tmp_path / "text-to-person").is_dir()
    finally:
        stop(running)


def test_without_a_page_the_interface_is_served(webui: Webui, root: Path, tmp_path: Path) -> None:
    copy_extension(root, tmp_path)
    running = start(webui, tmp_path, "--nowebui")
    try:
        wait_for(lambda: status(running, "/t2p/v1/people") == 200, "the list of people")
        assert running.ours() == []
    finally:
        stop(running)
