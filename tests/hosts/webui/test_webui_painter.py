"""Painting with the WebUI's own txt2img."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from webui_standin import SD15, Standin, write_header

from lib_t2p.errors import PaintingError, StopRequested
from lib_t2p.hosts.webui.webui_painter import WebuiPainter
from lib_t2p.painting.infotext import read_png_infotext
from lib_t2p.painting.request import CellRequest


@pytest.fixture
def base(tmp_path: Path, webui: Standin) -> Path:
    file = write_header(tmp_path / "base model.safetensors", SD15)
    webui.offer_checkpoint(file)
    return file


def request(base: Path, prompt: str = "photo", **given: object) -> CellRequest:
    return CellRequest(prompt, 7, str(base), width=64, height=64, **given)  # type: ignore[arg-type]


def painter(on_step: object = lambda done, total: None) -> WebuiPainter:
    return WebuiPainter("AUTOMATIC1111 1.10.1", on_step)  # type: ignore[arg-type]


def test_a_picture_is_painted_under_the_queue_lock_with_its_infotext(
    base: Path, webui: Standin
) -> None:
    painted = painter().paint(request(base, "photo of ohwx"))
    assert webui.locked == [True]
    assert not webui.lock.locked()
    assert webui.state.jobs == ["Text to Person", "end"]
    infotext = read_png_infotext(painted.png)
    assert infotext is not None
    assert infotext.prompt == "photo of ohwx\nSteps: 1"


def test_the_checkpoint_is_named_by_the_webuis_title(base: Path, webui: Standin) -> None:
    painter().paint(request(base, clip_skip=2))
    assert webui.requests[0]["override_settings"] == {
        "sd_model_checkpoint": "base model.safetensors [abc]",
        "CLIP_stop_at_last_layers": 2,
    }


def test_interrupt_in_the_webui_stops_the_grid(base: Path, webui: Standin) -> None:
    webui.on_step = webui.state.interrupt
    with pytest.raises(StopRequested, match="Interrupted"):
        painter().paint(request(base))
    assert not webui.state.interrupted
    assert not webui.lock.locked()


def test_a_stopped_job_ends_the_picture_at_hand(base: Path, webui: Standin) -> None:
    def stop(done: int, total: int) -> None:
        raise StopRequested("stopped by the person")

    painting = painter(stop)
    seen: list[bool] = []

    def step() -> None:
        painting.between_steps(1, 2)
        seen.append(webui.state.interrupted)

    webui.on_step = step
    with pytest.raises(StopRequested, match="by the person"):
        painting.paint(request(base))
    assert seen == [True]


def test_a_picture_of_somebody_else_is_left_alone(webui: Standin) -> None:
    def stop(done: int, total: int) -> None:
        raise StopRequested("stopped by the person")

    painter(stop).between_steps(1, 2)
    assert not webui.state.interrupted


def test_no_picture_is_an_error(base: Path, webui: Standin) -> None:
    webui.images = 0
    with pytest.raises(PaintingError, match="gave no picture"):
        painter().paint(request(base))
    assert not webui.lock.locked()


def test_all_faults_are_named_before_the_first_picture(
    base: Path, webui: Standin, tmp_path: Path
) -> None:
    sdxl = {"lora_te2_x.lora_down.weight": [4, 4]}
    lora = write_header(tmp_path / "other.safetensors", sdxl)
    webui.loras["other"] = SimpleNamespace(filename=str(lora))
    unlisted = write_header(tmp_path / "unlisted.safetensors", SD15)
    faults = painter().faults(
        [
            request(base, "a <lora:gone:1>"),
            request(base, "a <lora:other:1>"),
            request(unlisted, "a"),
            request(tmp_path / "missing.safetensors", "a"),
            request(base, "a <lora:gone:0.5>"),
        ]
    )
    assert len(faults) == 4
    assert "does not know the LoRA 'gone'" in faults[0]
    assert "made for SDXL" in faults[1]
    assert "does not list the checkpoint unlisted.safetensors" in faults[2]
    assert "There is no checkpoint" in faults[3]


def test_what_the_webui_stumbles_over_is_a_sentence(webui: Standin, base: Path) -> None:
    def stumble() -> None:
        raise ArithmeticError("A tensor with NaNs was produced in Unet.")

    webui.on_step = stumble
    with pytest.raises(PaintingError, match="could not paint this picture .*NaNs.*see its log"):
        painter().paint(request(base))
    assert webui.lock.acquire(blocking=False)
