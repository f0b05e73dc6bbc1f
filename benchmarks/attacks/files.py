"""Files of the machine and of the workspace that a page has no use for, and how others come."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import quote

from benchmarks.attacks.asking import ask
from benchmarks.attacks.attack import ATTACKS, Attack, attack
from benchmarks.attacks.planting import ODD_PHOTO, PERSON
from benchmarks.attacks.target import Target

OWN = {
    "the database": "t2p.sqlite",
    "the record of a person": f"people/{PERSON}/person.toml",
    "the record of a person in capitals": f"people/{PERSON}/PERSON.TOML",
    "jobs": "jobs",
    "the folder of a person": f"people/{PERSON}",
    "a page that no job wrote": f"people/{PERSON}/grids/first/notes.html",
    "a drawing with scripts": f"people/{PERSON}/grids/first/drawn.svg",
    "a LoRA": "models/Lora/odd.safetensors",
    "a record through a link called .png": f"people/{PERSON}/photos/record.png",
    "a picture outside, through a link": f"people/{PERSON}/photos/link.png",
    "a picture in a linked folder": f"people/{PERSON}/photos/linked/secret.png",
    "a text in a linked folder": f"people/{PERSON}/photos/linked/secret.txt",
}
OUTSIDE = {
    "a file outside": "{outside}/secret.txt",
    "a picture outside": "{outside}/secret.png",
    "dots out of the workspace": "{root}/people/../../outside/secret.txt",
    "dots that are coded": "{root}/people/%2e%2e/%2e%2e/outside/secret.txt",
    "dots that are coded twice": "{root}/people/%252e%252e/%252e%252e/outside/secret.txt",
    "dots and backslashes": "{root}/people/..\\..\\outside\\secret.txt",
    "an address of two slashes": "//{outside}/secret.png",
    "a share of another machine": "\\\\evil.example\\share\\a.png",
    "a share with slashes": "//evil.example/share/a.png",
    "a stream within a file": "{root}/people/ann-smith/photos/photo.png:secret",
    "a name with a zero": "{outside}/secret.txt%00.png",
    "another protocol": "file:///etc/passwd",
    "the system": "/etc/passwd",
    "a device": "/dev/zero",
    "the process": "/proc/self/environ",
    "a relative name": "pyproject.toml",
}


def _asks(path: str, target: Target) -> str:
    for prefix in ("/file=", "/file/", "/static/", "/assets/", "/t2p/v1/people/"):
        answer = target.get(prefix + path, **{"Sec_Fetch_Site": "same-origin"})
        if through := target.leaked(answer):
            return f"{prefix}: {through}"
    return ""


def _own(name: str, target: Target) -> str:
    return _asks(quote(f"{target.root.as_posix()}/{name}"), target)


def _outside(pattern: str, target: Target) -> str:
    asked = pattern.format(root=target.root.as_posix(), outside=target.outside.as_posix())
    return _asks(quote(asked, safe="/%"), target)


for _what, _name in OWN.items():
    ATTACKS.append(Attack(f"reading {_what}", "/file= and its like", partial(_own, _name)))
for _what, _pattern in OUTSIDE.items():
    ATTACKS.append(Attack(f"reading {_what}", "/file= and its like", partial(_outside, _pattern)))


@attack("redirect to another site", "/file=https://evil.example in five writings")
def redirected(target: Target) -> str:
    """Whether a browser is sent on."""
    for written in (
        "https://evil.example/x",
        "http:%2f%2fevil.example",
        "hTTps://evil.example",
        "https:evil.example",
        "//evil.example",
    ):
        for prefix in ("/file=", "/file/", "/proxy="):
            answer = target.get(prefix + written)
            if 300 <= answer.status < 400 or "location" in answer.headers:
                return f"{prefix}{written} leads to {answer.headers.get('location')}"
            if through := target.leaked(answer):
                return f"{prefix}{written}: {through}"
    return ""


UPLOADS = {
    "page.html": b"<script>window.taken=1</script>",
    "page.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "script.js": b"window.taken=1",
    "style.css": b"*{background:url(https://evil.example)}",
    "page.png.html": b"<script>window.taken=1</script>",
    "data.xml": b"<?xml-stylesheet href='x'?><a/>",
    "paper.pdf": b"%PDF-1.4",
    "noname": b"<script>window.taken=1</script>",
    "picture.png": b"<script>window.taken=1</script>",
}


def _as_download(name: str, content: bytes, target: Target) -> str:
    came = target.upload(name, content)
    if came.status != 200:
        return ""
    (path,) = [entry.strip('"') for entry in came.text.strip("[]").split(",")]
    answer = target.get(f"/file={quote(path)}")
    kind = answer.headers.get("content-type", "")
    disposition = answer.headers.get("content-disposition", "")
    policy = answer.headers.get("content-security-policy", "")
    if answer.headers.get("x-content-type-options") != "nosniff" or "sandbox" not in policy:
        return "its kind may be guessed, or scripts may run"
    if not kind.startswith("image/") and not disposition.startswith("attachment"):
        return f"shown as {kind}"
    return f"shown as {kind}" if "svg" in kind else ""


for _file, _content in UPLOADS.items():
    ATTACKS.append(
        Attack(f"opening an uploaded {_file}", "in place", partial(_as_download, _file, _content))
    )


@attack("header in a file's name", "an upload whose name would end the header it is told in")
def split_header(target: Target) -> str:
    """Whether a name adds a header to the answer."""
    came = target.upload('a%0d%0aX-Taken: 1;".txt', b"x")
    path = came.text.strip('[]"')
    answer = target.get(f"/file={quote(path)}") if came.status == 200 else came
    return "a header was added" if "x-taken" in answer.headers else ""


@attack("upload out of its folder", "names with dots, slashes and drives")
def upload_elsewhere(target: Target) -> str:
    """Whether an upload lands beside the folder of uploads."""
    for name in ("../../t2p.sqlite", "..", "/etc/t2p", "..\\..\\person.toml", "C:\\t2p.txt", "."):
        came = target.upload(name, target.marker.encode())
        for path in came.text.strip("[]").split(",") if came.status == 200 else ():
            if "uploads" not in path or ".." in Path(path.strip('"')).parts:
                return f"{name!r} became {path}"
    database = (target.root / "t2p.sqlite").read_bytes()
    return "" if database.startswith(b"SQLite format 3") else "the database was replaced"


@attack("report with a script", "a job's page into which a script got: it is shown and runs none")
def report_policy(target: Target) -> str:
    """What a report may do."""
    place = f"{target.root.as_posix()}/people/{PERSON}/grids/first/report.html"
    answer = target.get(f"/file={quote(place)}")
    policy = answer.headers.get("content-security-policy", "")
    if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
        return f"the report is not shown ({answer.status})"
    weak = "script-src" in policy or "allow-scripts" in policy or "allow-same-origin" in policy
    return "scripts may run" if weak or "default-src 'none'" not in policy else ""


@attack("picture with a script in its name", "its address and its headers")
def odd_picture(target: Target) -> str:
    """A picture of any name is a picture."""
    place = f"{target.root.as_posix()}/people/{PERSON}/photos/{ODD_PHOTO}"
    answer = target.get(f"/file={quote(place)}")
    kind = answer.headers.get("content-type", "")
    return "" if answer.status in (200, 404) and "html" not in kind else f"shown as {kind}"


@attack("writing by /file=", "PUT, POST and DELETE of a photo")
def changing(target: Target) -> str:
    """Whether a file is changed by its address."""
    photo = target.root / "people" / PERSON / "photos" / "photo.png"
    before = photo.read_bytes()
    for method in ("PUT", "POST", "DELETE", "PATCH", "MOVE"):
        answer = ask(target.port, method, f"/file={quote(photo.as_posix())}", body=b"x")
        if answer.status < 400:
            return f"{method} answered {answer.status}"
    return "" if photo.read_bytes() == before else "the photo was changed"
