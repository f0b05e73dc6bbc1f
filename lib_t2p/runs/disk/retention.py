"""Which saved models are kept: all until a verdict, then the best few and the last."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from lib_t2p.lora import FOLDER as TRIAL
from lib_t2p.runs.runs import SavedModel, saved_models
from lib_t2p.workspace import RunFolder

BEST = 3
"""So many of a run's models are kept after each verdict, and its last one."""


def passed_over(run: RunFolder, verdicts: Collection[Sequence[str]]) -> list[SavedModel]:
    """The models of a run that no verdict keeps; none before its first verdict.

    Args:
        run: whose models.
        verdicts: for each judged grid the stems of its models, best first.
    """
    models = saved_models(run)
    stems = {model.stem for model in models}
    rankings = [[stem for stem in verdict if stem in stems] for verdict in verdicts]
    if not any(rankings):
        return []
    kept = {models[-1].stem} | {stem for ranking in rankings for stem in ranking[:BEST]}
    return [model for model in models if model.stem not in kept]


def passed_over_trials(
    lora_root: Path, known: Mapping[str, Sequence[Path]], model: Path
) -> list[Path] | None:
    """The files of `_trial` that go with a model; None when the model must stay.

    It stays when it lies under its name anywhere else below the folder of LoRAs, or when it has a
    hard link that we don't know of: somebody chose it.

    Args:
        lora_root: the folder of LoRAs.
        known: all LoRAs below it, by stem.
        model: a saved model of a run.
    """
    trial = lora_root / TRIAL / model.name
    if any(path != trial for path in known.get(model.stem, ())):
        return None
    linked = trial.is_file() and trial.samefile(model)
    if model.stat().st_nlink > (2 if linked else 1):
        return None
    beside = [trial.with_suffix(ending) for ending in (".json", ".png")]
    return [path for path in (trial, *beside) if path.is_file()]
