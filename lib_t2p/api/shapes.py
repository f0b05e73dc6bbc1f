"""What is answered, as JSON's own types."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lib_t2p import dataset, jobs, runs, settings, sweeps
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import T2PError
from lib_t2p.workspace import GridFolder, Person, PersonFolder, RunFolder


def person_shape(folder: PersonFolder, person: Person) -> dict[str, Any]:
    """A person and what they have."""
    return {
        "id": folder.slug,
        "name": person.name,
        "trigger": person.trigger,
        "class_word": person.class_word,
        "datasets": [version.number for version in folder.datasets()],
        "runs": [run.id for run in folder.runs()],
        "sweeps": [sweep.id for sweep in folder.sweeps()],
        "grids": [grid.id for grid in folder.grids()],
    }


def run_shape(folder: RunFolder) -> dict[str, Any]:
    """A run with its saved models; `fault` instead of its settings when it cannot be read."""
    models = [
        {"id": m.stem, "epoch": m.epoch, "step": m.step, "path": str(m.path)}
        for m in runs.saved_models(folder)
    ]
    try:
        run = runs.read_run(folder)
    except T2PError as error:
        return {"id": folder.id, "fault": str(error), "models": models}
    return {
        "id": folder.id,
        "dataset": run.dataset,
        "checkpoint": run.checkpoint,
        "trainer": run.trainer,
        "sweep": run.sweep,
        "settings": settings.changed_values(run.settings),
        "models": models,
    }


def check_shape(check: run_actions.RunCheck) -> dict[str, Any]:
    """What the checks say of a run: findings, and the forecast when there is one."""
    cast = check.forecast
    forecast = cast and {
        "minutes": cast.minutes,
        "vram_mb": cast.vram_mb,
        "disk_bytes": cast.disk_bytes,
        "basis": cast.basis,
    }
    found = [
        {"code": f.code, "severity": f.severity, "what": f.what, "why": f.why, "fix": dict(f.fix)}
        for f in check.findings
    ]
    return {"dataset": check.dataset, "findings": found, "forecast": forecast}


def job_shape(job: jobs.Job) -> dict[str, Any]:
    """A job; times are Unix seconds."""
    return {
        "id": job.id,
        "kind": job.kind,
        "words": jobs.words_of(job.kind),
        "person": job.person,
        "state": job.state.value,
        "reason": job.reason,
        "params": job.params,
        "result": job.result,
        "needs": list(job.needs),
        "created": job.created,
        "started": job.started,
        "ended": job.ended,
    }


def plan_shape(plan: sweeps.SweepPlan) -> dict[str, Any]:
    """What a sweep would train."""
    return {
        "runs": [planned.run.name for planned in plan.runs],
        "refused": {run.name: run.refused for run in plan.refused},
        "minutes": plan.minutes,
        "disk_bytes": plan.disk_bytes,
        "basis": plan.basis,
    }


def status_shape(status: sweeps.RunStatus) -> dict[str, Any]:
    """Where a run of a sweep stands."""
    return {
        "name": status.run.name,
        "run": status.folder.id if status.folder else None,
        "job": status.job.id if status.job else None,
        "state": status.state,
        "reason": status.reason,
    }


def grid_shape(folder: GridFolder, state: grid_actions.GridState | None = None) -> dict[str, Any]:
    """A grid; `picture` and `report` are None until they are drawn."""
    known = state and {
        "state": state.state,
        "painted": state.painted,
        "cells": state.cells,
        "reason": state.reason,
    }
    return {
        "id": folder.id,
        **(known or {}),
        "picture": str(folder.picture) if folder.picture.exists() else None,
        "report": str(folder.report) if folder.report.exists() else None,
    }


def votes_shape(state: grid_actions.Booth) -> dict[str, Any]:
    """What the votes on a grid say; shares are 0 to 1 with the ends of their intervals."""
    beside = state.beside
    return {
        "answered": state.done,
        "left": state.left,
        "text": beside.text if beside else "",
        "standings": [
            {
                "model": s.candidate.model,
                "weight": s.candidate.weight,
                "share": s.preference.share,
                "low": s.preference.low,
                "high": s.preference.high,
            }
            for s in (beside.result.standings if beside else ())
        ],
    }


def outlook_shape(one: dataset.PhotoOutlook) -> dict[str, Any]:
    """What a build would do with a photo."""
    return {
        "photo": one.photo.photo,
        "outcome": one.outcome,
        "code": one.code,
        "reason": one.reason,
        "quality": one.quality,
        "crops": [asdict(crop) for crop in one.crops],
        "by_choice": one.by_choice,
    }


def choices_shape(choices: dataset.PhotoChoices) -> dict[str, Any]:
    """What a person decided; a face is the name of its photo and its number."""
    return {
        "person": choices.anchor,
        "same": sorted(choices.same),
        "others": sorted(choices.others),
        "left_out": sorted(choices.left_out),
        "put_back": sorted(choices.put_back),
        "crops": dict(choices.crops),
    }


def lora_shape(lora: run_actions.ListedLora) -> dict[str, Any]:
    """A LoRA file."""
    return {**asdict(lora), "path": str(lora.path)}
