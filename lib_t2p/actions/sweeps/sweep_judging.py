"""What is known of a run of a sweep before it starts: refused, warned of, and how long it takes."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.actions.runs.runs import machine_of
from lib_t2p.errors import T2PError
from lib_t2p.preflight.checks import errors, findings, gather_facts
from lib_t2p.runs.trainers import trainer_named
from lib_t2p.settings import settings_from
from lib_t2p.sweeps import Judgement, SweepRun, repeated_data
from lib_t2p.workspace import PersonFolder, SweepFolder, Workspace


class RunJudge:
    """Judges the runs of a sweep as a single run is judged before it starts.

    Args:
        workspace: where this machine's measurements lie.
        person: whose datasets are trained on.
        scratch: a folder in which photos may be linked under other repeats for a moment.
    """

    def __init__(self, workspace: Workspace, person: PersonFolder, scratch: Path) -> None:
        self._person = person
        self._scratch = SweepFolder(scratch)
        self._machine = machine_of(workspace)

    def __call__(self, run: SweepRun) -> Judgement:
        """Judge a run whose settings passed their own checks."""
        point = run.point
        try:
            trainer_named(point.trainer)
            dataset = self._person.dataset(point.dataset)
            values = dict(point.settings)
            if point.photo_repeats:
                data = repeated_data(self._scratch, dataset, point.photo_repeats)
                values["train_data_dir"] = str(data)
            settings = settings_from(values)
        except T2PError as error:
            return Judgement(errors=(str(error),))
        facts = gather_facts(
            settings,
            dataset.root,
            checkpoint=Path(point.checkpoint),
            trainer=point.trainer,
            machine=self._machine,
        )
        found = findings(settings, facts)
        return Judgement(
            minutes=facts.forecast.minutes if facts.forecast else None,
            basis=facts.forecast.basis if facts.forecast else "",
            disk_bytes=facts.forecast.disk_bytes if facts.forecast else 0,
            errors=tuple(finding.what for finding in errors(found)),
            warnings=tuple(f.sentence for f in found if f.severity == "warning"),
        )
