from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.actions.portraits import portraits
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.request import CellRequest, ScriptCall, StartPicture
from lib_t2p.portraits.choices import Choices, read_choices
from lib_t2p.portraits.plan import PortraitPlan, read_portraits
from lib_t2p.portraits.round_scores import RoundScores, write_round_scores
from lib_t2p.portraits.rounds import Portrait, write_round
from lib_t2p.portraits.rule import KeepRule, PictureScore, Yardstick
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace
from lib_t2p.workspace.series_folders import PortraitsFolder, portraits_folder

PLAN = PortraitPlan("ada", 0, CellRequest("{trigger}", 5, "/base.safetensors"))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    return open_workspace(tmp_path / "work space")


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    return new_person(
        workspace,
        name="Ada",
        trigger="ohwx",
        class_word="woman",
        consent="myself",
        now=datetime(2026, 1, 2, tzinfo=timezone.utc),
    )


def begin(workspace: Workspace, plan: PortraitPlan = PLAN) -> PortraitsFolder:
    portraits.submit_portraits(workspace, "Ada", "First Ones", plan, Choices())
    return portraits_folder(workspace.person("Ada"), "First Ones")


def paint(series: PortraitsFolder, *places: str) -> None:
    pictures = [Portrait(f"{n:05d}_s{n}", n, PLAN.request) for n in range(len(places))]
    write_round(series, 1, pictures)
    for one, place in zip(pictures, places, strict=True):
        path = series.root / place / f"{one.id}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (4, 4)).save(path)


def end_jobs(workspace: Workspace) -> None:
    for job in Queue(workspace).jobs():
        Queue(workspace).request_stop(job.id)


def test_a_series_begins_with_the_planning_of_its_first_round(
    workspace: Workspace, person: PersonFolder
) -> None:
    series = begin(workspace)
    assert read_portraits(series).person == person.slug
    assert read_choices(series) == Choices()
    (job,) = Queue(workspace).jobs()
    assert (job.kind, job.params["round"]) == ("portraits.plan", 1)


def test_a_name_is_not_taken_twice(workspace: Workspace, person: PersonFolder) -> None:
    begin(workspace)
    with pytest.raises(InputError, match="exist already"):
        begin(workspace)
    assert portraits.free_series_name(workspace, "Ada") == "portraits-1"


def test_pictures_that_are_given_are_copied_without_exif(
    workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    given = tmp_path / "my ü photo.jpg"
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    Image.new("RGB", (8, 4), (200, 10, 10)).save(given, exif=exif)
    call = ScriptCall("ControlNet", "[{}]", (("0.image", str(given)),))
    request = replace(PLAN.request, start=StartPicture(str(given), "", 0.5), scripts=(call,))
    kept = read_portraits(begin(workspace, replace(PLAN, request=request))).request
    assert kept.start is not None
    copy = Path(kept.start.path)
    assert copy.parent.name == "inputs"
    assert kept.scripts[0].pictures == (("0.image", str(copy)),)
    with Image.open(copy) as picture:
        assert picture.size == (4, 8)
        assert not picture.getexif()
    assert b"secret" not in copy.read_bytes()


def test_pictures_that_are_gone_are_all_named(
    workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    call = ScriptCall("ControlNet", "[{}]", (("0.image", str(tmp_path / "a.png")),))
    request = replace(
        PLAN.request, start=StartPicture(str(tmp_path / "b.png"), ""), scripts=(call,)
    )
    with pytest.raises(FaultsError) as caught:
        begin(workspace, replace(PLAN, request=request))
    assert len(caught.value.faults) == 2
    assert Queue(workspace).jobs() == []


def test_a_series_goes_on_where_it_ended(workspace: Workspace, person: PersonFolder) -> None:
    series = begin(workspace)
    paint(series, "kept", "bin", "bin")
    with pytest.raises(InputError, match="stop it first"):
        portraits.paint_more(workspace, "Ada", "First Ones", 5)
    portraits.stop_portraits(workspace, "Ada", "First Ones")
    end_jobs(workspace)
    job = portraits.paint_more(workspace, "Ada", "First Ones", 5)
    assert job.params["round"] == 2
    assert read_portraits(series).count == 8
    assert not series.stop.exists()


def test_another_rule_sorts_anew_at_once(workspace: Workspace, person: PersonFolder) -> None:
    series = begin(workspace)
    paint(series, "pictures", "pictures")
    scores = tuple(PictureScore(f"{n:05d}_s{n}", "0", 1, 0.4 + n / 5) for n in range(2))
    write_round_scores(series, 1, RoundScores("", Yardstick(), scores))
    assert portraits.change_rule(workspace, "Ada", "First Ones", KeepRule(0.5)) == (1, 1)
    assert read_portraits(series).rule == KeepRule(0.5)
    with pytest.raises(FaultsError):
        portraits.change_rule(workspace, "Ada", "First Ones", KeepRule(-1.0))


def test_the_bin_is_emptied_only_as_agreed(workspace: Workspace, person: PersonFolder) -> None:
    series = begin(workspace)
    paint(series, "kept", "bin", "bin")
    with pytest.raises(InputError, match="holds 2 pictures, not 1"):
        portraits.empty_bin(workspace, "Ada", "First Ones", 1)
    assert portraits.empty_bin(workspace, "Ada", "First Ones", 2) == 2
    status = portraits.series_status(workspace, "Ada", series)
    assert (status.planned, status.painted, status.kept, status.binned) == (3, 1, 1, 0)


def test_a_picture_is_moved_by_hand(workspace: Workspace, person: PersonFolder) -> None:
    series = begin(workspace)
    paint(series, "kept", "bin")
    portraits.move_by_hand(workspace, "Ada", "First Ones", "00001_s1", "kept")
    assert portraits.series_status(workspace, "Ada", series).kept == 2


def test_what_does_not_exist_is_named_with_what_does(
    workspace: Workspace, person: PersonFolder
) -> None:
    begin(workspace)
    with pytest.raises(InputError, match="there are first-ones"):
        portraits.stop_portraits(workspace, "Ada", "other")


def test_a_preview_is_asked_for_once(workspace: Workspace, person: PersonFolder) -> None:
    first = portraits.preview_prompts(workspace, "Ada", "{a|b}", 1)
    assert portraits.preview_prompts(workspace, "Ada", "{a|b}", 1).id == first.id


def test_a_lora_of_another_family_is_refused_before_anything_is_queued(
    workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    base = tmp_path / "base.safetensors"
    unet = "model.diffusion_model.input_blocks."
    save_file(
        {
            f"{unet}0.0.weight": np.zeros((320, 4, 3, 3), np.float16),
            f"{unet}1.1.transformer_blocks.0.attn2.to_k.weight": np.zeros((320, 768), np.float16),
        },
        base,
    )
    workspace.loras.mkdir(parents=True, exist_ok=True)
    key = "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight"
    save_file({key: np.zeros((1, 3072), np.float16)}, workspace.loras / "flux.safetensors")
    request = replace(PLAN.request, prompt="a <lyco:flux:0.8>", checkpoint=str(base))
    plan = replace(PLAN, request=request)
    with pytest.raises(FaultsError, match=r"made for Flux and the base checkpoint is SD1\.5"):
        portraits.submit_portraits(workspace, person.slug, "one", plan, Choices())
    assert Queue(workspace).jobs() == []
