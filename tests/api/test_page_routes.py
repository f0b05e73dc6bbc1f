"""What stands around a page of gradio's: addresses, sizes, files, headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from api_client import HERE, finished
from PIL import Image

from lib_t2p.access import Access
from lib_t2p.api.admission import AccessGuard
from lib_t2p.api.answers import Answers
from lib_t2p.api.gateway import PageRoutes
from lib_t2p.api.limits import SPARE, RequestLimits
from lib_t2p.api.served_files import ServedFiles
from lib_t2p.workspace.person import Workspace, open_workspace

META = {"_type": "gradio.FileData"}


class Page:
    """In place of gradio: tells what came, and reads all of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})


class Around:
    """A page behind everything, with limits that a test can reach."""

    def __init__(self, workspace: Workspace, uploads: Path) -> None:
        self.page, self.free = Page(), 10 * SPARE
        files = ServedFiles(workspace, uploads)
        routes = PageRoutes(self.page, files, uploads)
        limits = RequestLimits(
            routes,
            body=2000,
            upload=50_000,
            event=5000,
            folders=(uploads,),
            free=lambda _: self.free,
        )
        access = Access(here_only=True)
        self.app = Answers(AccessGuard(limits, access, doors=frozenset({"/"})), frozenset({"/"}))

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
                return await client.request(method, path, **more)

        answer: httpx.Response = finished(asking())
        return answer


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def around(workspace: Workspace) -> Around:
    workspace.uploads.mkdir(parents=True)
    return Around(workspace, workspace.uploads)


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), "teal").save(path)
    return path


@pytest.mark.parametrize("path", ["/", "/config", "/assets/index-a_1.js", "/theme.css"])
def test_what_the_page_needs_is_there(around: Around, path: str) -> None:
    answer = around.ask("GET", path)
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    wanted = "object-src 'none'" if path == "/" else "default-src 'none'"
    assert wanted in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/monitoring", "/proxy=http://a.example", "/component_server", "/assets/a/%2e%2e/b"]
)
def test_what_it_does_not_need_is_not(around: Around, path: str) -> None:
    assert around.ask("POST", path).status_code == 404
    assert around.page.asked == []


def test_a_refusal_carries_the_same_headers(around: Around) -> None:
    answer = around.ask("GET", "/config", headers={"Origin": "null"})
    assert answer.status_code == 403
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def pieces(count: int) -> Any:
    async def sent() -> Any:
        for _ in range(count):
            yield b"a" * 1000

    return sent()


@pytest.mark.parametrize("body", [b"a" * 2001, None])
def test_a_body_over_the_limit_is_refused_in_a_sentence(around: Around, body: bytes | None) -> None:
    answer = around.ask("POST", "/reset", content=pieces(5) if body is None else body)
    assert answer.status_code == 413
    assert "larger than" in answer.json()["detail"]
    assert around.page.asked == []


def test_a_body_below_the_limit_arrives_whole(around: Around) -> None:
    assert around.ask("POST", "/reset", content=pieces(2)).status_code == 200
    assert around.page.bodies == [b"a" * 2000]


@pytest.mark.parametrize("path", ["/run/predict", "/api/predict", "/queue/join"])
def test_an_event_may_be_larger_than_other_bodies_up_to_its_own_limit(
    around: Around, path: str
) -> None:
    assert around.ask("POST", path, json={"data": ["a" * 4000]}).status_code == 200
    answer = around.ask("POST", path, json={"data": ["a" * 5000]})
    assert answer.status_code == 413
    assert "larger than" in answer.json()["detail"]
    assert len(around.page.bodies) == 1


def test_an_event_has_so_many_parts_and_is_nested_so_deeply(
    around: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib_t2p.api.gateway.MOST_PARTS", 100)
    deep: Any = "a"
    for _ in range(70):
        deep = [deep]
    for data in ([{}] * 101, deep):
        assert around.ask("POST", "/run/predict", json={"data": data}).status_code == 400
    assert around.page.asked == []


def test_the_page_takes_no_script_style_or_font_of_another_site(around: Around) -> None:
    told = around.ask("GET", "/").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in told.split(";"))
    for rule in ("script-src", "style-src", "font-src", "connect-src", "img-src", "worker-src"):
        assert "http" not in rules[rule] and "*" not in rules[rule]


def form(size: int, disposition: str = 'name="files"; filename="a.png"') -> dict[str, Any]:
    head = f"--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()
    body = head + b"a" * size + b"\r\n--x--\r\n"
    return {"content": body, "headers": {"Content-Type": "multipart/form-data; boundary=x"}}


def test_an_upload_below_the_limit_arrives_whole(around: Around) -> None:
    assert around.ask("POST", "/upload", **form(40_000)).status_code == 200
    assert len(around.page.bodies[0]) > 40_000


def test_an_upload_over_the_limit_is_refused_before_it_is_read(around: Around) -> None:
    assert around.ask("POST", "/upload", **form(60_000)).status_code == 413
    assert around.page.asked == []


@pytest.mark.parametrize("announced", [True, False])
def test_an_upload_for_which_the_disk_has_no_room_is_refused_in_a_sentence(
    around: Around, workspace: Workspace, announced: bool
) -> None:
    around.free = SPARE + 30_000 if announced else SPARE - 1
    given = form(40_000)

    async def sent() -> Any:
        yield given["content"]

    content = given["content"] if announced else sent()
    answer = around.ask("POST", "/upload", content=content, headers=given["headers"])
    assert answer.status_code == 507
    assert str(workspace.uploads) in answer.json()["detail"]
    assert around.page.bodies == []


def test_an_upload_of_unknown_length_is_refused_where_it_goes_over(around: Around) -> None:
    given = form(60_000)

    async def sent() -> Any:
        for start in range(0, len(given["content"]), 1000):
            yield given["content"][start : start + 1000]

    answer = around.ask("POST", "/upload", content=sent(), headers=given["headers"])
    assert answer.status_code == 413
    assert around.page.bodies == []


@pytest.mark.parametrize(
    ("disposition", "said"),
    [('name="files"', "no file"), ('filename="a"', "no file"), (f'name="{"a" * 9000}"', "head")],
)
def test_an_upload_is_files_with_short_heads(around: Around, disposition: str, said: str) -> None:
    answer = around.ask("POST", "/upload", **form(10, disposition))
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    "file",
    [
        {"path": "http://127.0.0.1:1/a.png", "meta": META},
        {"path": "/etc/passwd", "meta": META},
        {"name": "/etc/passwd", "data": None, "is_file": True},
        {"path": "../../t2p.sqlite", "meta": META},
    ],
)
def test_an_event_names_only_what_was_uploaded(around: Around, file: dict[str, Any]) -> None:
    for data in ([file], [[file]], {"0": {"deep": [file]}}):
        answer = around.ask("POST", "/run/predict", json={"fn_index": 0, "data": data})
        assert answer.status_code == 403
    assert around.page.asked == []


def test_an_event_may_name_an_upload_and_hold_a_file_itself(
    around: Around, workspace: Workspace
) -> None:
    upload = picture(workspace.uploads / "a1" / "a.png")
    for file in (
        {"path": str(upload), "meta": META},
        {"name": str(upload), "data": None, "is_file": True},
        {"name": "a.png", "data": "data:image/png;base64,AAAA"},
    ):
        answer = around.ask("POST", "/run/predict", json={"fn_index": 0, "data": [file]})
        assert answer.status_code == 200


def served(around: Around, path: Path, method: str = "GET") -> httpx.Response:
    return around.ask(method, f"/file={path.as_posix()}")


def test_pictures_are_shown(around: Around, workspace: Workspace) -> None:
    photo = picture(workspace.person("Ann").photos / "Foto ä #1.png")
    answer = around.ask("GET", "/file=" + photo.as_posix().replace("#", "%23"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.content == photo.read_bytes()
    assert served(around, picture(workspace.cache / "thumbs" / "a.jpg"), "HEAD").content == b""


def test_a_picture_is_kept_by_the_browser_only_under_its_time(
    around: Around, workspace: Workspace
) -> None:
    photo = picture(workspace.person("Ann").photos / "a.png")
    plain = served(around, photo)
    stamped = around.ask("GET", f"/file={photo.as_posix()}?v=17")
    assert plain.headers["cache-control"] == "private, no-cache"
    assert stamped.headers["cache-control"] == "private, max-age=86400"


def test_reports_are_shown_without_scripts(around: Around, workspace: Workspace) -> None:
    report = workspace.person("Ann").run("first").report
    report.parent.mkdir(parents=True)
    report.write_text("<h1>told</h1>", encoding="utf-8")
    answer = served(around, report)
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"].startswith("text/html")
    assert policy.startswith("sandbox allow-downloads;")
    assert "script" not in policy


def test_a_page_among_the_uploads_is_a_download(around: Around, workspace: Workspace) -> None:
    place = workspace.uploads / "people" / "ann" / "report.html"
    place.parent.mkdir(parents=True)
    place.write_text("<script>1</script>", encoding="utf-8")
    answer = served(around, place)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_logs_of_a_run_are_downloads(around: Around, workspace: Workspace) -> None:
    log = workspace.person("Ann").run("first").stdout
    log.parent.mkdir(parents=True)
    log.write_text("step 1", encoding="utf-8")
    answer = served(around, log)
    assert (answer.status_code, answer.text) == (200, "step 1")
    assert answer.headers["content-disposition"].startswith("attachment")


def test_everything_else_is_not_there(around: Around, workspace: Workspace) -> None:
    person = workspace.person("Ann")
    for path in (
        workspace.database,
        person.record,
        person.root / "notes.html",
        person.root / "drawn.svg",
        person.run("first").settings,
        workspace.job("a").record,
        workspace.loras / "a.png",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("secret", encoding="utf-8")
        answer = served(around, path)
        assert (answer.status_code, "secret" in answer.text) == (404, False)


def test_a_folder_that_lies_on_another_drive_is_still_the_workspace(
    around: Around, workspace: Workspace, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "drive"
    picture(elsewhere / "ann" / "photos" / "a.png")
    try:
        (workspace.root / "people").symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("links need rights here")
    assert served(around, workspace.root / "people/ann/photos/a.png").status_code == 200


def test_a_body_of_two_lengths_is_refused_and_the_connection_closed(around: Around) -> None:
    both = {"Content-Length": "6", "Transfer-Encoding": "chunked"}
    answer = around.ask("POST", "/reset", content=b"0\r\n\r\nG", headers=both)
    assert answer.status_code == 400
    assert answer.headers["connection"] == "close"
    assert around.page.asked == []
