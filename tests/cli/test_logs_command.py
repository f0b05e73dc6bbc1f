from __future__ import annotations

import io
import json
from argparse import Namespace
from pathlib import Path

import pytest

from lib_t2p.cli import logs_commands as logs
from lib_t2p.cli_output import Output
from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.slow

BAD = {
    "Batch Size/GR 1.02/11": ["short-warmup"],
    "Precision/GR 1.02/fp16_full_fp16": ["lr-stuck"],
    "Total Steps/GR 1.02/1650": ["short-warmup"],
}


def call(folder: Path, workspace: Path, **more: object) -> str:
    stream = io.StringIO()
    args = {"folder": folder, "report": None, "plots": None, "json": False, **more}
    logs.logs(Namespace(**args), Workspace(workspace), Output(stream))
    return stream.getvalue()


def test_json_names_exactly_the_guides_bad_runs(shared: Path, tmp_path: Path) -> None:
    told = json.loads(call(shared / "guide" / "logs", tmp_path, json=True))
    found = {r["run"]: [f["code"] for f in r["findings"]] for r in told if r["findings"]}
    assert found == BAD
    assert list(tmp_path.iterdir()) == []


def test_the_report_needs_nothing_else_and_tells_the_tracks(shared: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    folder = shared / "guide" / "logs" / "Network Rank"
    report = tmp_path / "out" / "my report.html"
    told = call(folder, tmp_path / "workspace", report=report, plots=tmp_path / "plots")
    html = report.read_text(encoding="utf-8")
    assert "0.0917 and 0.0867" in html
    assert "a steady factor of 1.047" in html
    assert "are noise" not in html
    assert html.count("data:image/png") == 4
    assert "http" not in html
    assert 'src="/' not in html
    assert str(report) in told
    assert len(list((tmp_path / "plots").rglob("*.png"))) == 4
