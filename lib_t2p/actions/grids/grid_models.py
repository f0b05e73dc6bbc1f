"""The saved models of a person that a grid may compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lib_t2p.errors import T2PError
from lib_t2p.grids.axes import GridModel
from lib_t2p.runs import Run, SavedModel, read_run, saved_models
from lib_t2p.workspace import PersonFolder, RunFolder


@dataclass(frozen=True)
class KnownModel:
    """A saved model of a person with its run."""

    folder: RunFolder
    run: Run
    model: SavedModel

    def as_tested(self, labels: Mapping[str, str] | None = None) -> GridModel:
        """The model as a grid names it.

        Args:
            labels: stem -> what people read; run and epoch for models that it does not name.
        """
        model = self.model
        label = f"{self.folder.id} epoch {model.epoch}"
        label = labels.get(model.stem, label) if labels else label
        return GridModel(model.path, model.stem, label, self.folder.id, model.epoch)


def known_models(person: PersonFolder) -> dict[str, KnownModel]:
    """All saved models by stem; the run that was changed last comes first, epochs in order."""
    found: dict[str, KnownModel] = {}
    for folder in sorted(person.runs(), key=_changed, reverse=True):
        try:
            run = read_run(folder)
        except T2PError:
            continue
        found |= {saved.stem: KnownModel(folder, run, saved) for saved in saved_models(folder)}
    return found


def _changed(folder: RunFolder) -> float:
    return max((saved.path.stat().st_mtime for saved in saved_models(folder)), default=0.0)
