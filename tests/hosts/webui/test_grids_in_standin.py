"""The acts of `tests/host` with a grid, done with the stand-in: painter, loop, queue and files."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from webui_standin import Standin

from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import Cell, read_cells, write_cells
from lib_t2p.hosts.painting_loop import PaintingLoop, PaintingOptions, StopWatch
from lib_t2p.hosts.webui.webui_painter import WebuiPainter
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.request import CellRequest
from lib_t2p.workspace.person import GridFolder, Workspace, open_workspace

DEVICE = "cpu"
CELLS = 4


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "my people")


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace)


@pytest.fixture
def base(tmp_path: Path, webui: Standin) -> Path:
    """A checkpoint of an SD1.5 shape on the WebUI's list."""
    shapes = {
        "model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3],
        "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": [320, 768],
    }
    header, end = {}, 0
    for name, shape in shapes.items():
        size = 2 * math.prod(shape)
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    body = json.dumps(header).encode()
    file = tmp_path / "base größe.safetensors"
    file.write_bytes(len(body).to_bytes(8, "little") + body + bytes(end))
    webui.offer_checkpoint(file)
    return file


def write_grid(
    workspace: Workspace, base: Path, prompt: str = "p", name: str = "cömpare"
) -> GridFolder:
    """Cells that differ in their seed."""
    made = workspace.person("eileen").grid(name)
    made.root.mkdir(parents=True)
    requests = [CellRequest(prompt, n, str(base), width=64, height=64) for n in range(CELLS)]
    write_cells(made, [Cell(f"c{n}", 0, 0, "", 0.0, 0, n, r) for n, r in enumerate(requests)])
    return made


def submit(queue: Queue, name: str = "cömpare") -> Job:
    params = {"person": "eileen", "grid": name}
    return queue.submit("grid.cells", params, lane="paint", person="eileen")


def loop_of(workspace: Workspace, owner: str = "host 1") -> PaintingLoop:
    """What a WebUI paints with, as its service makes it."""

    def make(stop_watch: StopWatch) -> WebuiPainter:
        return WebuiPainter("AUTOMATIC1111 1.10.1", stop_watch)

    return PaintingLoop(workspace, make, owner=owner, device=DEVICE, options=PaintingOptions())


def painted(grid: GridFolder) -> int:
    return sum(cell_path(grid, cell).exists() for cell in read_cells(grid))


def test_a_grid_is_painted_and_resumed(
    workspace: Workspace, queue: Queue, base: Path, webui: Standin
) -> None:
    grid = write_grid(workspace, base)
    first = submit(queue)
    assert loop_of(workspace).turn()
    result = queue.get(first.id).result
    assert (result["painted"], result["resumed"]) == (CELLS, 0)
    assert result["painter"] == "AUTOMATIC1111 1.10.1"
    assert webui.locked == [True] * CELLS
    cell_path(grid, read_cells(grid)[1]).unlink()
    again = submit(queue)
    assert loop_of(workspace).turn()
    result = queue.get(again.id).result
    assert (result["painted"], result["resumed"]) == (1, CELLS - 1)
    assert webui.requests[-1]["seed"] == 1


def test_interrupt_ends_a_grid_and_keeps_what_is_painted(
    workspace: Workspace, queue: Queue, base: Path, webui: Standin
) -> None:
    grid = write_grid(workspace, base)

    def press() -> None:
        if len(webui.requests) == 2:
            webui.state.interrupt()

    webui.on_step = press
    job = submit(queue)
    assert loop_of(workspace).turn()
    ended = queue.get(job.id)
    assert ended.state is JobState.STOPPED
    assert "Interrupted" in ended.reason
    assert painted(grid) == 1
    assert not webui.lock.locked()
    assert Leases(workspace).holder(DEVICE) is None
    again = submit(queue)
    assert loop_of(workspace).turn()
    assert queue.get(again.id).result["painted"] == CELLS - 1


def test_two_grids_at_once_are_painted_one_after_the_other(
    workspace: Workspace, queue: Queue, base: Path, webui: Standin
) -> None:
    grids = [write_grid(workspace, base, name=name) for name in ("one", "two")]
    jobs = [submit(queue, grid.root.name) for grid in grids]
    loop, other = loop_of(workspace), loop_of(workspace, "host 2")
    taken_meanwhile: list[bool] = []
    webui.on_step = lambda: taken_meanwhile.append(other.turn())
    assert loop.turn()
    # A second WebUI on the same workspace keeps away while the first one paints.
    assert taken_meanwhile == [False] * CELLS
    assert other.turn()
    assert [queue.get(job.id).result["painted"] for job in jobs] == [CELLS, CELLS]
    assert [painted(grid) for grid in grids] == [CELLS, CELLS]


def test_a_missing_checkpoint_and_an_unknown_lora_are_refused_before_the_first_picture(
    workspace: Workspace, queue: Queue, base: Path, webui: Standin, tmp_path: Path
) -> None:
    write_grid(workspace, tmp_path / "gone.safetensors", "a <lora:nobody:1>")
    job = submit(queue)
    assert loop_of(workspace).turn()
    ended = queue.get(job.id)
    assert ended.state is JobState.FAILED
    assert "gone.safetensors" in ended.reason
    assert "nobody" in ended.reason
    assert webui.requests == []
