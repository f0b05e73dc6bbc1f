"""Who may import whom, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE = 0
LAYERS: dict[str, int] = {
    "hosts": 6,
    "ui": 5,
    "api": 5,
    "cli": 5,
    "demo": 5,
    "actions": 4,
    "worker": 4,
    "dataset": 3,
    "training": 3,
    "generation": 3,
    "overnight": 3,
    "jobs": 2,
    "diffusion": 2,
    "painting": 2,
    "vision": 2,
    "lora": 2,
}
"""Rooms by height; a room that is not named lies at the base."""

ISOLATED = frozenset({"dataset", "training", "generation"})
"""They meet in files."""

ACTING = "lib_t2p.worker.overnight"
"""Chains jobs as a person would, by the actions that the person's clicks call."""

TORCH = ("torch", "diffusers", "transformers", "peft", "accelerate", "dadaptation", "prodigyopt")
PAGE_HOSTS = ("lib_t2p.ui", "lib_t2p.hosts")
HEAVY_PLACES = (
    "lib_t2p.diffusion",
    "lib_t2p.training.trainers.builtin",
    "lib_t2p.hosts",
    "lib_t2p.demo.build_base",
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


def module_name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path, root: Path) -> Iterator[Import]:
    """Every import of a file, those inside functions and by name too."""
    module = module_name(file, root)
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for target in _targets(node, package):
            yield Import(module, target, getattr(node, "lineno", 0))


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
    return parts[1] if len(parts) > 1 else ""


def breach(found: Import) -> str | None:
    """What is wrong with an import, or None."""
    top = found.target.split(".")[0]
    if top == "lib_t2p":
        if _inside(found.module, ACTING) and room(found.target) == "actions":
            return None
        return _breach_of_layers(room(found.module), room(found.target))
    places = PLACES.get(top)
    if places is None or any(_inside(found.module, place) for place in places):
        return None
    return f"{top} only in {', '.join(places)}"


def _breach_of_layers(source: str, target: str) -> str | None:
    if source == target:
        return None
    if {source, target} <= ISOLATED:
        return f"{source} and {target} meet in files"
    if source == "worker" and target == "actions":
        return "worker imports dataset, training, generation and what lies below"
    if LAYERS.get(source, BASE) < LAYERS.get(target, BASE):
        return f"{target} lies above {source or 'the package'}"
    if {source, target} == {"worker", "actions"}:
        return "worker and actions meet in the queue"
    return None


def _inside(module: str, place: str) -> bool:
    return module == place or module.startswith(place + ".")


def breaches(root: Path) -> list[str]:
    """All breaches under `root`/lib_t2p, one sentence each."""
    found = []
    for file in sorted((root / "lib_t2p").rglob("*.py")):
        for one in imports_of(file, root):
            fault = breach(one)
            if fault:
                found.append(f"{one.module}:{one.line} imports {one.target}: {fault}")
    return found
