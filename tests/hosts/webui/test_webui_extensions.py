"""hires fix, img2img, VAEs and other people's extensions in the WebUI."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from test_webui_painter import painter, request
from webui_standin import SD15, Standin, write_header

from lib_t2p.errors import PaintingError
from lib_t2p.hosts.webui.extension_scripts import extensions_there
from lib_t2p.painting.extensions import (
    ControlUnit,
    Detailer,
    adetailer_call,
    controlnet_call,
)
from lib_t2p.painting.request import HiresFix, StartPicture

CANNY = "control_v11p_sd15_canny [d14c016b]"
global_state = SimpleNamespace(
    get_all_controlnet_names=lambda: ["None", CANNY],
    get_all_preprocessor_names=lambda: ["None", "canny", "openpose_full"],
)
model_mapping = {"face_yolov8n.pt": "", "None": ""}


class ControlNet:
    """Finds `global_state` where it stands, as the real one does."""

    args_from, args_to = 3, 6

    def title(self) -> str:
        return "ControlNet"


class ADetailer:
    args_from, args_to = 6, 10

    def title(self) -> str:
        return "ADetailer"


class Seed:
    args_from, args_to = 1, 3

    def title(self) -> str:
        return "Seed"


@pytest.fixture
def base(tmp_path: Path, webui: Standin) -> Path:
    file = write_header(tmp_path / "base model.safetensors", SD15)
    webui.offer_checkpoint(file)
    return file


@pytest.fixture
def extended(webui: Standin) -> Standin:
    webui.txt2img.alwayson_scripts = [Seed(), ControlNet(), ADetailer()]
    return webui


def picture_at(path: Path) -> Path:
    Image.new("RGB", (8, 8), (9, 9, 9)).save(path)
    return path


def test_without_extensions_none_is_there(webui: Standin) -> None:
    assert extensions_there() == {}


def test_what_extensions_list_is_read(extended: Standin) -> None:
    found = extensions_there()
    assert found["ControlNet"].models == (CANNY,)
    assert found["ControlNet"].module_like("none") == "None"
    assert found["ADetailer"].models == ("face_yolov8n.pt",)
    assert found["ControlNet"].model_like("tile", "canny") == CANNY


def test_hires_fix_reaches_the_webui(base: Path, webui: Standin) -> None:
    painter().paint(request(base, hires=HiresFix(1.5, "Latent", 7, 0.4)))
    asked = webui.requests[0]
    assert asked["enable_hr"] is True
    assert (asked["hr_scale"], asked["hr_upscaler"]) == (1.5, "Latent")
    assert (asked["hr_second_pass_steps"], asked["denoising_strength"]) == (7, 0.4)


def test_img2img_begins_with_the_picture(base: Path, webui: Standin, tmp_path: Path) -> None:
    path = picture_at(tmp_path / "stärt.png")
    start = StartPicture(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), 0.3)
    painter().paint(request(base, start=start))
    assert webui.requests[0]["init_images"][0].size == (8, 8)
    assert webui.requests[0]["denoising_strength"] == 0.3
    assert type(webui.jobs[0]).__name__ == "Img2Img"
    path.unlink()
    assert "cannot be read" in painter().faults([request(base, start=start)])[0]


def test_a_vae_is_asked_for_and_one_that_is_not_there_refused(base: Path, webui: Standin) -> None:
    webui.vaes["soft.safetensors"] = "x"
    assert painter().faults([request(base, vae="soft.safetensors")]) == []
    assert "hard" in painter().faults([request(base, vae="hard.safetensors")])[0]
    painter().paint(request(base, vae="soft.safetensors"))
    assert webui.requests[0]["override_settings"]["sd_vae"] == "soft.safetensors"


def test_extensions_get_their_arguments_in_their_places(
    base: Path, extended: Standin, tmp_path: Path
) -> None:
    pose = picture_at(tmp_path / "pose.png")
    calls = (
        controlnet_call([ControlUnit(CANNY, "canny", str(pose), 0.8)]),
        adetailer_call([Detailer()]),
    )
    asked = request(base, scripts=calls)
    assert painter().faults([asked]) == []
    painter().paint(asked)
    job: Any = extended.jobs[0]
    args = job.script_args
    assert args[0] == 0
    assert args[3]["module"] == "canny"
    assert base64.b64decode(args[3]["image"]) == pose.read_bytes()
    assert args[4] == args[5] == {"enabled": False}
    assert args[6:8] == (True, False)
    assert args[8]["ad_model"] == "face_yolov8n.pt"
    assert [one.title() for one in job.scripts.alwayson_scripts] == ["ControlNet", "ADetailer"]
    # The page's own runner is not touched.
    assert len(extended.txt2img.alwayson_scripts) == 3
    assert job.scripts.callback_map is not extended.txt2img.callback_map


def test_pictures_are_left_out_of_what_is_remembered(tmp_path: Path) -> None:
    call = controlnet_call([ControlUnit(CANNY, "canny", str(tmp_path / "pose.png"))])
    assert "image" not in json.loads(call.args)[0]
    assert call.pictures == (("0.image", str(tmp_path / "pose.png")),)


def test_what_is_missing_is_named_before_the_first_picture(
    base: Path, extended: Standin, tmp_path: Path
) -> None:
    units = [ControlUnit("gone [0]", "canny", str(tmp_path / "gone.png"))]
    faults = painter().faults(
        [request(base, scripts=(controlnet_call(units), adetailer_call([Detailer("x.pt")])))]
    )
    for word in ("gone [0]", "gone.png", "x.pt"):
        assert any(word in fault for fault in faults)
    extended.txt2img.alwayson_scripts = []
    faults = painter().faults([request(base, scripts=(adetailer_call([Detailer()]),))])
    assert "not installed" in faults[0]


def test_more_units_than_there_is_room_for_are_refused(base: Path, extended: Standin) -> None:
    asked = request(base, scripts=(controlnet_call([ControlUnit(CANNY)] * 4),))
    with pytest.raises(PaintingError, match="has room for 3"):
        painter().paint(asked)
