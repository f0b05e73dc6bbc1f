"""The folders on disk: the only module, with `workspace_folders`, that knows where things lie."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.ranges import whole_number
from lib_t2p.errors import WorkspaceError
from lib_t2p.files import is_intact, read_record, slug, slug_ending, write_record
from lib_t2p.typed_paths import home_path
from lib_t2p.workspace.folders import DatasetFolder, GridFolder, JobFolder, NightFolder
from lib_t2p.workspace.photos import PhotoFolders

__all__ = [
    "SCHEMA",
    "DatasetFolder",
    "GridFolder",
    "JobFolder",
    "NightFolder",
    "PersonFolder",
    "PhotoSet",
    "RunFolder",
    "SweepFolder",
    "Workspace",
    "open_workspace",
]

SCHEMA = 1
"""Version of the folder layout."""


@dataclass(frozen=True)
class RunFolder:
    """One training: settings, state, logs, samples and saved models."""

    root: Path

    @property
    def id(self) -> str:
        """Name of the run, unique within its person."""
        return self.root.name

    @property
    def person(self) -> PersonFolder:
        """Whose run it is."""
        return PersonFolder(self.root.parent.parent)

    @property
    def settings(self) -> Path:
        """The checked settings."""
        return self.root / "settings.toml"

    @property
    def command(self) -> Path:
        """The launched program and its process (pid and creation time)."""
        return self.root / "command.json"

    @property
    def state(self) -> Path:
        """What is known of the run: epochs saved, resumes, end."""
        return self.root / "state.json"

    @property
    def forecast(self) -> Path:
        """Minutes forecast before the start; missing where nothing was known to go by."""
        return self.root / "forecast.json"

    @property
    def marks(self) -> Path:
        """Epochs that are worse than the rest; missing where there are none."""
        return self.root / "marks.json"

    @property
    def report(self) -> Path:
        """Self-contained page of this run."""
        return self.root / "report.html"

    @property
    def stdout(self) -> Path:
        """What the trainer printed."""
        return self.root / "stdout.txt"

    @property
    def stderr(self) -> Path:
        """What the trainer printed to its error stream."""
        return self.root / "stderr.txt"

    @property
    def tb(self) -> Path:
        """TensorBoard event files."""
        return self.root / "tb"

    @property
    def samples(self) -> Path:
        """Sample images, by epoch."""
        return self.root / "samples"

    @property
    def model(self) -> Path:
        """Saved models of each epoch, and training states."""
        return self.root / "model"

    @property
    def states(self) -> Path:
        """Training states, and what a trainer has not written whole yet."""
        return self.model / "state"

    @property
    def trainer(self) -> Path:
        """What only the trainer reads: its configuration and how it was launched."""
        return self.root / "trainer"


@dataclass(frozen=True)
class SweepFolder:
    """Runs that differ in named settings, and the page that compares them."""

    root: Path

    @property
    def id(self) -> str:
        """Name of the sweep, unique within its person."""
        return self.root.name

    @property
    def person(self) -> PersonFolder:
        """Whose sweep it is."""
        return PersonFolder(self.root.parent.parent)

    @property
    def record(self) -> Path:
        """Base settings, axes, repeats."""
        return self.root / "sweep.toml"

    @property
    def forecast(self) -> Path:
        """Minutes forecast before the start, and which runs were refused."""
        return self.root / "forecast.json"

    @property
    def search(self) -> Path:
        """How a search chooses among the runs; missing for a sweep that trains all of them."""
        return self.root / "search.json"

    @property
    def study(self) -> Path:
        """What the search knows: Optuna's SQLite file."""
        return self.root / "search.sqlite"

    @property
    def data(self) -> Path:
        """Training folders with other repeats, by hard links into the dataset."""
        return self.root / "data"

    @property
    def plots(self) -> Path:
        """Plots of the curves, and their numbers as CSV."""
        return self.root / "plots"

    @property
    def results(self) -> Path:
        """What came of each run, for the tab."""
        return self.root / "results.json"

    @property
    def page(self) -> Path:
        """Self-contained page."""
        return self.root / "sweep.html"


@dataclass(frozen=True)
class PersonFolder(PhotoFolders):
    """Everything of one person."""

    @property
    def workspace(self) -> Workspace:
        """Where the person lives."""
        return Workspace(self.root.parent.parent)

    @property
    def slug(self) -> str:
        """The folder name made from the person's name."""
        return self.root.name

    @property
    def record(self) -> Path:
        """Name, trigger, class word, consent note."""
        return self.root / "person.toml"

    @property
    def report(self) -> Path:
        """Self-contained page of all that is known of the person's LoRAs."""
        return self.root / "report.html"

    @property
    def class_photos(self) -> PhotoSet:
        """Photos of other people of the class, for regularisation."""
        return PhotoSet(self.root / "class_photos")

    def dataset(self, number: int) -> DatasetFolder:
        """The folder of dataset version `number`."""
        return DatasetFolder(self.root / "datasets" / f"{number:03d}")

    def datasets(self) -> list[DatasetFolder]:
        """Finished versions (those with a manifest), oldest first."""
        found = [d for d in _folders(self.root / "datasets") if whole_number(d.name) is not None]
        return [DatasetFolder(d) for d in found if DatasetFolder(d).manifest.exists()]

    def next_dataset(self) -> DatasetFolder:
        """A number no finished or half-written version has used."""
        used = [whole_number(d.name) or 0 for d in _folders(self.root / "datasets")]
        return self.dataset(max(used, default=0) + 1)

    def run(self, run_id: str) -> RunFolder:
        """The folder of a run; `run_id` is made a slug."""
        return RunFolder(self.root / "runs" / slug(run_id))

    def runs(self) -> list[RunFolder]:
        """Runs that have settings, by name."""
        found = (RunFolder(d) for d in _folders(self.root / "runs"))
        return [r for r in found if r.settings.exists()]

    def grid(self, grid_id: str) -> GridFolder:
        """The folder of a grid; `grid_id` is made a slug."""
        return GridFolder(self.root / "grids" / slug(grid_id))

    def grid_of(self, owner: str, ending: str) -> GridFolder:
        """The folder of a grid that belongs to something of this name and ends so."""
        return GridFolder(self.root / "grids" / slug_ending(owner, ending))

    def grids(self) -> list[GridFolder]:
        """Grids that have a plan, by name."""
        found = (GridFolder(d) for d in _folders(self.root / "grids"))
        return [g for g in found if g.plan.exists()]

    def sweep(self, sweep_id: str) -> SweepFolder:
        """The folder of a sweep; `sweep_id` is made a slug."""
        return SweepFolder(self.root / "sweeps" / slug(sweep_id))

    def sweeps(self) -> list[SweepFolder]:
        """Sweeps that have a record, by name."""
        found = (SweepFolder(d) for d in _folders(self.root / "sweeps"))
        return [s for s in found if s.record.exists()]

    def night(self, night_id: str) -> NightFolder:
        """The folder of a night; `night_id` is made a slug."""
        return NightFolder(self.root / "nights" / slug(night_id))

    def nights(self) -> list[NightFolder]:
        """Nights that have a record, by name."""
        found = (NightFolder(d) for d in _folders(self.root / "nights"))
        return [n for n in found if n.record.exists()]


@dataclass(frozen=True)
class PhotoSet(PersonFolder):
    """Photos of nobody in particular: imported and looked at as a person's are."""

    @property
    def workspace(self) -> Workspace:
        """Where the set lies."""
        return Workspace(self.root.parent.parent.parent)

    @property
    def record(self) -> Path:
        """What a generated set was painted from."""
        return self.root / "set.json"


@dataclass(frozen=True)
class Workspace:
    """The root of all data; make one with `open_workspace`."""

    root: Path

    @property
    def database(self) -> Path:
        """Queue, leases and heartbeats."""
        return self.root / "t2p.sqlite"

    @property
    def pause(self) -> Path:
        """There while the queue is held: since when, until when."""
        return self.root / "pause.json"

    @property
    def notices(self) -> Path:
        """What was repaired by itself, a sentence a line."""
        return self.root / "notices.jsonl"

    @property
    def retention(self) -> Path:
        """What a person agreed to for all verdicts to come."""
        return self.root / "retention.json"

    @property
    def preferences(self) -> Path:
        """What a person set for the processes of this workspace."""
        return self.root / "preferences.json"

    @property
    def cache(self) -> Path:
        """What can be computed again: embeddings, latents, measurements."""
        return self.root / "cache"

    def painted_class(self, key: str) -> PhotoSet:
        """Generated regularisation images: by what they were painted from."""
        return PhotoSet(self.cache / "regularisation" / slug(key))

    @property
    def uploads(self) -> Path:
        """Where a page of ours keeps what was uploaded; emptied at each start."""
        return self.cache / "uploads"

    @property
    def recipes(self) -> Path:
        """Recipes that people saved, one TOML file each."""
        return self.root / "recipes"

    @property
    def logs(self) -> Path:
        """Log files of the worker and the painter."""
        return self.root / "logs"

    def imported_logs(self, name: str) -> Path:
        """Plots and report of somebody's TensorBoard logs."""
        return self.root / "imported_logs" / slug(name)

    @property
    def loras(self) -> Path:
        """Where LoRAs must lie to be painted: the open WebUI's folder, else the studio's own."""
        named = self._loras_record
        if named.exists():
            with suppress(WorkspaceError, KeyError, ValueError):
                # A damaged record names nothing; an open WebUI writes it anew.
                folder = Path(str(read_record(named, SCHEMA)["folder"]))
                if folder.is_dir():
                    return folder
        return self.root / "models" / "Lora"

    def use_loras(self, folder: Path) -> None:
        """Take a WebUI's folder of LoRAs for this workspace's from now on."""
        if self.loras != folder:
            write_record(self._loras_record, SCHEMA, {"folder": str(folder)})

    @property
    def _loras_record(self) -> Path:
        return self.root / "loras.json"

    @property
    def checkpoints(self) -> Path:
        """Where a standalone studio looks for base checkpoints."""
        return self.root / "models" / "Stable-diffusion"

    @property
    def jobs(self) -> Path:
        """One folder per job."""
        return self.root / "jobs"

    def job(self, job_id: str) -> JobFolder:
        """The folder of a job."""
        return JobFolder(self.jobs / slug(job_id))

    def person(self, name: str) -> PersonFolder:
        """The folder of a person; `name` is made a slug, so it stays inside the workspace."""
        return PersonFolder(self.root / "people" / slug(name))

    def people(self) -> list[PersonFolder]:
        """People that have a record, by folder name."""
        found = (PersonFolder(d) for d in _folders(self.root / "people"))
        return [p for p in found if p.record.exists()]


def open_workspace(root: Path) -> Workspace:
    """Open a workspace, making the folder on first use.

    Raises:
        WorkspaceError: it cannot be made or written, or is a file.
        NewerSchemaError: a newer version made it.
    """
    root = home_path(str(root), WorkspaceError)
    if root.exists() and not root.is_dir():
        raise WorkspaceError(f"{root} is a file: name a folder for the workspace.")
    record = root / "workspace.json"
    if not is_intact(record, SCHEMA):
        write_record(record, SCHEMA, {"made_by": "Text to Person"})
    return Workspace(root)


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(d for d in parent.iterdir() if d.is_dir())
