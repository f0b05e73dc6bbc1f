"""The `.pth` line through which an environment borrows torch, and the record it is checked by."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.repairing import site_packages
from lib_t2p.errors import SetupError

NAMES = ("functorch", "nvidia", "torch", "torchgen", "torchvision", "triton")
"""All that is borrowed: torch, what it is made of, and torchvision."""

MODULE = "t2p_borrowed_torch"
OPERATORS = "t2p_torchvision_operators"
INJECTED = Path(__file__).with_name("injected")


@dataclass(frozen=True)
class Borrowed:
    """What an environment borrows.

    Attributes:
        python: the lender's interpreter.
        folder: its site-packages.
        torch: the version that was there.
        torchvision: the version that was there; empty when there was none.
    """

    python: Path
    folder: Path
    torch: str
    torchvision: str

    def fault(self) -> str:
        """What changed at the lender since, as a sentence; empty when nothing did."""
        now = torch_version(self.folder)
        if now == self.torch:
            return ""
        change = f"is {now} now" if now else "is gone"
        return f"The torch {self.torch} that was borrowed from {self.folder} {change}"


def torch_version(folder: Path) -> str:
    """The version of the torch in a site-packages folder, read and not imported; empty if gone."""
    try:
        text = (folder / "torch" / "version.py").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    lines = [line for line in text.splitlines() if line.startswith("__version__")]
    return lines[0].partition("=")[2].strip().strip("'\"") if lines else ""


def borrow(env: Path, loan: Borrowed) -> None:
    """Write the line; to be done after all installs, so that pip never sees the lender.

    Raises:
        SetupError: the environment has no folder for packages.
    """
    packages = _packages(env)
    record = {
        "python": str(loan.python),
        "folder": str(loan.folder),
        "torch": loan.torch,
        "torchvision": loan.torchvision,
        "names": list(NAMES),
    }
    text = json.dumps(record, indent=1, ensure_ascii=False)
    (packages / f"{MODULE}.json").write_text(text, encoding="utf-8")
    _inject(packages, MODULE)


def borrowed(env: Path) -> Borrowed | None:
    """What an environment borrows; None when it has a torch of its own."""
    for packages in site_packages(env):
        try:
            body = json.loads((packages / f"{MODULE}.json").read_text(encoding="utf-8"))
            python, folder = Path(body["python"]), Path(body["folder"])
            return Borrowed(python, folder, str(body["torch"]), str(body["torchvision"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def give_back(env: Path) -> None:
    """Remove every line of ours, so that pip works on the environment alone."""
    for packages in site_packages(env):
        for name in (MODULE, OPERATORS):
            for ending in (".pth", ".py", ".json"):
                (packages / f"{name}{ending}").unlink(missing_ok=True)


def name_operators(env: Path) -> None:
    """Add the file that names torchvision's two operators before its import."""
    _inject(_packages(env), OPERATORS)


def names_operators(env: Path) -> bool:
    """Whether that file is there."""
    return any((packages / f"{OPERATORS}.pth").exists() for packages in site_packages(env))


def _inject(packages: Path, module: str) -> None:
    shutil.copyfile(INJECTED / f"{module}.py", packages / f"{module}.py")
    (packages / f"{module}.pth").write_text(f"import {module}\n", encoding="utf-8")


def _packages(env: Path) -> Path:
    found = site_packages(env)
    if not found:
        raise SetupError(f"{env} is no virtual environment: remove it and build it again.")
    return found[0]
