from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from curve_helpers import curves_from_points, growing, training
from PIL import Image

from lib_t2p.curves.curve import Curves
from lib_t2p.reports.plots import PlottedRun, draw_page

pytestmark = pytest.mark.slow

drawing = pytest.importorskip("lib_t2p.reports.plots.drawing")


def run(name: str, steps: int = 120, d: float | None = 1e-3, **more: object) -> PlottedRun:
    curves = training(steps, growing(steps, 1.2, d) if d else None)
    epochs = curves_from_points({"loss/epoch": [(n, 0.1 / n) for n in range(1, 6)]})
    return PlottedRun(name, Curves({**curves.by_tag, **epochs.by_tag}), **more)  # type: ignore[arg-type]


def test_a_page_has_the_four_plots_of_the_guide_and_all_numbers(tmp_path: Path) -> None:
    page = draw_page([run("32"), run("64")], tmp_path / "ä page", title="Network $rank$")
    assert [image.stem for image in page.images] == [
        "loss_per_epoch",
        "loss_per_step",
        "dlr_per_step",
        "lr_per_step",
    ]
    for image in page.images:
        with Image.open(image) as picture:
            assert picture.width >= 1000
    lines = page.csv.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "run,tag,step,value"
    assert len(lines) == 1 + 2 * (4 * 120 + 5)


def test_a_plot_without_numbers_is_left_out(tmp_path: Path) -> None:
    page = draw_page([run("AdamW", d=None)], tmp_path)
    assert "dlr_per_step" not in [image.stem for image in page.images]


def test_runs_without_curves_and_broken_losses_do_not_stop_a_page(tmp_path: Path) -> None:
    broken = training(50, loss=np.full(50, np.nan))
    page = draw_page([PlottedRun("empty", Curves()), PlottedRun("nan", broken)], tmp_path)
    assert [image.stem for image in page.images] == ["lr_per_step"]


def test_more_runs_than_colours_keep_their_own_lines() -> None:
    lines = drawing.lines_of([run(str(n), 20) for n in range(20)], drawing_kind())
    assert len({(line.pen.colour, str(line.pen.dash)) for line in lines}) == 20


def drawing_kind() -> object:
    from lib_t2p.reports.plots.plotted_runs import KINDS

    return KINDS[1]


def test_repeats_are_shaded_and_single_runs_are_not() -> None:
    from matplotlib.figure import Figure

    runs = [run("a 1", group="a"), run("a 2", 90, group="a"), run("b", group="b"), run("c")]
    axes = Figure().add_subplot()
    drawing._bands(axes, drawing.lines_of(runs, drawing_kind()))
    assert len(axes.collections) == 1


def test_settings_that_change_the_loss_are_noted(tmp_path: Path) -> None:
    runs = [run("a", settings={"noise_offset": 0.1}), run("b", settings={"noise_offset": 0.05})]
    assert "noise offset" in draw_page(runs, tmp_path).notes[0]
    same = [run("a", settings={"network_dim": 8}), run("b", settings={"network_dim": 16})]
    assert draw_page(same, tmp_path).notes == ()


def test_d_of_very_different_sizes_is_drawn_on_a_logarithmic_axis() -> None:
    from matplotlib.figure import Figure

    from lib_t2p.reports.plots.plotted_runs import KINDS

    kind = next(kind for kind in KINDS if kind.name == "dlr_per_step")
    for levels, scale in (((1e-3, 1e-6), "log"), ((1e-3, 5e-4), "linear")):
        axes = Figure().add_subplot()
        lines = drawing.lines_of([run(str(d), d=d) for d in levels], kind)
        drawing._scale(axes, kind, lines)
        assert axes.get_yscale() == scale
