"""Records and names that no reader of ours may stumble over."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.infotext import read_infotext
from lib_t2p.workspace.person import open_workspace


@pytest.mark.parametrize("text", ["9" * 5000, '{"schema": ' + "9" * 5000 + "}", "[" * 100_000])
def test_a_record_with_numbers_or_depth_beyond_all_use_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"a\.json cannot be read"):
        read_record(path, 1)


def test_a_job_named_with_half_a_letter_is_none(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no job") as told:
        Queue(open_workspace(tmp_path)).get("x\udcff")
    assert not isinstance(told.value, UnicodeError)


def test_a_quoted_value_of_an_infotext_that_is_no_json_stays_as_it_is() -> None:
    text = 'p\nSteps: 1, Seed: 2, Size: 8x8, Note: "a\\q"'
    assert read_infotext(text).parameters["Note"] == '"a\\q"'
