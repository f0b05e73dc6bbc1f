"""The rows that we add to the WebUI's plot; what they do is read when one of them is used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib_t2p.hosts.webui.xyz_axes import OurAxis
    from lib_t2p.hosts.webui.xyz_catalogue import Kind

MARK = "[T2P] "


@dataclass(frozen=True)
class PlotOption:
    """A row in the plot's list of axes.

    Attributes:
        kind: what its values choose.
        label: as the plot lists it, after our mark.
        cost: the dearest axis is the plot's outermost loop. A checkpoint costs 1 and a VAE 0.7
            there; another LoRA is read from disk and merged, another weight is merged only.
    """

    kind: Kind
    label: str
    cost: float

    def choices(self) -> list[str]:
        """What the plot offers."""
        return self._axis().choices()

    def confirm(self, job: Any, values: list[str]) -> None:
        """Check the values before the first picture; raises FaultsError."""
        self._axis().confirm(job, values)

    def apply(self, job: Any, value: str, values: list[str]) -> None:
        """Write a value into the job of a cell."""
        self._axis().apply(job, value, values)

    def title(self, _: Any, __: Any, value: str) -> str:
        """The legend of a value."""
        return f"{self.label}: {value}"

    def _axis(self) -> OurAxis:
        from lib_t2p.hosts.webui.xyz_axes import OFFERED, OurAxis

        return OurAxis(self.kind, MARK + self.label, OFFERED[self.kind])


ROWS = (
    PlotOption("person", "Person", 0.65),
    PlotOption("run", "Run", 0.65),
    PlotOption("model", "Saved model", 0.65),
    PlotOption("weight", "LoRA weight", 0.3),
    PlotOption("trigger_weight", "Trigger weight", 0.0),
    PlotOption("sweep", "Sweep value", 0.65),
)


def add_axes() -> None:
    """Add our axes to the WebUI's plot; those that are there already stay (Reload UI)."""
    from modules import scripts

    plots = [data.module for data in scripts.scripts_data if Path(data.path).name == "xyz_grid.py"]
    for plot in plots:
        there = {option.label for option in plot.axis_options}
        plot.axis_options.extend(
            _option(plot, row) for row in ROWS if MARK + row.label not in there
        )


def _option(plot: Any, row: PlotOption) -> Any:
    return plot.AxisOption(
        MARK + row.label,
        str,
        row.apply,
        format_value=row.title,
        confirm=row.confirm,
        cost=row.cost,
        choices=row.choices,
    )
