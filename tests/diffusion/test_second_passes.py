"""img2img and hires fix: against data whose answer is known, and on tiny checkpoints."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from PIL import Image  # noqa: E402
from test_sampling import MEAN, SPREAD, exact_checkpoint  # noqa: E402

from lib_t2p.diffusion import sampling  # noqa: E402
from lib_t2p.diffusion.lora_files import LoraFiles  # noqa: E402
from lib_t2p.diffusion.painter import DiffusersPainter  # noqa: E402
from lib_t2p.diffusion.prompts import Conditioning  # noqa: E402
from lib_t2p.diffusion.request_faults import request_faults  # noqa: E402
from lib_t2p.diffusion.samplers import SAMPLERS  # noqa: E402
from lib_t2p.diffusion.sampling import sample  # noqa: E402
from lib_t2p.diffusion.starting_points import (  # noqa: E402
    UPSCALERS,
    Beginning,
    hires_steps,
    img2img_steps,
    open_start,
)
from lib_t2p.errors import PaintingError  # noqa: E402
from lib_t2p.painting.infotext import read_png_infotext, request_from  # noqa: E402
from lib_t2p.painting.request import CellRequest, HiresFix, ScriptCall, StartPicture  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # diffusers under numpy 2
    pytest.mark.slow,
]


@pytest.fixture
def asked(sd15_folder: Path) -> CellRequest:
    return CellRequest(
        "red suit", 5, str(sd15_folder), steps=4, sampler_name="Euler a", width=32, height=40
    )


def start_of(path: Path, denoising: float = 0.5, size: tuple[int, int] = (50, 70)) -> StartPicture:
    values = np.linspace(0, 255, size[0] * size[1] * 3).reshape(size[1], size[0], 3)
    Image.fromarray(values.astype(np.uint8)).save(path)
    return StartPicture(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), denoising)


@pytest.mark.parametrize(
    ("steps", "denoising", "expected"),
    [(20, 0.75, (20, 4)), (20, 1.0, (20, 0)), (20, 0.0, (20, 19)), (25, 0.5, (25, 12))],
)
def test_steps_of_img2img_are_the_webuis(
    steps: int, denoising: float, expected: tuple[int, int]
) -> None:
    assert img2img_steps(steps, denoising) == expected


def test_hires_takes_as_many_steps_as_asked_for() -> None:
    for steps, denoising in ((20, 0.7), (10, 0.33), (7, 1.0)):
        spread, skipped = hires_steps(steps, denoising)
        assert spread - skipped == steps
    assert hires_steps(20, 0.0) == (0, 0)


@pytest.mark.parametrize("denoising", [0.1, 0.8])
@pytest.mark.parametrize("name", SAMPLERS)
def test_data_made_noisy_and_sampled_is_data_again(name: str, denoising: float) -> None:
    request = CellRequest("", 1, "", width=32, height=32, sampler_name=name, cfg_scale=1)
    checkpoint = exact_checkpoint("epsilon")
    painting = sampling._Painting(
        checkpoint,
        request,
        (Conditioning(torch.zeros(1, 77, 4)), None),
        [torch.Generator("cpu").manual_seed(1)],
    )
    data = torch.randn((1, 4, 32, 32), generator=torch.Generator().manual_seed(9)) * SPREAD + MEAN
    # Large steps take these with little precision.
    steps = 150 if name in ("Euler a", "DPM++ 2M SDE", "DPM++ 2M SDE Heun") else 40
    beginning = Beginning(data, *img2img_steps(steps, denoising))
    told: list[tuple[int, int]] = []
    found = sampling._run(
        painting, sampling.find_sampler(name), lambda *at: told.append(at), beginning
    )
    assert float(found.mean()) == pytest.approx(MEAN, abs=0.06)
    assert float(found.std()) == pytest.approx(SPREAD, rel=0.12)
    assert told[-1][0] == told[-1][1]
    alike = float(torch.corrcoef(torch.stack([found.flatten(), data.flatten()]))[0, 1])
    # Little noise leaves the data as it was, much noise hides it.
    assert alike > 0.45 if denoising == 0.1 else alike < 0.35


def test_img2img_is_nearer_to_its_start_the_less_is_painted(
    sd15: Any, asked: CellRequest, tmp_path: Path
) -> None:
    pictures = {
        d: np.asarray(sample(sd15, replace(asked, start=start_of(tmp_path / "s.png", d))), int)
        for d in (0.1, 1.0)
    }
    fresh = np.asarray(sample(sd15, asked), int)
    assert pictures[0.1].shape == (40, 32, 3)
    assert np.abs(pictures[0.1] - fresh).mean() > np.abs(pictures[1.0] - fresh).mean()


@pytest.mark.parametrize("upscaler", UPSCALERS)
def test_hires_fix_paints_a_larger_picture(sd15: Any, asked: CellRequest, upscaler: str) -> None:
    request = replace(asked, hires=HiresFix(1.5, upscaler, 3, 0.6))
    first = sample(sd15, request)
    assert first.size == (48, 56)
    assert first.tobytes() == sample(sd15, request).tobytes()


def test_hires_without_denoising_only_enlarges(sd15: Any, asked: CellRequest) -> None:
    steps: list[int] = []
    hires = HiresFix(2.0, "Latent", 0, 0.0)
    sample(sd15, replace(asked, hires=hires), lambda done, _: steps.append(done))
    assert steps == [1, 2, 3, 4]


def test_a_hires_picture_is_painted_again_from_its_infotext(
    asked: CellRequest, tmp_path: Path
) -> None:
    painter = DiffusersPainter(tmp_path)
    cell = painter.paint(replace(asked, hires=HiresFix(1.5, "Latent (nearest)", 2, 0.55)))
    found = read_png_infotext(cell.png)
    assert found is not None
    again = request_from(found, asked.checkpoint)
    assert again.hires == HiresFix(1.5, "Latent (nearest)", 2, 0.55)
    assert painter.paint(again).png == cell.png


def test_a_start_is_cropped_to_the_shape_that_is_painted(tmp_path: Path) -> None:
    assert open_start(start_of(tmp_path / "ü s.png"), 32, 64).size == (32, 64)


def test_a_start_that_was_changed_or_is_gone_is_refused(tmp_path: Path) -> None:
    start = start_of(tmp_path / "s.png")
    with pytest.raises(PaintingError, match="was changed"):
        open_start(replace(start, print="0" * 64), 8, 8)
    with pytest.raises(PaintingError, match="cannot be read"):
        open_start(replace(start, path=str(tmp_path / "gone.png")), 8, 8)


def test_all_that_our_painter_cannot_do_is_named_at_once(
    asked: CellRequest, tmp_path: Path
) -> None:
    bad = replace(
        asked,
        vae="soft.safetensors",
        scripts=(ScriptCall("ControlNet", "[]"), ScriptCall("ADetailer", "[]")),
        hires=HiresFix(9.0, "R-ESRGAN 4x+", 200, 2.0),
        start=StartPicture(str(tmp_path / "gone.png"), "0", 3.0),
    )
    faults = request_faults(bad, LoraFiles(tmp_path))
    for word in ("ControlNet", "ADetailer", "VAE", "scale", "steps", "R-ESRGAN", "txt2img", "gone"):
        assert any(word in fault for fault in faults), word
    assert len(faults) == 10
