"""Who may import whom, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.doors import names_of

ORDER = (
    "ground",
    "painting",
    "lora",
    "workspace",
    "environment",
    "jobs",
    "vision",
    "diffusion",
    "dataset",
    "settings",
    "curves",
    "preflight",
    "runs",
    "sweeps",
    "grids",
    "scores",
    "search",
    "class_images",
    "portraits",
    "reports",
    "actions",
    "nights",
    "worker",
    "ui",
    "api",
    "cli",
    "demo",
    "hosts",
)
"""The rooms from the ground up: each imports only from rooms before it."""

GROUND = "ground"
"""Single files at the top of the package, which any room may import."""

APART = (
    ("dataset", ("settings", "curves", "preflight", "runs", "sweeps", "grids", "scores")),
    ("dataset", ("search", "class_images", "portraits", "reports")),
    ("runs", ("grids", "scores", "class_images", "portraits")),
    ("sweeps", ("grids", "scores", "class_images", "portraits")),
)
"""Rooms that do not import each other: they meet in files."""

TORCH = ("torch", "diffusers", "transformers", "peft", "accelerate", "dadaptation", "prodigyopt")
PAGE_HOSTS = ("lib_t2p.ui", "lib_t2p.hosts")
HEAVY_PLACES = (
    "lib_t2p.diffusion",
    "lib_t2p.runs.trainers.builtin",
    "lib_t2p.hosts",
    "tools.build_base",
    # Files that run in the environments of the trainers.
    "lib_t2p.environment.injected",
)
WEBUI = ("modules", "modules_forge", "launch", "webui")
PLACES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TORCH, HEAVY_PLACES),
    "gradio": PAGE_HOSTS,
    "fastapi": ("lib_t2p.api",),
    **dict.fromkeys(WEBUI, ("lib_t2p.hosts.webui",)),
    **dict.fromkeys(("toml", "tomllib", "tomli"), ("lib_t2p.toml_io",)),
}
"""Foreign packages that may be imported in some places only."""


@dataclass(frozen=True)
class Import:
    """One import: which module, in which file and line, takes which name."""

    module: str
    target: str
    line: int
    names: tuple[str, ...] = ()
    """What is taken of `target`; empty when it is imported as a whole."""


def module_name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path, root: Path) -> Iterator[Import]:
    """Every import of a file, those inside functions and by name too."""
    module = module_name(file, root)
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = tuple(a.name for a in node.names) if isinstance(node, ast.ImportFrom) else ()
        for target in _targets(node, package):
            taken = () if target.rpartition(".")[0] == "lib_t2p" and target[8:] in names else names
            yield Import(module, target, getattr(node, "lineno", 0), taken)


def _targets(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            kept = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*kept, *([node.module] if node.module else [])])
        # `from lib_t2p import jobs` names a room in the alias.
        whole = base == "lib_t2p"
        return [f"{base}.{alias.name}" for alias in node.names] if whole else [base]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return [first.value]
    return []


def room(module: str) -> str:
    parts = module.split(".")
    name = parts[1] if len(parts) > 1 else ""
    return name if name in ORDER else GROUND


def breach(found: Import) -> str | None:
    """What is wrong with an import, or None."""
    top = found.target.split(".")[0]
    if top == "lib_t2p":
        return _breach_of_order(room(found.module), room(found.target))
    if top == "tools":
        return "tools are no part of the product"
    places = PLACES.get(top)
    if places is None or any(_inside(found.module, place) for place in places):
        return None
    return f"{top} only in {', '.join(places)}"


def _breach_of_order(source: str, target: str) -> str | None:
    if source == target:
        return None
    if any({source, target} == {one, other} for one, others in APART for other in others):
        return f"{source} and {target} meet in files"
    if source == "worker" and target == "actions":
        return "worker and actions meet in the queue"
    if ORDER.index(target) > ORDER.index(source):
        return f"{target} lies above {source}"
    return None


def _inside(module: str, place: str) -> bool:
    return module == place or module.startswith(place + ".")


def past_the_door(found: Import, root: Path) -> str | None:
    """What an import takes from the inside of another room, or None."""
    if not found.target.startswith("lib_t2p.") or room(found.target) == GROUND:
        return None
    if room(found.target) == room(found.module):
        return None
    init = root.joinpath(*found.target.split("."), "__init__.py")
    if not init.is_file():
        return "a file inside another room: its door names what may be used"
    offered = {*names_of(init.read_text(encoding="utf-8"))}
    inner = {one.parent.name for one in init.parent.glob("*/__init__.py")}
    missing = [name for name in found.names if name not in offered | inner]
    return f"{', '.join(missing)}: not named by the door" if missing else None


def breaches(root: Path) -> list[str]:
    """All breaches under `root`/lib_t2p, one sentence each."""
    found = []
    for file in sorted((root / "lib_t2p").rglob("*.py")):
        for one in imports_of(file, root):
            fault = breach(one) or past_the_door(one, root)
            if fault:
                found.append(f"{one.module}:{one.line} imports {one.target}: {fault}")
    return found
