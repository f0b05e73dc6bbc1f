"""What is needed to repeat a grid: runs and their settings, seeds, versions."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from lib_t2p import __version__
from lib_t2p.errors import InputError
from lib_t2p.grids import GridPlan
from lib_t2p.grids.axes import POINT_KINDS, Axis, value_label
from lib_t2p.plurals import counted
from lib_t2p.scores.verdict import Scores
from lib_t2p.toml_io import read_toml
from lib_t2p.workspace import PersonFolder

PACKAGES = ("torch", "diffusers", "transformers", "peft", "numpy", "pillow", "dlib-bin")
UNSET = "default"

_PRIVATE = ("_dir", "_dirs", "_path", "_file", "_weights", "output_name")
"""Endings of settings that name places on this machine; they repeat nothing elsewhere."""


@dataclass(frozen=True)
class SettingsTable:
    """Settings of the runs side by side.

    Attributes:
        runs: folder names.
        differing: (setting, value in each run) for settings that are not the same in all.
        shared: (setting, value) for all others that are not a default.
    """

    runs: tuple[str, ...]
    differing: tuple[tuple[str, tuple[str, ...]], ...]
    shared: tuple[tuple[str, str], ...]


def settings_table(person: PersonFolder, plan: GridPlan) -> SettingsTable:
    """Compare the settings of the plan's runs; those that cannot be read are left out."""
    names = tuple(dict.fromkeys(model.run for model in plan.models if model.run))
    tables = {name: _settings(person, name) for name in names}
    known = {name: table for name, table in tables.items() if table}
    keys = sorted({key for table in known.values() for key in table})
    differing, shared = [], []
    for key in keys:
        values = tuple(_shown(table.get(key, UNSET)) for table in known.values())
        if len(set(values)) > 1:
            differing.append((key, values))
        else:
            shared.append((key, values[0]))
    return SettingsTable(tuple(known), tuple(differing), tuple(shared))


def repeat_facts(plan: GridPlan, scores: Scores, prompts: Sequence[str]) -> list[tuple[str, str]]:
    """Names and values that repeat the pictures and the numbers."""
    size = f"{plan.width} \u00d7 {plan.height} px"
    facts = [
        ("Base checkpoint", file_name(plan.checkpoint)),
        ("Painted by", scores.painter),
        ("Sampler", f"{plan.sampler_name}, {counted(plan.steps, 'step')}, CFG {plan.cfg_scale:g}"),
        ("Size, clip skip", f"{size}, clip skip {plan.clip_skip}"),
        *(
            (f"Varied: {axis.kind}", _varied(axis))
            for axis in plan.axes
            if axis.kind in POINT_KINDS
        ),
        ("Seeds", ", ".join(map(str, plan.seeds))),
        *((f"Prompt {n}", prompt) for n, prompt in enumerate(prompts, 1)),
        ("Negative prompt", plan.negative_prompt or "none"),
        ("LoRAs", ", ".join(plan.stems)),
        ("Dataset", f"version {plan.dataset}"),
        ("Faces by", scores.detector),
        ("Distances by", f"{scores.embedder} (below {scores.same_person:g}: same person)"),
        ("Text to Person", __version__),
        ("Python", platform.python_version()),
    ]
    return facts + [(name, version) for name in PACKAGES if (version := _version(name))]


def file_name(path: str) -> str:
    """The last part of a path of any system; folders of this machine are nobody's business."""
    return PureWindowsPath(PurePosixPath(path).name or path).name or path


def _varied(axis: Axis) -> str:
    return ", ".join(value_label(axis.kind, value) for value in axis.values)


def _settings(person: PersonFolder, run: str) -> dict[str, Any]:
    try:
        table = read_toml(person.run(run).settings)
    except InputError:
        return {}
    head = {key: table[key] for key in ("trainer", "dataset") if key in table}
    values = table.get("settings")
    settings = values if isinstance(values, dict) else {}
    return {**head, **{k: v for k, v in settings.items() if not k.endswith(_PRIVATE)}}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
