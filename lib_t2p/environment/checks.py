"""`t2p.py test`: ruff, mypy, the tabs on gradio 3, then all tests with pytest's summary last."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.builder import Builder
from lib_t2p.environment.definitions import CORE, DEV, GRADIO3
from lib_t2p.environment.launching import cli_variables

COVERAGE_FLOOR = 85
"""Percent of the core's lines that the tests must reach."""

ON_GRADIO3 = ("tests/ui", "tests/test_host_safe.py")

MOST_AT_ONCE = 8
"""Tests that run at once; each may hold a small model, some 600 MB."""

QUICK = "--quick"
"""No browser, no training, no environment: what a person runs who changes a line."""

NO_TESTS_RAN = 5
"""pytest's exit code when it found none."""


@dataclass(frozen=True)
class Check:
    """One tool to run.

    Attributes:
        name: how it is called in the summary.
        argv: with the interpreter.
        passing: exit codes that mean success.
    """

    name: str
    argv: tuple[str, ...]
    passing: tuple[int, ...] = (0,)


def checks(
    core: Path, gradio3: Path | None, root: Path, arguments: Sequence[str]
) -> tuple[list[Check], Check]:
    """What runs.

    Args:
        core: interpreter with ruff, mypy and pytest.
        gradio3: interpreter with gradio 3.41.2; None leaves its tests out.
        root: the checkout.
        arguments: for the main pytest; any of them drops the coverage floor. `--quick` alone
            stands for the tests that are neither slow nor need a browser.

    Returns:
        The checks that come first, and the main run of pytest.
    """
    module = (str(core), "-m")
    first = [
        Check("ruff check", (*module, "ruff", "check", ".")),
        Check("ruff format", (*module, "ruff", "format", "--check", ".")),
        Check("mypy", (*module, "mypy")),
    ]
    present = [name for name in ON_GRADIO3 if (root / name).exists()]
    if gradio3 and present:
        argv = (str(gradio3), "-m", "pytest", "-q", *at_once(), *present)
        first.append(Check("tabs on gradio 3.41.2", argv, (0, NO_TESTS_RAN)))
    coverage = ("--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={COVERAGE_FLOOR}")
    whole = (*at_once(), *coverage)
    return first, Check("pytest", (*module, "pytest", *(_asked(arguments) or whole)))


def at_once() -> tuple[str, ...]:
    """pytest's arguments to run tests on every core, those of one file on one, in their order."""
    count = max(1, min(MOST_AT_ONCE, os.cpu_count() or 1))
    return "-n", str(count), "--dist", "loadfile", "--no-loadscope-reorder"


def _asked(arguments: Sequence[str]) -> tuple[str, ...]:
    if QUICK not in arguments:
        return tuple(arguments)
    others = tuple(one for one in arguments if one != QUICK)
    return (*at_once(), "-q", "-m", "not slow and not browser", *others)


def run_checks(
    builder: Builder,
    arguments: Sequence[str],
    run: Callable[[Sequence[str], Path], int] | None = None,
) -> int:
    """Build what the checks need and run them all.

    Args:
        builder: of the environments.
        arguments: for pytest; a path or `--quick` leaves the tests on gradio 3 out.
        run: runs a program in a folder and returns its exit code.

    Returns:
        0 when every check passed, else 1.

    Raises:
        SetupError: an environment could not be built.
    """
    core = builder.ensure(CORE)
    builder.ensure(DEV)
    names_paths = any(not argument.startswith("-") for argument in arguments)
    few = names_paths or QUICK in arguments
    gradio3 = None if few else builder.ensure(GRADIO3)
    first, main = checks(core, gradio3, builder.root, arguments)
    execute = run or run_here
    results = []
    for check in first:
        builder.progress.line(f"== {check.name}")
        results.append((check.name, execute(check.argv, builder.root) in check.passing))
    builder.progress.line(
        "== " + ", ".join(f"{n}: {'ok' if ok else 'FAILED'}" for n, ok in results)
    )
    passed = execute(main.argv, builder.root) == 0
    return 0 if passed and all(ok for _, ok in results) else 1


def run_here(argv: Sequence[str], folder: Path) -> int:
    """Run a program in `folder`, its output on ours."""
    return subprocess.run(argv, cwd=folder, env=cli_variables(folder), check=False).returncode
