from __future__ import annotations

from pathlib import Path

import pytest
from generation_fakes import FakePainter, FakeTools, make_dataset, make_person, make_plan
from PIL import Image

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import expand, read_cells, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import GridPlan, write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.reports.picture.picture import draw_grid
from lib_t2p.reports.picture.picture_drawing import BEST, TIE
from lib_t2p.reports.picture.picture_layout import MAX_PIXELS, MAX_SIDE, layout_for
from lib_t2p.reports.picture.picture_text import font, label_lines, shortened, width, wrapped
from lib_t2p.scores.scoring import score_grid
from lib_t2p.workspace.person import GridFolder, PersonFolder, open_workspace

E05, E06 = "t2p_nasa_first_e05", "t2p_nasa_first_e06"
Colour = tuple[int, int, int]


def _scored(grid: GridFolder, person: PersonFolder, **identities: float) -> Image.Image:
    paint_cells(grid, FakePainter({"": 0.8, **identities}), SilentReporter())
    score_grid(grid, person, FakeTools(), SilentReporter())
    return _drawn(grid, person)


def _drawn(grid: GridFolder, person: PersonFolder | None = None) -> Image.Image:
    with Image.open(draw_grid(grid, person)) as picture:
        return picture.convert("RGB")


def _pixels_near(picture: Image.Image, colour: Colour) -> int:
    # WebP is lossy: a colour comes back changed a little.
    close = [
        channel.point([255 if abs(v - wanted) < 24 else 0 for v in range(256)])
        for channel, wanted in zip(picture.split(), colour, strict=True)
    ]
    return sum(pixel == (255, 255, 255) for pixel in Image.merge("RGB", close).getdata())


def _one_weight(person: PersonFolder) -> tuple[GridFolder, GridPlan]:
    plan = make_plan(person, y=Axis("lora_weight", (1.0,)), seeds=tuple(range(1, 9)))
    grid = person.grid("one")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    make_dataset(person)
    return grid, plan


def test_the_best_is_framed_in_green(person: PersonFolder) -> None:
    grid, _ = _one_weight(person)
    picture = _scored(grid, person, **{E05: 0.5, E06: 0.25})
    assert _pixels_near(picture, BEST) > 1000
    assert _pixels_near(picture, TIE) < 200


def test_ties_are_framed_in_amber(person: PersonFolder) -> None:
    grid, _ = _one_weight(person)
    picture = _scored(grid, person, **{E05: 0.25, E06: 0.25})
    assert _pixels_near(picture, TIE) > 2000
    assert _pixels_near(picture, BEST) < 200


def test_an_unscored_grid_is_drawn_without_frames(grid: GridFolder, person: PersonFolder) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    picture = _drawn(grid)
    assert picture.size == layout_for(make_plan(person), extras=1).size
    assert _pixels_near(picture, BEST) + _pixels_near(picture, TIE) < 200


def test_small_pictures_are_enlarged_and_large_ones_reduced(person: PersonFolder) -> None:
    small = layout_for(make_plan(person, width=64, height=64), extras=1)
    large = layout_for(make_plan(person, width=1024, height=512), extras=1)
    assert (small.tiles.width, small.tiles.height) == (160, 160)
    assert (large.tiles.width, large.tiles.height) == (320, 160)


def test_the_cells_stand_in_the_rows_and_columns_of_their_axes(
    grid: GridFolder, person: PersonFolder
) -> None:
    paint_cells(grid, FakePainter({E05: 0.0, E06: 1.0, "": 0.5}), SilentReporter())
    picture = _drawn(grid)
    layout = layout_for(make_plan(person), extras=1)
    for y in range(2):
        reds = []
        for left in (layout.left(0), layout.left(1)):
            reds.append(picture.getpixel((left + 8, layout.row_top(y) + 12)))
        assert reds[0][0] < 60
        assert reds[1][0] > 190
    plain = picture.getpixel((layout.extra_left(0) + 8, layout.row_top(0) + 12))
    assert 90 < plain[0] < 160


def test_a_missing_picture_stays_grey(grid: GridFolder, person: PersonFolder) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    first = next(c for c in read_cells(grid) if c.model)
    cell_path(grid, first).unlink()
    layout = layout_for(make_plan(person), extras=1)
    pixel = _drawn(grid).getpixel((layout.left(0) + 40, layout.row_top(0) + 40))
    assert max(pixel) - min(pixel) < 14


def test_the_picture_has_no_metadata(grid: GridFolder, person: PersonFolder) -> None:
    _scored(grid, person)
    with Image.open(grid.picture) as picture:
        assert picture.format == "WEBP"
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile"} & set(picture.info)


def test_a_huge_grid_stays_within_what_webp_can_hold(person: PersonFolder) -> None:
    stems = tuple(f"model_with_a_long_name_e{n:03d}" for n in range(40))
    plan = make_plan(
        person,
        models=tuple(GridModel(Path(s), s) for s in stems),
        x=Axis("saved_model", stems),
        y=Axis("lora_weight", tuple(n / 10 for n in range(1, 11))),
        width=512,
        height=512,
    )
    size = layout_for(plan, extras=2).size
    assert max(size) <= MAX_SIDE
    assert size[0] * size[1] <= MAX_PIXELS


@pytest.mark.slow
def test_more_columns_than_webp_is_wide_are_scaled(tmp_path: Path) -> None:
    person = make_person(open_workspace(tmp_path))
    stems = tuple(f"e{n:03d}" for n in range(110))
    plan = make_plan(
        person,
        models=tuple(GridModel(Path(s), s) for s in stems),
        x=Axis("saved_model", stems),
        y=Axis("lora_weight", (1.0,)),
        prompts=("one",),
        seeds=(1,),
    )
    grid = person.grid("wide")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    with Image.open(draw_grid(grid)) as picture:
        assert picture.width <= MAX_SIDE


def test_names_keep_their_end_when_they_are_shortened() -> None:
    face = font(16)
    short = shortened("t2p_a_very_long_person_name_first_run_e08", face, 140)
    assert short.endswith("_e08")
    assert width(short, face) <= 140
    assert shortened("e08", face, 140) == "e08"


def test_text_is_broken_at_spaces_and_cut_at_the_last_line() -> None:
    face = font(16)
    lines = wrapped("one two three four five six seven eight nine ten", face, 120, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("\u2026")
    assert all(width(line, face) <= 120 for line in lines)
    assert wrapped("", face, 120, 2) == []
    assert width(wrapped("x" * 200, face, 120, 1)[0], face) <= 120


def test_the_grid_is_also_written_without_loss(person: PersonFolder) -> None:
    plan = make_plan(person)
    grid = person.grid("png")
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    draw_grid(grid)
    with Image.open(grid.lossless) as lossless, Image.open(grid.picture) as picture:
        assert (lossless.format, lossless.size) == ("PNG", picture.size)


def test_names_of_several_parts_lose_none_of_them() -> None:
    face = font(20)
    name = "learning_rate=0.003, network_dim=16 at weight 0.8"
    room = width("learning_rate=0.003,", face)
    lines = label_lines(name, face, room, 4)
    assert len(lines) > 1
    assert " ".join(lines) == name
    assert all(width(line, face) <= room for line in lines)
    assert label_lines("e05", face, room, 4) == ["e05"]
    (stem,) = label_lines("t2p_somebody_with-a-long-name_first_e08", face, room, 4)
    assert stem.endswith("_e08")
