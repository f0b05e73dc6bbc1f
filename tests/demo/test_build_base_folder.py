"""The base that lies in the repository, and the proof that the demo person is not in it."""

import json

import numpy as np
import pytest

pytest.importorskip("skimage")
pytest.importorskip("cv2")
pytest.importorskip("diffusers")

import cv2
import diffusers
from skimage import data

from lib_t2p.demo.demo_settings import BASE
from lib_t2p.errors import InputError
from lib_t2p.vision.faces.tools import load_tools
from tools.build_base.checks import check_pool
from tools.build_base.pictures import Pool

LARGEST = 20_000_000


@pytest.fixture(scope="module")
def pipeline() -> object:
    return diffusers.StableDiffusionPipeline.from_pretrained(BASE, safety_checker=None)


def test_the_base_loads_with_the_real_classes(pipeline: object) -> None:
    names = {
        "unet": "UNet2DConditionModel",
        "vae": "AutoencoderKL",
        "text_encoder": "CLIPTextModel",
        "tokenizer": "CLIPTokenizer",
    }
    assert {part: type(getattr(pipeline, part)).__name__ for part in names} == names


def test_the_scheduler_has_the_noise_of_sd15(pipeline: object) -> None:
    config = pipeline.scheduler.config  # type: ignore[attr-defined]
    noise = (config.beta_start, config.beta_end, config.beta_schedule, config.prediction_type)
    assert noise == (0.00085, 0.012, "scaled_linear", "epsilon")


def test_the_text_encoder_pools_at_the_real_end_and_allows_clip_skip(pipeline: object) -> None:
    tokenizer, encoder = pipeline.tokenizer, pipeline.text_encoder  # type: ignore[attr-defined]
    assert encoder.config.eos_token_id == tokenizer.eos_token_id
    assert encoder.config.vocab_size == len(tokenizer)
    assert encoder.config.num_hidden_layers >= 3
    ids = [
        tokenizer(t, padding="max_length", return_tensors="pt").input_ids
        for t in ("photo of a woman", "photo of a cat")
    ]
    pooled = [encoder(i).pooler_output for i in ids]
    assert not np.allclose(pooled[0].detach().float(), pooled[1].detach().float(), atol=1e-3)


def test_the_base_is_small_half_precision_and_licensed() -> None:
    files = [p for p in BASE.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) <= LARGEST
    assert (BASE / "LICENSE.md").read_text(encoding="utf-8").count("build_base") >= 2
    from safetensors import safe_open

    for path in BASE.rglob("*.safetensors"):
        with safe_open(path, framework="pt") as weights:
            assert {weights.get_slice(k).get_dtype() for k in weights.keys()} == {"F16"}  # noqa: SIM118


def test_the_build_recorded_that_the_person_is_not_in_it() -> None:
    figures = json.loads((BASE / "build.json").read_text(encoding="utf-8"))
    assert figures["training_faces_to_person"]["nearest"] > 0.6
    assert figures["base_pictures_to_person"]["mean"] > 0.6
    assert figures["versions"]["torch"]


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_portrait_among_the_pictures_stops_the_build(mirrored: bool) -> None:
    portrait = data.astronaut()[:, :: -1 if mirrored else 1]
    small = cv2.resize(np.ascontiguousarray(portrait), (96, 96), interpolation=cv2.INTER_AREA)
    pool = Pool(np.stack([np.zeros_like(small), small]), ["", ""])
    with pytest.raises(InputError, match="portrait"):
        check_pool(pool, load_tools())
