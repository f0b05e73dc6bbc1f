"""Where a demo stands, so that a second start goes on instead of beginning again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import PersonFolder

SCHEMA = 1


@dataclass(frozen=True)
class DemoRecord:
    """Job ids and names of the demo under way; empty where a stage has not begun.

    Attributes:
        number: of this demo, counted from 1; part of the names of its run and grid.
        import_job: photos into the workspace.
        build_job: photos to dataset.
        run_job: the training.
        grid_jobs: plan, cells, scores, report.
        done: the report was shown; the next demo starts over.
    """

    number: int = 1
    import_job: str = ""
    build_job: str = ""
    run_job: str = ""
    grid_jobs: tuple[str, ...] = ()
    done: bool = False

    @property
    def run(self) -> str:
        """Name of the run."""
        return f"demo-{self.number:02d}"

    @property
    def grid(self) -> str:
        """Name of the grid."""
        return f"demo-{self.number:02d}"


def current_record(folder: PersonFolder) -> DemoRecord:
    """The unfinished demo, or a fresh one with the next number."""
    path = folder.root / "demo.json"
    if not path.exists():
        return DemoRecord()
    body = read_record(path, SCHEMA)
    del body["schema"]
    record = DemoRecord(**{**body, "grid_jobs": tuple(body["grid_jobs"])})
    return DemoRecord(number=record.number + 1) if record.done else record


def keep_record(folder: PersonFolder, record: DemoRecord, **changes: object) -> DemoRecord:
    """Store the record with some fields changed; gives the changed one."""
    changed = replace(record, **changes)  # type: ignore[arg-type]
    write_record(folder.root / "demo.json", SCHEMA, asdict(changed))
    return changed
