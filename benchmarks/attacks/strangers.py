"""Pages of other sites, other names, other programs of this machine."""

from __future__ import annotations

from functools import partial

from benchmarks.attacks.attack import ATTACKS, Attack, attack
from benchmarks.attacks.target import Target

PLACES = ("/config", "/", "/info", "/t2p/v1/people", "/theme.css", "/queue/status")
NEW = {"name": "Mallory", "trigger": "mallory", "class_word": "man", "consent": "none at all"}

ORIGINS = {
    "a sandboxed frame": {"Origin": "null"},
    "another site": {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"},
    "another port of this machine": {
        "Origin": "http://127.0.0.1:9999",
        "Sec_Fetch_Site": "same-site",
    },
    "localhost by its other name": {"Origin": "http://localhost:18970"},
    "a site whose name begins like ours": {"Origin": "http://127.0.0.1.evil.example"},
    "a file on disk": {"Origin": "file://"},
    "an extension of the browser": {"Origin": "chrome-extension://abcdef"},
    "a picture on another site": {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "image"},
    "a script on another port": {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Dest": "script"},
    "a frame on another site": {
        "Sec_Fetch_Site": "cross-site",
        "Sec_Fetch_Mode": "navigate",
        "Sec_Fetch_Dest": "iframe",
    },
}
HOSTS = (
    "evil.example",
    "evil.example:18970",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1/evil.example",
    "evil.example@127.0.0.1",
    "127.0.0.1?x=evil.example",
    "0.0.0.0:18970",
    "[::]:18970",
    "192.0.2.7:18970",
    "localhost.",
    "127.0.0.1.",
    "127.1",
    "2130706433",
    "0x7f.1",
    "[::ffff:192.0.2.7]",
    "[::1%25lo]",
    "xn--lcalhost-54a",
    "localhost:80:80",
    "",
)


def _reads(who: dict[str, str], target: Target) -> str:
    for path in (*PLACES, f"/file={target.root}/people/ann-smith/photos/photo.png"):
        # A picture or a frame may not even have the page; a followed link has that alone.
        if through := target.leaked(target.get(path, **who)):
            return f"{path}: {through}"
    return ""


def _acts(who: dict[str, str], target: Target) -> str:
    before = target.people()
    tries = {
        "API": target.post("/t2p/v1/people", NEW, **who),
        "event": target.post("/run/predict", {"fn_index": 0, "data": []}, **who),
        "queue": target.post(
            "/queue/join", {"fn_index": 0, "data": [], "session_hash": "a"}, **who
        ),
        "upload": target.upload("page.html", b"<script>1</script>", **who),
    }
    for what, answer in tries.items():
        if through := target.leaked(answer):
            return f"{what}: {through}"
        if "access-control-allow-origin" in answer.headers:
            return f"{what}: its refusal may be read"
    return "" if target.people() == before else "somebody was made"


for _who, _headers in ORIGINS.items():
    ATTACKS.append(Attack(f"read by {_who}", "all kinds of addresses", partial(_reads, _headers)))
    if "Sec_Fetch_Dest" not in _headers:
        ATTACKS.append(Attack(f"asked by {_who}", "API, event, upload", partial(_acts, _headers)))


def _rebound(host: str, target: Target) -> str:
    return _reads({"Host": host}, target) or _acts({"Host": host}, target)


for _host in HOSTS:
    ATTACKS.append(
        Attack(f"rebound name {_host!r}", "everything, under that name", partial(_rebound, _host))
    )


@attack("preflight of another site", "OPTIONS that asks whether a foreign page may post JSON")
def preflight(target: Target) -> str:
    """Whether another site is told that it may ask."""
    from benchmarks.attacks.asking import ask

    headers = {
        "Host": f"127.0.0.1:{target.port}",
        "Origin": "null",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = ask(target.port, "OPTIONS", "/run/predict", headers)
    allowed = answer.headers.get("access-control-allow-origin")
    return f"allowed to {allowed}" if allowed else target.leaked(answer)


@attack("forwarded name", "X-Forwarded-Host that is to become the root of the page")
def forwarded(target: Target) -> str:
    """Whether a header of a proxy that is not there changes addresses of the page."""
    headers = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"}
    answer = target.get("/config", **headers)
    return "the page's addresses lead to it" if "evil.example" in answer.text else ""


@attack("two Host headers", "one of ours and one of another site")
def two_hosts(target: Target) -> str:
    """Whether two programs could read the request differently."""
    import socket

    with socket.create_connection(("127.0.0.1", target.port), 30) as wire:
        wire.sendall(
            f"GET /config HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nHost: evil.example\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        said = wire.makefile("rb").read()
    return "answered" if b"200 OK" in said.split(b"\r\n")[0] else ""


@attack("path that is no path", "a target without a slash, of another site, of a proxy")
def no_path(target: Target) -> str:
    """A framework would make another site's address of it (CVE-2026-54282)."""
    from benchmarks.attacks.asking import ask

    for path in ("@evil.example", "http://evil.example/config", "*", "config", "evil.example:80"):
        if through := target.leaked(ask(target.port, "GET", path)):
            return f"{path}: {through}"
    return ""


@attack("methods that are none", "names of functions, and what proxies use")
def odd_methods(target: Target) -> str:
    """Whether a method's name chooses a function (CVE-2026-48817), or opens a tunnel."""
    from benchmarks.attacks.asking import ask

    for method in ("_DO_DELETE", "__INIT__", "CONFIG", "TRACE", "CONNECT", "PROPFIND", "TRACK"):
        for path in ("/", "/config", "/t2p/v1/people", "/run/predict"):
            answer = ask(target.port, method, path)
            if answer.status and not 400 <= answer.status < 500:
                return f"{method} {path} answered {answer.status}"
    return ""


@attack("link from a mail", "a followed link opens the page, which nobody else can read")
def followed_link(target: Target) -> str:
    """The one thing that another site may do: the page opens alone, and may not be framed."""
    by_link = {
        "Sec_Fetch_Site": "cross-site",
        "Sec_Fetch_Mode": "navigate",
        "Sec_Fetch_Dest": "document",
    }
    answer = target.get("/", **by_link)
    wanted = {
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    lacking = [name for name, value in wanted.items() if answer.headers.get(name) != value]
    if answer.status != 200 or lacking:
        return f"answered {answer.status} without {', '.join(lacking)}"
    return _reads_more(target, by_link)


def _reads_more(target: Target, by_link: dict[str, str]) -> str:
    for path in ("/config", "/t2p/v1/people", f"/file={target.root}/people/ann-smith/person.toml"):
        if through := target.leaked(target.get(path, **by_link)):
            return f"{path}: {through}"
    return target.leaked(target.post("/", {}, **by_link))
