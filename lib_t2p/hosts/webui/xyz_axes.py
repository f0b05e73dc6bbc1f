"""The axes as the WebUI's plot takes them, added once to its list."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lib_t2p.diffusion import Family, recognise
from lib_t2p.errors import CheckpointError, FaultsError, InputError, T2PError
from lib_t2p.grids.axes import NO_LORA, expanded, is_none, shown
from lib_t2p.hosts.webui import flags, models
from lib_t2p.hosts.webui.xyz_catalogue import Catalogue, Chosen, Kind, choose, read_catalogue
from lib_t2p.hosts.webui.xyz_cells import Plot, cell_prompt
from lib_t2p.lora import check_family, install_trial
from lib_t2p.workspace import open_workspace

PLOT, CHOSEN = "t2p_plot", "t2p_chosen"
"""Names under which a plot and what a cell chose are kept at the host's own job."""

RANGED: tuple[Kind, ...] = ("model", "weight", "trigger_weight")
"""Kinds whose values are numbers; `2-3` may be the name of a run."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OurAxis:
    """One of our axes.

    Attributes:
        kind: what its values choose.
        label: as the plot lists it, with our mark.
        offered: values to choose from.
    """

    kind: Kind
    label: str
    offered: Callable[[Catalogue], list[str]]

    def choices(self) -> list[str]:
        """For the plot's list; empty but for `no LoRA` when the workspace cannot be read."""
        try:
            known = _read(with_sweeps=self.kind == "sweep")
        except T2PError:
            _log.exception("the choices of %s", self.label)
            return [NO_LORA]
        return [NO_LORA, *self.offered(known)]

    def confirm(self, job: Any, values: list[str]) -> None:
        """Write ranges out in place, check all values of all axes so far, put the LoRAs there.

        Raises:
            FaultsError: everything that is wrong, before the first picture.
        """
        plot = getattr(job, PLOT, None) or Plot(_read())
        setattr(job, PLOT, plot)
        try:
            # The plot goes on with this very list, and its own ranges are for whole axes only.
            written_out = expanded(values, ranges=self.kind in RANGED)
            values[:] = [NO_LORA if is_none(v) else v for v in written_out]
        except ValueError as error:
            _refuse(self.label, str(error).splitlines())
        plot.axes.append((self.kind, values))
        faults = plot.faults(str(job.prompt))
        _refuse(self.label, faults or list(_placed(plot, job)))

    def apply(self, job: Any, value: str, _: list[str]) -> None:
        """Write one value into the job of a cell, after those of the axes before."""
        plot = getattr(job, PLOT, None) or Plot(_read())
        chosen = choose(getattr(job, CHOSEN, Chosen()), self.kind, value)
        setattr(job, CHOSEN, chosen)
        try:
            job.prompt = cell_prompt(str(job.prompt), chosen, plot.known)
        except InputError:
            # An axis that comes after may complete it: all whole cells were checked before.
            _log.debug("%s=%s waits for the other axes", self.label, value)


def _weights(_: Catalogue) -> list[str]:
    return [shown(n / 10) for n in range(16)]


def _trigger_weights(_: Catalogue) -> list[str]:
    return [shown(n / 10) for n in range(0, 21, 2)]


OFFERED: dict[Kind, Callable[[Catalogue], list[str]]] = {
    "person": lambda known: known.people,
    "run": lambda known: [run.name for run in known.runs],
    "model": lambda known: list(known.stems),
    "weight": _weights,
    "trigger_weight": _trigger_weights,
    "sweep": lambda known: known.sweep_values,
}
"""The values to choose from, for each row of `xyz_options.ROWS`."""


def _read(*, with_sweeps: bool = True) -> Catalogue:
    return read_catalogue(open_workspace(flags.workspace_root()), with_sweeps=with_sweeps)


def _refuse(label: str, faults: list[str]) -> None:
    if faults:
        raise FaultsError(f"The axis {label} cannot be drawn", faults)


def _placed(plot: Plot, job: Any) -> Iterator[str]:
    """Put the saved models where prompts find them; gives why one cannot be."""
    wanted = plot.files(str(job.prompt))
    root = flags.lora_root()
    family = _family_of(job)
    for stem, file in wanted.items():
        try:
            placed = install_trial(file, root, stem)
            if family:
                check_family(placed, family.key_names)
        except T2PError as error:
            yield str(error)
    if wanted:
        models.known_loras(refresh=True)


def _family_of(job: Any) -> Family | None:
    """The family that all cells are painted with; None when an axis may change it."""
    if _has_axis(job, "Checkpoint name"):
        return None
    title = (job.override_settings or {}).get("sd_model_checkpoint") or next(
        iter(models.checkpoint_titles()), ""
    )
    file = models.checkpoint_file(title)
    try:
        return recognise(file) if file else None
    except CheckpointError:
        return None


def _has_axis(job: Any, label: str) -> bool:
    """Whether the plot that the job belongs to has an axis of the WebUI's own."""
    given, runner = getattr(job, "script_args", None), getattr(job, "scripts", None)
    if not given or not given[0] or runner is None:
        return False
    script = runner.selectable_scripts[given[0] - 1]
    own = given[script.args_from : script.args_to]
    options = getattr(script, "current_axis_options", [])
    # Of each axis come its index, its text and its list.
    return any(options[own[n] or 0].label == label for n in (0, 3, 6) if options)
