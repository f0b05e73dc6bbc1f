"""A stand-in for the WebUI's X/Y/Z plot: the names that we use of it, and what it does with them.

`test_xyz_axes.py` checks the names against what the real hosts were seen to offer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from itertools import product
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


class AxisOption:
    """`xyz_grid.AxisOption`, of WebUI 1.6 (without `prepare`)."""

    def __init__(
        self,
        label: str,
        type: Callable[[str], Any],
        apply: Callable[[Any, Any, Any], None],
        format_value: Any = None,
        confirm: Any = None,
        cost: float = 0.0,
        choices: Any = None,
    ) -> None:
        self.label, self.type, self.apply, self.format_value = label, type, apply, format_value
        self.confirm, self.cost, self.choices = confirm, cost, choices


@dataclass
class Job:
    """What of a `StableDiffusionProcessing` a plot reads and changes."""

    prompt: str
    override_settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plot:
    """`scripts/xyz_grid.py`, loaded."""

    axis_options: list[AxisOption] = field(default_factory=list)
    AxisOption: type[AxisOption] = AxisOption

    def option(self, label: str) -> AxisOption:
        return next(option for option in self.axis_options if option.label == label)

    def run(self, prompt: str, axes: dict[str, list[str]], **settings: Any) -> list[str]:
        """The prompts of all cells: every axis is read and confirmed, then cells are applied."""
        job, read = Job(prompt, settings), []
        for label, given in axes.items():
            option = self.option(label)
            values = [option.type(value) for value in given]
            if option.confirm:
                option.confirm(job, values)
            read.append((option, values))
        prompts = []
        for chosen in product(*(values for _, values in read)):
            cell = copy(job)
            for (option, values), value in zip(read, chosen, strict=True):
                option.apply(cell, value, values)
            prompts.append(cell.prompt)
        return prompts


def install_plot(monkeypatch: pytest.MonkeyPatch) -> Plot:
    """Let `modules.scripts.scripts_data` name the plot; `modules` must be there."""
    plot = Plot()
    module: Any = sys.modules.get("modules.scripts") or ModuleType("modules.scripts")
    data = [
        SimpleNamespace(path="/webui/scripts/loopback.py", module=SimpleNamespace()),
        SimpleNamespace(path="/webui/scripts/xyz_grid.py", module=plot),
    ]
    monkeypatch.setattr(module, "scripts_data", data, raising=False)
    monkeypatch.setitem(sys.modules, "modules.scripts", module)
    monkeypatch.setattr(sys.modules["modules"], "scripts", module, raising=False)
    return plot
