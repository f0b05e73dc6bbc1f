"""Nothing that is no longer used stays: vulture, with a short allow-list."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from unused_names import (
    FOLDERS_READ_BY_OTHERS,
    READ_BY_NAME,
    READ_BY_OTHERS,
    STAND_INS,
    TABLES,
)

from lib_t2p.jobs import JOB_KINDS

pytestmark = pytest.mark.slow

vulture = pytest.importorskip("vulture")

LOOKED_AT = ("lib_t2p", "scripts", "tools", "benchmarks", "t2p.py", "install.py", "preload.py")
REGISTERED_BY = ("@attack", "@router.*", "@app.*", "@validator", "@field_validator")
"""Decorators that hand a function to a table or to a package."""
PASSED_OVER = (*FOLDERS_READ_BY_OTHERS, *STAND_INS, *TABLES)


def unused(root: Path) -> Iterator[tuple[str, str]]:
    """(name, "file:line") of what vulture finds unused in the product; tests do not count."""
    found = vulture.Vulture(ignore_decorators=[*REGISTERED_BY])
    found.scavenge([str(root / name) for name in LOOKED_AT])
    for item in found.get_unused_code(min_confidence=60):
        place = os.path.relpath(item.filename, root).replace(os.sep, "/")
        if not place.startswith(PASSED_OVER):
            yield item.name, f"{place}:{item.first_lineno}"


@pytest.fixture(scope="module")
def found() -> list[tuple[str, str]]:
    return list(unused(Path(__file__).resolve().parents[1]))


def test_no_code_is_left_that_nobody_uses(found: list[tuple[str, str]]) -> None:
    jobs = {row.function.rpartition(":")[2] for row in JOB_KINDS.values()}
    allowed = {*READ_BY_OTHERS, *READ_BY_NAME, *jobs}
    assert [f"{place} {name}" for name, place in found if name not in allowed] == []


def test_the_allow_list_names_nothing_that_is_gone_or_used(found: list[tuple[str, str]]) -> None:
    names = {name for name, _ in found}
    assert [name for name in (*READ_BY_OTHERS, *READ_BY_NAME) if name not in names] == []


def test_a_function_that_nobody_calls_is_found(tmp_path: Path) -> None:
    (tmp_path / "lib_t2p").mkdir()
    (tmp_path / "lib_t2p" / "left.py").write_text("def left_over():\n    return 1\n")
    for name in LOOKED_AT[1:]:
        (tmp_path / name).mkdir() if "." not in name else (tmp_path / name).touch()
    assert list(unused(tmp_path)) == [("left_over", "lib_t2p/left.py:1")]
