"""Events of the page that name files or addresses which nobody uploaded, and parts by name."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from benchmarks.attacks.attack import ATTACKS, Attack, attack
from benchmarks.attacks.target import FROM_HERE, Target

META = {"_type": "gradio.FileData"}

NAMED = {
    "an address of another machine": {"path": "{stranger}/a.png", "meta": META},
    "an address in capitals": {"path": "{stranger_loud}/a.png", "meta": META},
    "an address beside a path": {"path": "a.png", "url": "{stranger}/a.png", "meta": META},
    "an address of gradio 3": {"name": "{stranger}/a.png", "data": None, "is_file": True},
    "a file outside": {"path": "{outside}/secret.txt", "meta": META},
    "a file outside, of gradio 3": {"name": "{outside}/secret.txt", "data": "", "is_file": True},
    "the database": {"path": "{root}/t2p.sqlite", "meta": META},
    "dots out of the uploads": {
        "path": "{root}/cache/uploads/../../people/ann-smith/person.toml",
        "meta": META,
    },
    "a stream": {"path": "{outside}/secret.txt", "is_stream": True, "meta": META},
    "another protocol": {"path": "file://{outside}/secret.txt", "meta": META},
}


def file_events(target: Target) -> list[tuple[int, int, int]]:
    """Events that take a file: number, count of inputs, which of them is the file."""
    config = target.get("/config", **{"Sec_Fetch_Site": "same-origin"})
    told = json.loads(config.text)
    files = {c["id"] for c in told["components"] if c["type"] == "file"}
    found = []
    for number, event in enumerate(told["dependencies"]):
        inputs = event["inputs"]
        place = next((n for n, part in enumerate(inputs) if part in files), None)
        if place is not None:
            found.append((event.get("id", number), len(inputs), place))
    return found


def _filled(value: Any, target: Target) -> Any:
    words = {
        "stranger": target.stranger,
        "stranger_loud": target.stranger.upper().replace("LOCALHOST", "localhost"),
        "outside": target.outside.as_posix(),
        "root": target.root.as_posix(),
    }
    return {k: v.format(**words) if isinstance(v, str) else v for k, v in value.items()}


def _named(file: Any, target: Target) -> str:
    given = _filled(file, target)
    for number, count, place in file_events(target):
        for value in (given, [given]):
            data: list[Any] = [None] * count
            data[place] = value
            body = {"fn_index": number, "data": data, "session_hash": "attack"}
            for path in ("/run/predict", "/api/predict", "/queue/join", "/run/predict/"):
                answer = target.post(path, body, **{"Sec_Fetch_Site": FROM_HERE["Sec-Fetch-Site"]})
                if target.visits:
                    return f"{path}: the studio fetched {target.visits[-1]}"
                if through := target.leaked(answer):
                    return f"{path}: {through}"
    return ""


for _what, _file in NAMED.items():
    ATTACKS.append(
        Attack(f"event that names {_what}", "each event that takes a file", partial(_named, _file))
    )


@attack("file in other values of an event", "in event_data, nested, in a text's place")
def hidden(target: Target) -> str:
    """Whether a file is found wherever it stands."""
    file = {"path": f"{target.stranger}/b.png", "meta": META}
    for body in (
        {"fn_index": 0, "data": [{"a": [[{"b": file}]]}], "session_hash": "a"},
        {"fn_index": 0, "data": [], "event_data": file, "session_hash": "a"},
        {"fn_index": 0, "data": {"0": file}, "session_hash": "a"},
    ):
        answer = target.post("/run/predict", body)
        if target.visits:
            return f"the studio fetched {target.visits[-1]}"
        if through := target.leaked(answer):
            return through
    return ""


@attack("event whose body hides its file", "twice the same key, a key in escapes, UTF-16")
def disguised(target: Target) -> str:
    """Whether gradio reads another file than the guard."""
    from benchmarks.attacks.asking import as_json, ask

    number, count, place = file_events(target)[0]
    data: list[Any] = [None] * count
    data[place] = {"path": f"{target.stranger}/c.png", "meta": META}
    plain = json.dumps({"fn_index": number, "data": data, "session_hash": "a"})
    for body in (
        plain.replace('"path"', '"p\\u0061th"').encode(),
        plain.replace('"data"', '"data": [], "data"').encode(),
        plain.encode("utf-16"),
        plain.encode("utf-32"),
        b"\xef\xbb\xbf" + plain.encode(),
    ):
        for kind in ("application/json", "application/x-json", "text/plain"):
            ask(target.port, "POST", "/run/predict", {**as_json({})[0], "Content-Type": kind}, body)
            if target.visits:
                return f"the studio fetched {target.visits[-1]}"
    return ""


SIDE_DOORS = (
    "/monitoring",
    "/monitoring/x",
    "/monitoring/x/dashboard",
    "/proxy=http://127.0.0.1:1/",
    "/stream/a/1/2",
    "/dev/reload",
    "/custom_component/x/y/z",
    "/call/predict",
    "/call/predict/x",
    "/component_server",
    "/login",
    "/logout",
    "/login/huggingface",
    "/login/callback",
    "/token",
    "/user",
    "/docs",
    "/openapi.json",
    "/gradio_api/config",
    "/vibe-editor",
    "/run/reset",
    "/api/anything",
)


def _side_door(path: str, target: Target) -> str:
    for answer in (target.get(path), target.post(path, {"data": []})):
        if through := target.leaked(answer):
            return through
        if "location" in answer.headers or "set-cookie" in answer.headers:
            return "it leads on"
    return ""


for _path in SIDE_DOORS:
    ATTACKS.append(Attack(f"side door {_path}", "GET and POST", partial(_side_door, _path)))
