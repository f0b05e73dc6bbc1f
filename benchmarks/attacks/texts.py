"""Texts that want to be run: in pages, in reports, in commands, in names of folders."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.attacks.attack import ATTACKS, Attack, attack
from benchmarks.attacks.planting import PERSON, SCRIPT
from benchmarks.attacks.target import Target

LIVE = re.compile(r"<(?:script|img src=x|svg onload|iframe)", re.IGNORECASE)
"""What a browser would run; escaped it begins with `&lt;`."""

TEXTS = (SCRIPT, '"><svg onload=alert(1)>', "{{7*7}}{% raw %}<script>", "javascript:alert(1)")


def _in_markup(piece: str, _: Target) -> str:
    from lib_t2p.ui import markup

    made: Callable[[str], str] = {
        "message": markup.message,
        "badge": lambda text: markup.badge(text, "bad"),
        "progress": lambda text: markup.progress_bar(1, 2, text),
        "empty": lambda text: markup.empty_state(text, text),
        "card": lambda text: markup.picture_card(text, text, full_url=text, note=text),
        "link": lambda text: markup.link(text, text, text),
    }[piece]
    for text in TEXTS:
        if found := LIVE.search(made(text)):
            return f"{found.group()} stands in the page"
    return ""


for _piece in ("message", "badge", "progress", "empty", "card", "link"):
    ATTACKS.append(
        Attack(f"script in a {_piece} of the page", "four texts", partial(_in_markup, _piece))
    )


@attack("script in a report", "title and values of a page that a job writes")
def in_report(_: Target) -> str:
    """Whether a template escapes."""
    from lib_t2p.reports.pages.rendering import render, whole_page

    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "page.html"
        template.write_text('<p title="{{ value }}">{{ value }}</p>', encoding="utf-8")
        for text in TEXTS:
            if found := LIVE.search(whole_page(text, render(template, value=text))):
                return f"{found.group()} stands in the report"
    return ""


@attack("script in a LoRA's metadata", "the header of a LoRA as the API and the page tell it")
def in_lora(target: Target) -> str:
    """Whether the list of LoRAs carries it as HTML."""
    answer = target.get("/t2p/v1/loras")
    kind = answer.headers.get("content-type", "")
    return "" if "json" in kind and "nosniff" in str(answer.headers) else f"it came as {kind}"


@attack("script in answers of the API", "names, triggers, notes come as JSON and nothing else")
def in_answers(target: Target) -> str:
    """Whether an answer could be opened as a page."""
    body = {"name": SCRIPT, "trigger": SCRIPT, "class_word": SCRIPT, "consent": SCRIPT}
    answers = [
        target.get("/t2p/v1/people"),
        target.get(f"/t2p/v1/people/{PERSON}"),
        target.post("/t2p/v1/people", body),
        target.get("/t2p/v1/people/<script>alert(1)<%2Fscript>"),
        target.get("/<script>alert(1)</script>"),
    ]
    for answer in answers:
        kind = answer.headers.get("content-type", "")
        if answer.status and ("json" not in kind or "nosniff" not in str(answer.headers)):
            return f"{answer.status} came as {kind}"
    return ""


NAMES = (
    "../../outside",
    "..%2F..%2Foutside",
    "..%5C..%5Coutside",
    "%2e%2e",
    ".",
    "ann-smith/../../../outside",
    "con",
    "a" * 5000,
    "~root",
    "$HOME",
    "//evil.example/share",
)


def _as_person(name: str, target: Target) -> str:
    for rest in ("", "/photos", "/runs", "/grids", "/nights", "/belongings", "/datasets"):
        answer = target.get(f"/t2p/v1/people/{name}{rest}")
        if 300 <= answer.status < 400:
            continue  # a slash at the end is taken away, on the same site
        if through := target.leaked(answer):
            return f"{rest or 'person'}: {through}"
    return ""


for _name in NAMES:
    ATTACKS.append(
        Attack(f"person {_name[:32]!r} in an address", "seven routes", partial(_as_person, _name))
    )


@attack("folders from typed names", "people, runs, grids, recipes with dots and slashes")
def typed_names(target: Target) -> str:
    """Whether a name that is typed leaves the workspace."""
    from lib_t2p.errors import T2PError
    from lib_t2p.workspace.person import Workspace

    workspace = Workspace(target.root)
    root = target.root.resolve()
    for name in ("../../x", "..", "/etc/x", "C:\\x", "a/../../..", "x\0y", "....//"):
        for make in (workspace.person, workspace.job, workspace.imported_logs, _run(workspace)):
            try:
                made = make(name)
            except (T2PError, ValueError):
                continue
            place: Any = made if isinstance(made, Path) else made.root
            if not Path(place).resolve().is_relative_to(root):
                return f"{name!r} became {place}"
    return ""


def _run(workspace: Any) -> Any:
    return workspace.person(PERSON).run


ENTRIES = (
    "good.png",
    "../../../slipped.png",
    "/tmp/slipped.png",
    "..\\..\\slipped.png",
    "C:\\slipped.png",
    "photos/../../../../slipped.png",
)


@attack("zip slip", "an archive whose entries name places outside, and a link")
def zip_slip(target: Target) -> str:
    """Whether an import writes beside its folder."""
    from PIL import Image

    from lib_t2p.dataset.archives import list_archive

    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "a" / "b" / "scratch"
        scratch.mkdir(parents=True)
        picture = Path(folder) / "picture.png"
        Image.new("RGB", (64, 64)).save(picture)
        archive = Path(folder) / "photos.zip"
        with zipfile.ZipFile(archive, "w") as made:
            for entry in ENTRIES:
                made.writestr(entry, picture.read_bytes())
            link = zipfile.ZipInfo("link.png")
            link.external_attr = 0o120777 << 16
            made.writestr(link, str(target.outside / "secret.png"))
        before = {path for path in Path(folder).rglob("*") if not path.is_relative_to(scratch)}
        found = list_archive(archive, scratch).found
        if not found:
            return "nothing was taken, so nothing was tried"
        for one in found:
            if isinstance(one, Path):
                return f"{one} was taken for a folder"
            with one.opened() as path:
                if target.marker.encode() in path.read_bytes():
                    return "the link was followed"
                if not path.resolve().is_relative_to(scratch.resolve()):
                    return f"written to {path}"
        after = {path for path in Path(folder).rglob("*") if not path.is_relative_to(scratch)}
        return f"written: {after - before}" if after != before else ""


@attack("zip bomb", "200 MB of zeros in 200 kB, called a photo")
def zip_bomb(_: Target) -> str:
    """Whether it is unpacked."""
    from lib_t2p.dataset.archives import list_archive

    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "photos.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("photo.png", bytes(200 << 20))
        listed = list_archive(archive, Path(folder))
        return "it would be unpacked" if listed.found or not listed.refused else ""


@attack("photo names in a command", "names that begin with a dash or hold a command")
def in_arguments(_: Target) -> str:
    """Whether settings of a training become options of a program."""
    from lib_t2p.errors import SettingsError
    from lib_t2p.settings.settings import settings_from

    for values in (
        {"optimizer_type": "os.system"},
        {"optimizer_type": "--config_file=/tmp/x"},
        {"network_module": "evil.module"},
        {"lr_scheduler_type": "evil.Scheduler"},
        {"network_weights": "/tmp/evil.ckpt"},
        {"vae": "/tmp/evil.pt"},
        {"dataset_class": "evil.Dataset"},
    ):
        try:
            settings_from(values)
        except SettingsError:
            continue
        return f"{values} was taken"
    return ""


@attack("settings of a run over the API", "code, weights and states of others")
def over_api(target: Target) -> str:
    """Whether the API trusts what a page has to be asked for."""
    for values in (
        {"optimizer_type": "os.system"},
        {"network_weights": "/tmp/evil.ckpt"},
        {"resume": target.outside.as_posix()},
        {"dataset_class": "evil.Dataset"},
    ):
        body = {"name": "x", "checkpoint": "tiny base (for the demo)", "settings": values}
        for route in ("runs", "runs/check"):
            answer = target.post(f"/t2p/v1/people/{PERSON}/{route}", body)
            if answer.status in (200, 201, 202) and '"refused"' not in answer.text:
                return f"{route} answered {answer.status} to {values}"
    return ""


@attack("training state of others", "resume names a folder that no run of the workspace wrote")
def foreign_state(target: Target) -> str:
    """Reading it runs code."""
    from lib_t2p.runs.own_states import state_fault
    from lib_t2p.workspace.person import Workspace

    workspace = Workspace(target.root)
    tries = ("/tmp/state", f"{target.root}/people/../../x/model/state/a", "https://evil.example/a")
    taken = [one for one in tries if not state_fault(one, workspace, trusted=False)]
    return f"{taken[0]} was taken" if taken else ""


@attack("pictures that are programs", "EPS, PDF and old formats called .png")
def odd_pictures(_: Target) -> str:
    """Whether Pillow may choose a decoder that runs Ghostscript, or that nobody looks after."""
    from PIL import Image, UnidentifiedImageError

    from lib_t2p.pictures import open_picture

    with tempfile.TemporaryDirectory() as folder:
        for kind in ("EPS", "PDF", "PCX", "TGA", "SGI", "PPM"):
            path = Path(folder) / f"{kind}.png"
            Image.new("RGB", (8, 8)).save(path, kind)
            try:
                open_picture(path).close()
            except UnidentifiedImageError:
                continue
            return f"{kind} was opened"
    return ""


@attack("address to be told", "a night's --notify address in notes and reasons")
def told_address(_: Target) -> str:
    """Such an address is a key to somebody's channel."""
    from lib_t2p.nights.notify import notify_url

    for address in ("http://127.0.0.1:1/key-1234", "http://[key-1234", "ftp://key-1234"):
        if "key-1234" in notify_url(address, {}):
            return f"{address} stands in the reason"
    return ""
