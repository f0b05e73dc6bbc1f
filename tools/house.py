"""The figures of the house: `python -m tools.house` prints them, with what exceeds its limit."""

from __future__ import annotations

import argparse
import ast
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lib_t2p.doors import names_of

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class House:
    """The source of one package, read without running it.

    Attributes:
        root: folder that holds the package.
        package: its name.
    """

    root: Path
    package: str = "lib_t2p"

    @cached_property
    def files(self) -> dict[str, Path]:
        """Module -> file."""
        found = sorted((self.root / self.package).rglob("*.py"))
        return {self._module(file): file for file in found}

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """Module -> its syntax tree."""
        return {m: ast.parse(f.read_text(encoding="utf-8")) for m, f in self.files.items()}

    @cached_property
    def lengths(self) -> dict[str, int]:
        """Module -> lines."""
        return {m: len(f.read_text(encoding="utf-8").splitlines()) for m, f in self.files.items()}

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """Module -> modules that it imports anywhere, through doors too."""
        return {m: set(self._targets(m)) - {m} for m in self.files}

    @cached_property
    def folders(self) -> dict[str, set[str]]:
        """Package -> packages that a file of it imports from."""
        found: dict[str, set[str]] = defaultdict(set)
        for module, targets in self.imports.items():
            found[self.folder(module)] |= {self.folder(t) for t in targets}
        return {folder: targets - {folder} for folder, targets in found.items()}

    def folder(self, module: str) -> str:
        """The package that a module lies in."""
        is_package = self.files[module].name == "__init__.py"
        return module if is_package else module.rpartition(".")[0]

    def _module(self, file: Path) -> str:
        parts = file.relative_to(self.root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def _targets(self, module: str) -> Iterable[str]:
        for node in _imports(self.trees[module]):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.Import):
                yield from (n for n in names if n in self.files)
            elif node.module in self.files:
                yield from (self._defined(node.module or "", n) for n in names)

    def _defined(self, module: str, name: str) -> str:
        """The module that gives `name`: an inner module, or the one behind a door."""
        if f"{module}.{name}" in self.files:
            return f"{module}.{name}"
        file = self.files[module]
        if file.name != "__init__.py":
            return module
        behind = names_of(file.read_text(encoding="utf-8")).get(name)
        return behind if behind in self.files and behind else module


def _imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a file; what stands in a door for its readers is none."""
    door = any(
        isinstance(n, ast.If) and isinstance(n.test, ast.UnaryOp) and "TYPE_CHECKING" in ast.dump(n)
        for n in tree.body
    )
    hidden = {id(i) for n in tree.body if door and isinstance(n, ast.If) for i in ast.walk(n)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and id(node) not in hidden
    ]


def circles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Groups of nodes that reach each other, by Tarjan's algorithm (1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(graph.get(node, ())):
            if target not in index:
                visit(target)
            if target in stack:
                low[node] = min(low[node], low[target])
        if low[node] == index[node]:
            at = stack.index(node)
            group = sorted(stack[at:])
            del stack[at:]
            if len(group) > 1:
                found.append(group)

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def longest_chain(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """The longest path of imports; modules of one circle count as one."""
    known: dict[str, list[str]] = {}
    open_: set[str] = set()

    def chain(node: str) -> list[str]:
        if node in open_:
            return []
        if node not in known:
            open_.add(node)
            longest = max((chain(t) for t in sorted(graph.get(node, ()))), key=len, default=[])
            open_.discard(node)
            known[node] = [node, *longest]
        return known[node]

    return max((chain(node) for node in sorted(graph)), key=len, default=[])


def public_classes(house: House) -> dict[str, list[str]]:
    """Name of a public class -> the modules that define it."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, tree in house.trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(module)
    return dict(found)


def function_lengths(house: House) -> dict[str, int]:
    """Module.function -> lines from `def` to its end, without its docstring."""
    found = {}
    for module, tree in house.trees.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                told = node.body[0] if ast.get_docstring(node) else None
                words = (told.end_lineno or 0) - told.lineno + 1 if told else 0
                lines = (node.end_lineno or 0) - node.lineno + 1 - words
                found[f"{module}.{node.name}:{node.lineno}"] = lines
    return found


@dataclass(frozen=True)
class Figure:
    """One figure of the house.

    Attributes:
        name: what is counted.
        value: how many.
        least, most: the range that is kept; None where there is no such end.
        which: the things that were counted, for `--which`.
    """

    name: str
    value: float
    least: float | None = None
    most: float | None = None
    which: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it lies within its range."""
        low = self.least is None or self.value >= self.least
        return low and (self.most is None or self.value <= self.most)


def figures(house: House) -> list[Figure]:
    """All figures, in the order in which they are printed."""
    lengths = house.lengths
    stems = Counter(m.rpartition(".")[2] for m, f in house.files.items() if f.stem != "__init__")
    twice = sorted(f"{name} {n}" for name, n in stems.items() if n > 1 and name != "__main__")
    rooms = circles(house.folders)
    chain = longest_chain(house.imports)
    classes = sorted(
        f"{name}: {', '.join(places)}"
        for name, places in public_classes(house).items()
        if len(places) > 1
    )
    functions = function_lengths(house)
    long = sorted(name for name, n in functions.items() if n > 50)
    importers = Counter(t for targets in house.imports.values() for t in targets)
    lonely = sorted(f"{m} {lengths[m]}" for m in lengths if lengths[m] <= 60 and importers[m] == 1)
    return [
        Figure("files", len(lengths), most=520),
        Figure("lines", sum(lengths.values()), most=66_500),
        Figure("circles between folders", len(rooms), most=0, which=_texts(rooms)),
        Figure("circles between files", len(c := circles(house.imports)), most=0, which=_texts(c)),
        Figure("longest import chain", len(chain), most=16, which=tuple(chain)),
        Figure("module names used twice", len(twice), most=12, which=tuple(twice)),
        Figure("public class names used twice", len(classes), most=0, which=tuple(classes)),
        Figure("median lines of a file", statistics.median(lengths.values()), 80, 130),
        Figure("lines of the longest file", max(lengths.values()), most=400),
        Figure(
            "functions over 50 lines, %",
            round(100 * len(long) / len(functions), 2),
            None,
            0.3,
            tuple(long),
        ),
        Figure("files of 60 lines or fewer with one importer", len(lonely), which=tuple(lonely)),
    ]


def _texts(groups: Iterable[list[str]]) -> tuple[str, ...]:
    return tuple(", ".join(group) for group in groups)


def main(arguments: list[str]) -> int:
    """Print the figures; 1 when one is out of its range."""
    parser = argparse.ArgumentParser(prog="python -m tools.house", description=__doc__)
    parser.add_argument("--which", action="store_true", help="name what was counted")
    args = parser.parse_args(arguments)
    shown = figures(House(ROOT))
    for one in shown:
        limits = " to ".join(f"{x:,}" for x in (one.least, one.most) if x is not None)
        mark = "" if one.holds else "  <- out of range"
        print(f"{one.name:46} {one.value:>9,g} {limits and f'({limits})'}{mark}")
        for text in one.which if args.which else ():
            print(f"    {text}")
    return 0 if all(one.holds for one in shown) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
