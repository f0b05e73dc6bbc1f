from __future__ import annotations

import io
from dataclasses import replace

import pytest
from generation_fakes import FakePainter, StopAfter, make_plan
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib_t2p.errors import FaultsError, PaintingError, StopRequested
from lib_t2p.grids.cells.cell_files import cell_path, read_mark
from lib_t2p.grids.cells.cells import expand, read_cells, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells, painters_of
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.workspace.person import GridFolder, PersonFolder


def test_all_cells_are_painted_and_told(grid: GridFolder) -> None:
    reporter = StopAfter()
    result = paint_cells(grid, FakePainter(), reporter)
    assert (result.painted, result.resumed, result.painter) == (40, 0, "fake painter")
    assert reporter.progressed[-1] == (40, 40, "cell")
    assert len(reporter.images) == 40
    assert "no LoRA, prompt 1, seed 1" in reporter.images[0]
    with Image.open(cell_path(grid, read_cells(grid)[0])) as picture:
        assert picture.size == (64, 64)


def test_a_stopped_grid_goes_on_where_it_was(grid: GridFolder) -> None:
    with pytest.raises(StopRequested):
        paint_cells(grid, FakePainter(), StopAfter(7))
    painter = FakePainter()
    reporter = StopAfter()
    result = paint_cells(grid, painter, reporter)
    assert (result.painted, result.resumed) == (33, 7)
    assert reporter.progressed[0] == (7, 40, "cell")
    assert paint_cells(grid, painter, SilentReporter()).painted == 0
    assert len(painter.painted) == 33


@pytest.mark.parametrize("keep", [0, 20, -5])
def test_a_cut_off_picture_is_painted_again(grid: GridFolder, keep: int) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    path = cell_path(grid, read_cells(grid)[3])
    path.write_bytes(path.read_bytes()[:keep])
    assert read_mark(path) is None
    assert paint_cells(grid, FakePainter(), SilentReporter()).painted == 1
    assert read_mark(path) is not None


def test_a_flipped_bit_is_noticed(grid: GridFolder) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    path = cell_path(grid, read_cells(grid)[0])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert paint_cells(grid, FakePainter(), SilentReporter()).painted == 1


def test_only_changed_requests_are_painted_again(grid: GridFolder, person: PersonFolder) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    cells = expand(make_plan(person), person)
    cells[5] = replace(cells[5], request=replace(cells[5].request, steps=9))
    write_cells(grid, cells)
    painter = FakePainter()
    paint_cells(grid, painter, SilentReporter())
    assert [request.steps for request in painter.painted] == [9]


def test_pictures_of_two_painters_are_never_mixed(grid: GridFolder) -> None:
    with pytest.raises(StopRequested):
        paint_cells(grid, FakePainter(), StopAfter(7))
    reporter = SilentReporter()
    result = paint_cells(grid, FakePainter(name="the WebUI"), reporter)
    assert (result.painted, result.resumed) == (40, 0)
    assert "drawn again by the WebUI" in reporter.warnings[0]
    assert painters_of(grid, read_cells(grid)) == ["the WebUI"]


def test_a_missing_lora_is_named_before_the_first_picture(grid: GridFolder) -> None:
    painter = FakePainter(missing=("t2p_nasa_first_e06", "t2p_nasa_first_e05"))
    with pytest.raises(FaultsError, match="e06 is missing\n- LoRA t2p_nasa_first_e05"):
        paint_cells(grid, painter, SilentReporter())
    assert painter.painted == []


def test_a_painter_that_gives_no_picture_is_refused(grid: GridFolder) -> None:
    class Broken(FakePainter):
        def paint(self, request: CellRequest) -> PaintedCell:
            return replace(super().paint(request), png=b"not a picture")

    with pytest.raises(PaintingError, match="no whole PNG"):
        paint_cells(grid, Broken(), SilentReporter())
    assert list(grid.cells.glob("*")) == []


def test_the_infotext_of_the_painter_is_kept(grid: GridFolder) -> None:
    class WithText(FakePainter):
        def paint(self, request: CellRequest) -> PaintedCell:
            painted = super().paint(request)
            text = PngInfo()
            text.add_text("parameters", "photo\nSteps: 20")
            out = io.BytesIO()
            Image.open(io.BytesIO(painted.png)).save(out, "PNG", pnginfo=text)
            return replace(painted, png=out.getvalue())

    paint_cells(grid, WithText(), SilentReporter())
    with Image.open(cell_path(grid, read_cells(grid)[0])) as picture:
        picture.load()
        assert picture.info["parameters"] == "photo\nSteps: 20"
