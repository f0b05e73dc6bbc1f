"""Files of the workspace that a page shows: pictures and reports; the rest only as a download.

In place of gradio's `/file=`, which serves whole folders with whatever kind a name suggests,
follows links out of them, and sends a browser on to any address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.access import Refusal
from lib_t2p.api.admission import Receive, Scope, Send, path_of, say_no
from lib_t2p.api.answers import FILE, REPORT
from lib_t2p.workspace import Workspace

PICTURES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
"""What is shown in place: kinds that cannot carry a script. SVG can."""

REPORTS = re.compile(
    r"people/[^/]+/(?:(?:runs|grids|sweeps|nights)/[^/]+/)?(?:report|cells|sweep)\.html"
    r"|imported_logs/[^/]+/report\.html"
)
"""Pages that jobs wrote, by their place below the workspace."""

DOWNLOADS = re.compile(r"people/[^/]+/runs/[^/]+/(?:stdout|stderr)\.txt")
"""What else may be read of the workspace."""

PREFIXES = ("/file=", "/file/")

NOT_SERVED = Refusal(
    404,
    "This file is not served: only pictures and reports of the workspace are, and what was "
    "uploaded to this page.",
)


@dataclass(frozen=True)
class ServedFiles:
    """ASGI: answers `/file=<path>`.

    Attributes:
        workspace: of which pictures and reports are shown.
        uploads: folder of uploads and of what the page made for a download.
    """

    workspace: Workspace
    uploads: Path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what may not be seen and what is not there look the same."""
        from starlette.responses import FileResponse

        path = self.allowed(asked_path(path_of(scope)))
        if path is None or scope["method"] not in ("GET", "HEAD"):
            await say_no(send, NOT_SERVED)
            return
        kind, policy = self._kind(path)
        # The page names the file's time, so that what a browser kept is never an older one.
        stamped = b"v=" in scope.get("query_string", b"") and kind in PICTURES.values()
        kept = "private, max-age=86400" if stamped else "private, no-cache"
        headers = {"content-security-policy": policy, "cache-control": kept}
        inline = not kind.startswith("application/")
        answer = FileResponse(
            path,
            media_type=kind,
            headers=headers,
            filename=path.name,
            content_disposition_type="inline" if inline else "attachment",
        )
        await answer(scope, receive, send)

    def allowed(self, asked: str) -> Path | None:
        """The file itself, all links followed, when it may be read; else None."""
        if not asked or _is_odd(asked) or not Path(asked).is_absolute():
            return None
        try:
            path = Path(asked).resolve(strict=True)
            if not path.is_file():
                return None
        except (OSError, ValueError, RuntimeError):
            return None
        if _is_below(path, self.uploads):
            return path
        place = self._place(path)
        wanted = place and (
            path.suffix.lower() in PICTURES
            or REPORTS.fullmatch(place)
            or DOWNLOADS.fullmatch(place)
        )
        return path if wanted else None

    def _place(self, path: Path) -> str:
        """Where it lies below the workspace; empty elsewhere."""
        for name in ("people", "cache", "imported_logs"):
            # A person may have put one of these on another drive, by a link.
            folder = (self.workspace.root / name).resolve()
            if path.is_relative_to(folder):
                return f"{name}/{path.relative_to(folder).as_posix()}"
        return ""

    def _kind(self, path: Path) -> tuple[str, str]:
        picture = PICTURES.get(path.suffix.lower())
        if picture:
            return picture, FILE
        if not _is_below(path, self.uploads) and REPORTS.fullmatch(self._place(path)):
            return "text/html; charset=utf-8", REPORT
        return "application/octet-stream", FILE


def asked_path(path: str) -> str:
    """The file that an address names; empty when it names none."""
    for prefix in PREFIXES:
        if path.startswith(prefix):
            return path[len(prefix) :]
    return ""


def _is_odd(asked: str) -> bool:
    # Two slashes in front name another machine on Windows, which would be told who asks; a colon
    # behind the drive names a stream within a file.
    slashes = asked.replace("\\", "/")
    return "\0" in asked or slashes.startswith("//") or ":" in slashes[2:]


def _is_below(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder.resolve())
