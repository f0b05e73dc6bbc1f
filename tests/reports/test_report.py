from __future__ import annotations

import base64
import io
import math
import re
from html.parser import HTMLParser

import pytest
from generation_fakes import NOW, FakePainter, FakeTools, make_dataset, make_plan
from PIL import Image

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import write_text
from lib_t2p.grids.cells.cells import expand, write_cells
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.grids.plan_files import write_plan
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.reports.grid import ScoreCurve, write_report
from lib_t2p.reports.grid.curves import by_tag, thinned
from lib_t2p.reports.grid.repeating import file_name, settings_table
from lib_t2p.reports.grid.svg_plot import Series, line_plot
from lib_t2p.scores.scoring import score_grid
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import GridFolder, PersonFolder, Workspace, open_workspace

pytestmark = pytest.mark.slow

E05, E06 = "t2p_nasa_first_e05", "t2p_nasa_first_e06"
CURVES = [
    ScoreCurve("first", "loss/average", (1, 2, 3), (0.3, 0.2, 0.1)),
    ScoreCurve("first", "lr/d*lr", (1, 2, 3), (1e-6, 1e-5, 1e-4)),
]


class _Page(HTMLParser):
    """Collects the tags with their attributes and the text, and checks that tags are closed."""

    VOID = ("meta", "img", "input", "br", "rect", "line", "circle", "polyline")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def _page(grid: GridFolder, person: PersonFolder, curves: list[ScoreCurve] | None = None) -> _Page:
    paint_cells(grid, FakePainter({"": 0.8, E05: 0.5, E06: 0.12}), SilentReporter())
    score_grid(grid, person, FakeTools(), SilentReporter())
    path = write_report(grid, person, curves or [])
    return _Page(path.read_text(encoding="utf-8"))


def _write_run(person: PersonFolder, name: str, **settings: object) -> None:
    head = {"schema": 1, "trainer": "builtin", "dataset": 1, "checkpoint": "/home/me/base"}
    write_text(person.run(name).settings, dump_toml({**head, "settings": settings}))


def test_the_page_needs_nothing_but_itself(grid: GridFolder, person: PersonFolder) -> None:
    page = _page(grid, person, CURVES)
    assert page.open == []
    for _, attributes in page.tags:
        for name in ("src", "href", "srcset", "action", "poster"):
            assert (attributes.get(name) or "data:").startswith("data:")
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    html = grid.report.read_text(encoding="utf-8")
    assert "url(" not in html
    assert "@import" not in html


def test_the_verdict_comes_first_and_the_table_has_all_candidates(
    grid: GridFolder, person: PersonFolder
) -> None:
    text = _page(grid, person, CURVES).text
    assert text.index("comes closest to NASA portrait") < text.index("actual size")
    assert text.index("actual size") < text.index("Scores") < text.index("Loss, running average")
    for words in ("real photos", "no LoRA", "e05", "e06", "cannot be told apart", "8 of 8"):
        assert words in text, words
    assert "public domain" in text
    assert "painted by fake painter" in text
    assert "photo of nasax woman" in text
    assert "Loss, running average" in text
    assert "d \u00d7 lr" in text


def test_inlined_pictures_are_webp_without_metadata(grid: GridFolder, person: PersonFolder) -> None:
    page = _page(grid, person)
    sources = [str(a["src"]) for tag, a in page.tags if tag == "img"]
    assert len(sources) == 4
    for source in sources:
        data = base64.b64decode(source.split(",", 1)[1])
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.format == "WEBP"
            assert not picture.getexif()
    assert grid.report.stat().st_size < 25_000_000


def test_what_people_typed_is_shown_as_text(workspace_with_hostile_person: PersonFolder) -> None:
    person = workspace_with_hostile_person
    make_dataset(person)
    grid = person.grid("g")
    plan = make_plan(
        person,
        prompts=("<img src=x onerror=alert(1)> {trigger}",),
        negative_prompt="</style><script>1</script>",
    )
    write_plan(grid, plan)
    write_cells(grid, expand(plan, person))
    hostile = '"><script>alert(2)</script>'
    _write_run(person, "first", optimizer_type=hostile)
    curves = [ScoreCurve(f"run{n}<b>", hostile, (1, 2), (0.1, 0.2)) for n in range(2)]
    page = _page(grid, person, curves)
    assert "script" not in {tag for tag, _ in page.tags}
    assert "b" not in {tag for tag, _ in page.tags}
    assert not any("onerror" in attributes for _, attributes in page.tags)
    assert "<img src=x onerror=alert(1)> nasax" in page.text
    assert "<b>Mallory & co" in page.text


@pytest.fixture
def workspace_with_hostile_person(tmp_path) -> PersonFolder:
    workspace: Workspace = open_workspace(tmp_path / "w")
    person = Person("<b>Mallory & co", "nasax", "woman", '<script>"no"', NOW.isoformat())
    return create_person(workspace, person)


def test_no_folder_or_photo_of_this_machine_is_named(
    grid: GridFolder, person: PersonFolder
) -> None:
    _write_run(person, "first", network_dim=8, train_data_dir="/home/me/private")
    text = _page(grid, person, CURVES).text
    assert str(person.root) not in text
    assert "/home/me" not in text
    assert "001.png" not in text
    assert "network_dim" in text


def test_settings_that_differ_stand_apart_from_those_that_do_not(person: PersonFolder) -> None:
    _write_run(person, "first", network_dim=8, seed=1, full_bf16=True)
    _write_run(person, "second", network_dim=16, seed=1, optimizer_args=["a=1", "b=2"])
    plan = make_plan(person)
    models = (plan.models[0], type(plan.models[1])(**{**vars(plan.models[1]), "run": "second"}))
    table = settings_table(person, make_plan(person, models=models))
    assert table.runs == ("first", "second")
    assert dict(table.differing) == {
        "network_dim": ("8", "16"),
        "full_bf16": ("yes", "default"),
        "optimizer_args": ("default", "a=1, b=2"),
    }
    assert dict(table.shared) == {"dataset": "1", "seed": "1", "trainer": "builtin"}


def test_a_run_without_settings_is_left_out(grid: GridFolder, person: PersonFolder) -> None:
    page = _page(grid, person)
    assert "Settings that differ" not in page.text
    assert "Training settings of" not in page.text


def test_a_report_without_scores_is_refused(grid: GridFolder, person: PersonFolder) -> None:
    paint_cells(grid, FakePainter(), SilentReporter())
    with pytest.raises(WorkspaceError, match=r"scores\.json"):
        write_report(grid, person)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/models/sd15.safetensors", "sd15.safetensors"),
        (r"C:\models\sd15.safetensors", "sd15.safetensors"),
        ("sd15.safetensors [abc]", "sd15.safetensors [abc]"),
        ("/models/tiny_base/", "tiny_base"),
    ],
)
def test_a_checkpoint_is_named_without_its_folder(path: str, name: str) -> None:
    assert file_name(path) == name


def test_curves_are_grouped_by_tag_with_the_loss_first() -> None:
    tags = ("lr/unet", "lr/d*lr", "loss/current", "loss/average")
    curves = [ScoreCurve("r", tag, (1, 2), (0.1, 0.2)) for tag in tags]
    assert [tag for tag, _ in by_tag(curves)] == ["loss/average", "lr/d*lr", "lr/unet"]
    assert [tag for tag, _ in by_tag(curves[2:3])] == ["loss/current"]


def test_values_that_are_no_numbers_are_not_drawn() -> None:
    broken = ScoreCurve("r", "loss/average", (1, 2, 3), (0.1, math.nan, math.inf))
    empty = ScoreCurve("r", "lr/unet", (), ())
    assert by_tag([broken, empty]) == [
        ("loss/average", [ScoreCurve("r", "loss/average", (1,), (0.1,))])
    ]


def test_long_curves_are_averaged_and_keep_their_end() -> None:
    steps = tuple(range(1, 100_001))
    points = thinned(ScoreCurve("r", "t", steps, tuple(float(s) for s in steps)))
    assert len(points) <= 400
    assert points[-1] == (100_000, 100_000.0)
    assert all(step == pytest.approx(value) for step, value in points)


@pytest.mark.parametrize(
    "values",
    [(0.5,), (0.5, 0.5, 0.5), (0.0, 0.0), (-1.0, 1.0), (1e-7, 1e-2), (1e-12, 1.1e-12), (0.0, 1e9)],
)
def test_every_point_lies_inside_the_plot(values: tuple[float, ...]) -> None:
    points = [(float(n), value) for n, value in enumerate(values)]
    svg = line_plot("t", [Series("a", points), Series("b", points)])
    assert "nan" not in svg
    assert "inf" not in svg
    drawn = re.findall(r"(-?[\d.]+),(-?[\d.]+)", " ".join(re.findall(r'points="([^"]*)"', svg)))
    assert all(0 <= float(x) <= 520 and 0 <= float(y) <= 260 for x, y in drawn)
    assert len(drawn) == (0 if len(values) == 1 else 2 * len(values))


def test_rates_over_decades_are_drawn_on_a_logarithmic_scale() -> None:
    svg = line_plot("t", [Series("a", [(0, 1e-6), (1, 1e-5), (2, 1e-4)])])
    ys = [float(p.split(",")[1]) for p in re.search(r'points="([^"]*)"', svg)[1].split()]
    assert ys[0] - ys[1] == pytest.approx(ys[1] - ys[2], abs=0.2)
    assert "1e-05" in svg
