"""What pages of another site do in a real browser, and what a stolen page could do in ours."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from benchmarks.attacks.attack import attack
from benchmarks.attacks.planting import PERSON, SCRIPT
from benchmarks.attacks.target import Target

WAIT = 60_000
REBOUND = "rebound.example"

SEEN = """
window.seen = [];
async function look(name, doing) {
  try { const got = await doing(); window.seen.push(name + ": " + got); }
  catch (error) { window.seen.push(name + ": refused"); }
}
async function read(address, options) {
  const answer = await fetch(address, options);
  return answer.status + " " + (await answer.text()).slice(0, 200);
}
"""
"""What pages of the other site have in common; `seen` says what each try gave."""


@contextmanager
def browser(*more: str) -> Iterator[Any]:
    """A page of a Chromium that reaches this machine only."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    rules = f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1,MAP *.example ~NOTFOUND"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", rules, *more]
        )
        try:
            page = opened.new_page(accept_downloads=True)
            page.set_default_timeout(WAIT)
            yield page
        finally:
            opened.close()


def _tries(target: Target) -> str:
    """JavaScript that asks the studio for what it could be asked for."""
    address = target.address
    toml = f"{address}/file={target.root.as_posix()}/people/{PERSON}/person.toml"
    person = '{"name":"Mallory","trigger":"mallory","class_word":"man","consent":"none"}'
    return f"""{SEEN}
    window.done = (async () => {{
      const form = new FormData();
      form.append("files", new Blob(["<script>1<" + "/script>"]), "page.html");
      await look("config", () => read("{address}/config"));
      await look("file", () => read("{toml}"));
      await look("people", () => read("{address}/t2p/v1/people"));
      await look("upload", () => read("{address}/upload", {{method: "POST", body: form}}));
      await look("person", () => read("{address}/t2p/v1/people", {{method: "POST",
          headers: {{"Content-Type": "application/json"}}, body: `{person}`}}));
      await look("event", () => read("{address}/run/predict", {{method: "POST", mode: "cors",
          headers: {{"Content-Type": "application/json"}},
          body: '{{"fn_index": 0, "data": []}}'}}));
      await fetch("{address}/t2p/v1/people",
          {{method: "POST", mode: "no-cors", body: `{person}`}}).catch(() => 0);
      await fetch("{address}/upload", {{method: "POST", mode: "no-cors", body: form}})
          .catch(() => 0);
      return window.seen;
    }})();
    """


def _judged(target: Target, seen: list[str], people: list[str], uploads: int) -> str:
    got = [one for one in seen if not one.endswith(": refused")]
    if got:
        return got[0]
    if target.people() != people:
        return "somebody was made"
    return "a file was uploaded" if _uploads(target) != uploads else ""


def _uploads(target: Target) -> int:
    return sum(1 for path in (target.root / "cache" / "uploads").rglob("*") if path.is_file())


def _by_page(target: Target, html: str, frame: bool) -> str:
    people, uploads = target.people(), _uploads(target)
    target.pages["/page"] = html.encode("utf-8")
    with browser() as page:
        page.goto(f"{target.stranger}/page")
        place = page.frames[-1] if frame else page
        seen = place.evaluate("() => window.done")
    return _judged(target, seen, people, uploads)


@attack("page of another site", "reads, uploads and makes a person by fetch", browser=True)
def foreign_page(target: Target) -> str:
    """As any page that a person has open."""
    return _by_page(target, f"<!doctype html><script>{_tries(target)}</script>", frame=False)


@attack("sandboxed frame of another site", "the same with Origin null", browser=True)
def sandboxed(target: Target) -> str:
    """What got through before."""
    inner = f"<!doctype html><script>{_tries(target)}</script>".replace("&", "&amp;")
    held = inner.replace('"', "&quot;")
    html = f'<!doctype html><iframe sandbox="allow-scripts" srcdoc="{held}"></iframe>'
    return _by_page(target, html, frame=True)


@attack("forms of another site", "posts to the API, events, uploads and log-in", browser=True)
def forms(target: Target) -> str:
    """A form needs no leave of the other site."""
    people, uploads = target.people(), _uploads(target)
    for path, kind in (
        ("/t2p/v1/people", "text/plain"),
        ("/run/predict", "text/plain"),
        ("/upload", "multipart/form-data"),
        ("/login", "application/x-www-form-urlencoded"),
    ):
        target.pages["/form"] = (
            f'<!doctype html><form method=post action="{target.address}{path}" enctype="{kind}">'
            '<input name=\'{"name":"Mallory","x":"\' value=\'"}\'></form>'
        ).encode()
        with browser() as page:
            page.goto(f"{target.stranger}/form")
            with page.expect_navigation() as moved:
                page.evaluate("() => document.forms[0].submit()")
            status = moved.value.status
        if status < 400:
            return f"{path} answered {status}"
    return _judged(target, [], people, uploads)


@attack("parts of the studio in another site", "frame, script, picture, style", browser=True)
def embedded(target: Target) -> str:
    """What a page may put into itself without asking."""
    photo = f"{target.address}/file={target.root.as_posix()}/people/{PERSON}/photos/photo.png"
    target.pages["/parts"] = f"""<!doctype html><script>window.seen = [];
    function put(kind, name, address) {{
      const part = document.createElement(kind);
      part[kind === "link" ? "href" : "src"] = address;
      if (kind === "link") part.rel = "stylesheet";
      return new Promise((done) => {{
        part.onload = () => {{
          if (kind !== "iframe") window.seen.push(name + ": it came");
          done();
        }};
        part.onerror = done;
        document.documentElement.append(part);
        setTimeout(done, 5000);
      }});
    }}
    window.done = (async () => {{
      await put("img", "photo", "{photo}");
      await put("script", "config", "{target.address}/config");
      await put("link", "style", "{target.address}/theme.css");
      await put("iframe", "page", "{target.address}/");
      return window.seen;
    }})();</script>""".encode()
    with browser() as page:
        page.goto(f"{target.stranger}/parts")
        seen = page.evaluate("() => window.done")
        framed = [frame for frame in page.frames[1:] if frame.query_selector("#t2p_title")]
    if seen:
        return str(seen[0])
    return "the page is framed" if framed else ""


@attack("window of another site", "opens the studio and reaches into it", browser=True)
def opened_window(target: Target) -> str:
    """A link may open the page; the page that opened it keeps no hold of it."""
    target.pages["/open"] = b'<!doctype html><button onclick="w=window.open(this.value)">x</button>'
    with browser() as page:
        page.goto(f"{target.stranger}/open")
        page.evaluate("(to) => { document.querySelector('button').value = to; }", target.address)
        with page.context.expect_page() as coming:
            page.click("button")
        coming.value.wait_for_selector("#t2p_title")
        held = page.evaluate("() => w.closed ? '' : 'held'")
    return "the other site keeps the window" if held else ""


@attack("rebound name in a browser", "a page under a name that was turned to us", browser=True)
def rebinding(target: Target) -> str:
    """The browser takes the studio for that site's own."""
    with browser() as page:
        answer = page.goto(f"http://{REBOUND}:{target.port}/")
        if answer.status < 400 or page.query_selector("#t2p_title"):
            return f"the page answered {answer.status}"
        tries = _tries(target).replace(target.address, "")
        people, uploads = target.people(), _uploads(target)
        seen = page.evaluate(f"async () => {{ {tries}; return await window.done; }}")
    open_ones = [one for one in seen if " 403 " not in f" {one.split(': ')[1][:3]} "]
    return _judged(target, [o for o in open_ones if "refused" not in o], people, uploads)


def _runs(target: Target, address: str, look: Callable[[Any], Any]) -> str:
    with browser() as page:
        page.goto(target.address)
        page.wait_for_selector("#t2p_root")
        page.evaluate("(to) => { window.one = open(to); }", address)
        page.wait_for_timeout(1500)
        for other in page.context.pages:
            if other.url.startswith(target.address) and look(other):
                return f"script ran at {other.url[:60]}"
    return ""


def _taken(page: Any) -> bool:
    return bool(page.evaluate("() => window.taken === 1"))


@attack("uploaded pages in our own origin", "HTML, SVG, XHTML, XML opened there", browser=True)
def uploaded_pages(target: Target) -> str:
    """A person drops a file that somebody sent, and a link leads to it."""
    script = "<script>window.taken=1</script>"
    for name, content in (
        ("page.html", script),
        ("drawing.svg", f"<svg xmlns='http://www.w3.org/2000/svg'>{script}</svg>"),
        ("page.xhtml", f"<html xmlns='http://www.w3.org/1999/xhtml'>{script}</html>"),
        ("picture.png", f"<!doctype html>{script}"),
        ("page.xml", f"<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{script}</x:script>"),
    ):
        path = target.upload(name, content.encode()).text.strip('[]"')
        if through := _runs(target, f"{target.address}/file={quote(path)}", _taken):
            return f"{name}: {through}"
    return ""


@attack("report with a script, opened", "it is shown, and runs nothing", browser=True)
def opened_report(target: Target) -> str:
    """Whether a job's page is shown, and what is in it stays text."""
    place = f"{target.root.as_posix()}/people/{PERSON}/grids/first/report.html"
    with browser() as page:
        page.goto(target.address)
        page.wait_for_selector("#t2p_root")
        page.goto(f"{target.address}/file={quote(place)}")
        if page.inner_text("#told") != "Report":
            return "the report is not shown"
        return "script ran in a report" if _taken(page) else ""


@attack(
    "stored script in the page",
    "people, runs, logs, reasons, LoRAs: all tabs",
    browser=True,
)
def stored(target: Target) -> str:
    """What a person typed or imported is shown as text."""
    with browser() as page:
        page.goto(target.address)
        page.wait_for_selector("#t2p_root")
        for tab in ("Train", "Generate", "Dataset"):
            page.locator("#t2p_tabs button:visible", has_text=tab).first.click()
            page.wait_for_timeout(1500)
            if _taken(page):
                return f"script ran in {tab}"
        shown = page.content()
        return "a script stands in the page" if SCRIPT in shown else ""
