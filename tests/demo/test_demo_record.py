from pathlib import Path

from lib_t2p.demo.record import DemoRecord, current_record, keep_record
from lib_t2p.workspace.person import open_workspace


def test_an_unfinished_demo_goes_on_and_a_finished_one_begins_anew(tmp_path: Path) -> None:
    folder = open_workspace(tmp_path).person("NASA portrait")
    record = current_record(folder)
    assert record == DemoRecord()
    record = keep_record(folder, record, run_job="j1", grid_jobs=("a", "b"))
    assert current_record(folder) == record
    keep_record(folder, record, done=True)
    after = current_record(folder)
    assert (after.number, after.run, after.run_job) == (2, "demo-02", "")
