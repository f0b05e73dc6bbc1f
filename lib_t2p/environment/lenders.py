"""Environments whose torch may be borrowed: asked what they have, never written to."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.borrowing import Borrowed, torch_version
from lib_t2p.environment.definitions import CORE, ROOT, Paths
from lib_t2p.environment.interpreters import dotted
from lib_t2p.environment.tags import Tag
from lib_t2p.environment.torch_fit import misfit
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

SECONDS = 60.0
"""For a Python to say what it is, from a cold disk."""

_QUESTION = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
def known(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
spec = find_spec("torch")
print(json.dumps({
    "python": list(sys.version_info[:2]),
    "torch_file": (spec.origin or "") if spec else "",
    "torchvision": known("torchvision") if find_spec("torchvision") else "",
}))
"""


@dataclass(frozen=True)
class Lender:
    """An environment with a torch.

    Attributes:
        python: its interpreter.
        version: (major, minor) of that.
        folder: the site-packages that hold torch.
        torch: its version, with the build such as `+cu121`.
        torchvision: its version; empty when there is none.
    """

    python: Path
    version: tuple[int, int]
    folder: Path
    torch: str
    torchvision: str

    @property
    def loan(self) -> Borrowed:
        """What is borrowed from it."""
        return Borrowed(self.python, self.folder, self.torch, self.torchvision)

    def misfit(self, tag: Tag, version: tuple[int, int] | None = None) -> str:
        """Why a tag, run by Python `version`, cannot borrow; empty when it can."""
        wanted = version or self.version
        if wanted != self.version:
            return f"it has Python {dotted(self.version)} and not {dotted(wanted)}"
        if wanted not in tag.pythons:
            return f"it has Python {dotted(wanted)}, for which {tag.name} has no packages"
        return misfit(self.torch, tag)


def lender_at(place: Path) -> Lender:
    """Ask an environment what it has.

    Args:
        place: an interpreter, or the folder of a virtual environment.

    Raises:
        SetupError: it is no environment, or it has no torch.
    """
    python = venv_python(place) if place.is_dir() else place
    try:
        answer = subprocess.run(
            [str(python), "-I", "-c", _QUESTION],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        ).stdout
        body = json.loads(answer.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        raise SetupError(
            f"{place} is no Python environment that can be asked for its torch ({error}): name "
            "the folder that holds bin or Scripts, or its Python."
        ) from error
    if not body["torch_file"]:
        raise SetupError(f"{place} has no torch to borrow: name another environment.")
    folder = Path(body["torch_file"]).parents[1]
    major, minor = body["python"]
    return Lender(python, (major, minor), folder, torch_version(folder), body["torchvision"])


def places(root: Path = ROOT, prefix: Path = Path(sys.prefix)) -> list[Path]:
    """Environments whose torch is worth asking for: the WebUI's, then our core.

    Args:
        root: the checkout, or the extension's folder.
        prefix: the environment that runs this; the WebUI's, inside its process.
    """
    found = [place for place in _places(root, prefix) if place.exists()]
    return list(dict.fromkeys(found))


def _places(root: Path, prefix: Path) -> Iterator[Path]:
    ours = root / ".envs"
    if root.parent.name == "extensions":
        webui = root.parents[1]
        yield from (webui / "venv", webui / ".venv")
        # Forge's one-click package keeps its Python beside the WebUI's folder.
        yield webui.parent / "system" / "python" / "python.exe"
    if ours not in prefix.parents and any(prefix.glob("[Ll]ib/**/site-packages/torch/version.py")):
        yield prefix
    core = Paths(root, CORE)
    if core.stamp.exists():
        yield core.folder
