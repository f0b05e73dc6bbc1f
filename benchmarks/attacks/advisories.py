"""Published advisories of gradio 4.40 and of what it stands on: each with the attacks that try it.

`docs/SECURITY.md` lists the same; a test compares the two.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

from benchmarks.attacks.attack import ATTACKS, Attack, attack
from benchmarks.attacks.target import Target

RISKY = frozenset(
    "audio video dataframe datetime fileexplorer chatbot multimodaltextbox imageeditor model3d "
    "gallery annotatedimage downloadbutton loginbutton paramviewer interface".split()
)
"""Components whose own code had faults; none of them stands on the page."""


@dataclass(frozen=True)
class Advisory:
    """A published fault.

    Attributes:
        id: of the CVE, else of GitHub's advisory.
        of: the package.
        what: in a few words.
        tried: beginnings of the names of the attacks that try it.
    """

    id: str
    of: str
    what: str
    tried: tuple[str, ...]


_READ, _ASKED = ("read by ", "preflight"), ("asked by ", "preflight")
_FETCH = ("event that names", "file in other values", "event whose body")
_PARTS, _SHARE = ("parts with faults",), ("sharing",)
_OPENED = ("opening an uploaded", "report with a script")
_FORM = ("upload with", "form field")

ADVISORIES = (
    Advisory("CVE-2024-47084", "gradio", "other sites may ask with a cookie", _ASKED),
    Advisory("CVE-2024-47164", "gradio", "dots lead out of a folder", ("reading dots",)),
    Advisory("CVE-2024-47165", "gradio", "Origin null is taken for ours", _READ),
    Advisory(
        "CVE-2024-47166", "gradio", "files beside a component", ("side door /custom_component",)
    ),
    Advisory("CVE-2024-47167", "gradio", "the server fetches an address", _FETCH),
    Advisory("CVE-2024-47168", "gradio", "monitoring cannot be turned off", ("side door /monit",)),
    Advisory("CVE-2024-47867", "gradio", "an unchecked program for sharing", _SHARE),
    Advisory("CVE-2024-47868", "gradio", "files leak through components", _FETCH + _PARTS),
    Advisory("CVE-2024-47869", "gradio", "keys compared slowly", ("side door /monit",)),
    Advisory("CVE-2024-47870", "gradio", "the root is taken over", ("forwarded", "rebound name")),
    Advisory("CVE-2024-47871", "gradio", "sharing is not encrypted", _SHARE),
    Advisory("CVE-2024-47872", "gradio", "uploaded pages run scripts", _OPENED),
    Advisory("CVE-2024-48052", "gradio", "an address for a download", _FETCH + _PARTS),
    Advisory("CVE-2024-51751", "gradio", "a file for an upload's path", _FETCH),
    Advisory("CVE-2024-4325", "gradio", "an address in an event", _FETCH),
    Advisory("CVE-2024-1561", "gradio", "methods by name", ("side door /component_server",)),
    Advisory("CVE-2024-0964", "gradio", "a file in an event", _FETCH),
    Advisory("CVE-2024-1727", "gradio", "uploads of other sites", _ASKED),
    Advisory("CVE-2024-4940", "gradio", "leads to other sites", ("redirect",)),
    Advisory("CVE-2024-8021", "gradio", "leads on, when coded", ("redirect",)),
    Advisory("CVE-2024-8966", "gradio", "an endless boundary", _FORM),
    Advisory("CVE-2024-10569", "gradio", "a bomb in a table", _PARTS),
    Advisory("CVE-2024-10624", "gradio", "a slow pattern for times", _PARTS),
    Advisory("CVE-2024-10648", "gradio", "audio written anywhere", _PARTS),
    Advisory("CVE-2024-12217", "gradio", "streams within a file", ("reading a stream within",)),
    Advisory("CVE-2025-0187", "gradio", "an endless boundary", _FORM),
    Advisory("CVE-2025-23042", "gradio", "capitals around a ban", ("reading the record",)),
    Advisory("CVE-2025-48889", "gradio", "flagging copies files", _FETCH + _PARTS),
    Advisory("CVE-2025-5320", "gradio", "localhost's other names", _READ + _ASKED),
    Advisory(
        "CVE-2026-27167", "gradio", "a mocked login shows a token", ("side door /login", "parts")
    ),
    Advisory(
        "CVE-2026-28414", "gradio", "rooted paths on Windows", ("rooted path", "reading the system")
    ),
    Advisory("CVE-2026-28415", "gradio", "log-in leads on", ("side door /log",)),
    Advisory("GHSA-vwgg-rgg9-xx9q", "gradio", "the same with more slashes", ("slashes behind",)),
    Advisory("CVE-2026-28416", "gradio", "a proxy for anybody", ("side door /proxy", "redirect")),
    Advisory(
        "GHSA-j36p-7w88-g82j",
        "gradio",
        "the file explorer's paths",
        ("side door /component_server", "parts"),
    ),
    Advisory("gradio#13593", "gradio", "/file= leads to other sites", ("redirect",)),
    Advisory("CVE-2024-24762", "fastapi", "a slow pattern for kinds", ("slow content type",)),
    Advisory("CVE-2024-47874", "starlette", "fields are kept in memory", ("form field",)),
    Advisory("CVE-2025-54121", "starlette", "large files stop the loop", ("form field", "300 MB")),
    Advisory("CVE-2025-62727", "starlette", "many ranges", ("many ranges",)),
    Advisory("CVE-2026-48710", "starlette", "a path in Host", ("rebound name", "two Host")),
    Advisory("CVE-2026-48818", "starlette", "shares of other machines", ("reading a share",)),
    Advisory("CVE-2026-48817", "starlette", "methods choose functions", ("methods that are",)),
    Advisory("CVE-2026-54282", "starlette", "a path without a slash", ("path that is no",)),
    Advisory("CVE-2026-54283", "starlette", "forms without limits", ("60 MB of JSON", "300 MB")),
    Advisory("CVE-2024-53981", "python-multipart", "line ends before a boundary", _FORM),
    Advisory("CVE-2026-24486", "python-multipart", "names with dots", ("upload out of",)),
    Advisory("CVE-2026-42561", "python-multipart", "heads without limit", _FORM),
)


@attack("parts with faults", "components of gradio whose own code had advisories")
def risky_parts(target: Target) -> str:
    """Whether one stands on the page."""
    told = json.loads(target.get("/config").text)
    found = {str(part["type"]) for part in told["components"]} & RISKY
    return f"the page has {', '.join(sorted(found))}" if found else ""


@attack("sharing", "a tunnel of gradio's, its program, and a page for everybody")
def sharing(target: Target) -> str:
    """Whether the studio could be shared, or listens to more than this machine."""
    told = json.loads(target.get("/config").text)
    if told.get("space_id") or told.get("is_space"):
        return "it calls itself a Space"
    others = [child.name() for child in target.process.children(recursive=True)]
    if any("frpc" in name for name in others):
        return "a tunnel runs"
    open_to = {c.laddr.ip for c in target.process.net_connections() if c.status == "LISTEN"}
    return "" if open_to == {"127.0.0.1"} else f"it listens at {sorted(open_to)}"


@attack("rooted path", "/static and /assets with a second slash, a drive, coded slashes")
def rooted(target: Target) -> str:
    """What `os.path.isabs` thinks of it differs by Python and system."""
    for place in ("/static/", "/assets/"):
        for path in ("/windows/win.ini", "%2Fetc%2Fpasswd", "C:/windows/win.ini", "..%2f..%2fx"):
            if through := target.leaked(target.get(place + path)):
                return f"{place}{path}: {through}"
    return ""


@attack("slashes behind a log-in", "_target_url with two to five slashes")
def slashes(target: Target) -> str:
    """Whether a log-in that is not there leads on."""
    for count in range(2, 6):
        for path in ("/logout", "/login/callback", "/login/huggingface"):
            answer = target.get(f"{path}?_target_url={'/' * count}evil.example/x")
            if "location" in answer.headers or answer.status < 400:
                return f"{path} answered {answer.status}"
    return ""


@attack("slow content type", "a kind that takes a pattern for ever")
def slow_kind(target: Target) -> str:
    """Of forms, which the API has none of."""
    import time

    from benchmarks.attacks.asking import ask

    kind = 'application/x-www-form-urlencoded; !="' + "\\" * 20_000
    begun = time.monotonic()
    for path in ("/upload", "/login", "/t2p/v1/people", "/run/predict"):
        ask(target.port, "POST", path, {"Content-Type": kind}, b"input=1")
    seconds = time.monotonic() - begun
    return f"it took {seconds:.0f} s" if seconds > 20 else ""


def attacks_of(advisory: Advisory) -> list[Attack]:
    """Those that try it."""
    named = [one for one in ATTACKS if one.name.startswith(advisory.tried)]
    return [one for one in named if not one.needs_browser]


def _try(advisory: Advisory, target: Target) -> str:
    for one in attacks_of(advisory):
        target.visits.clear()
        if through := one.act(target):
            return f"{one.name}: {through}"
    return ""


def put_on_list() -> None:
    """Put one line of each on the list, behind the attacks themselves."""
    for known in ADVISORIES:
        ATTACKS.append(Attack(known.id, f"{known.of}: {known.what}", partial(_try, known)))
