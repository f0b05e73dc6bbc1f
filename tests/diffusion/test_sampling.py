"""Samplers against data whose answer is known, and txt2img on tiny checkpoints."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from lib_t2p.diffusion import sampling  # noqa: E402
from lib_t2p.diffusion.families import Family  # noqa: E402
from lib_t2p.diffusion.prompts import Conditioning, encode  # noqa: E402
from lib_t2p.diffusion.samplers import SAMPLERS, find_sampler  # noqa: E402
from lib_t2p.diffusion.sampling import sample, sample_seeds  # noqa: E402
from lib_t2p.errors import PaintingError, StopRequested  # noqa: E402
from lib_t2p.painting.request import CellRequest  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # diffusers under numpy 2
    pytest.mark.slow,
]

REQUEST = CellRequest(
    "red (suit:1.2)", 3, "", width=32, height=40, steps=4, sampler_name="Euler a", cfg_scale=3
)
MEAN, SPREAD = 0.7, 0.4
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


class ExactUnet(torch.nn.Module):
    """Predicts the noise of latents whose values are normal with MEAN and SPREAD, exactly."""

    config = SimpleNamespace(in_channels=4)

    def __init__(self, prediction: str) -> None:
        super().__init__()
        self.here = torch.nn.Parameter(torch.zeros(1))
        self.prediction = prediction
        betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
        self.log_sigmas = ((1 / (1 - betas).cumprod(0) - 1) ** 0.5).log()

    def forward(self, latents: Any, timestep: Any, **_: Any) -> tuple[Any]:
        t = float(timestep)
        low = min(int(t), 998)
        log = self.log_sigmas
        sigma = float((log[low] + (t - low) * (log[low + 1] - log[low])).exp())
        scale = (1 + sigma**2) ** 0.5
        noisy = latents * scale
        noise = (noisy - MEAN) * sigma / (sigma**2 + SPREAD**2)
        if self.prediction == "epsilon":
            return (noise,)
        return ((noise - sigma * (noisy - sigma * noise)) / scale,)


def exact_checkpoint(prediction: str) -> Any:
    unet = ExactUnet(prediction)
    return SimpleNamespace(
        family=Family.SD15,
        unet=unet,
        scheduler_config={**BETAS, "prediction_type": prediction},
        latent_factor=1,
        device=torch.device("cpu"),
        dtype=torch.float32,
    )


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_draws_from_the_data(
    name: str, prediction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "_decode", lambda _checkpoint, latents: [latents])
    # Evenly spaced timesteps end in long steps, which these two take with little precision.
    steps = 150 if name in ("DPM++ 2M SDE", "DPM++ 2M SDE Heun") else 40
    request = CellRequest(
        "", 1, "", width=32, height=32, steps=steps, sampler_name=name, cfg_scale=1
    )
    found: Any = sample(
        exact_checkpoint(prediction),
        request,
        encoder=lambda _prompt, _skip: Conditioning(torch.zeros(1, 77, 4)),
    )
    assert float(found.mean()) == pytest.approx(MEAN, abs=0.06)
    assert float(found.std()) == pytest.approx(SPREAD, rel=0.12)


def test_deterministic_samplers_agree_on_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "_decode", lambda _checkpoint, latents: [latents])
    found: dict[str, Any] = {
        name: sample(
            exact_checkpoint("epsilon"),
            CellRequest("", 1, "", width=8, height=8, steps=60, sampler_name=name, cfg_scale=1),
            encoder=lambda _prompt, _skip: Conditioning(torch.zeros(1, 77, 4)),
        )
        for name in ("Euler", "Heun", "LMS", "DPM2", "DPM++ 2M", "DPM++ 2M Karras", "DDIM", "UniPC")
    }
    reference = found.pop("Heun")
    for name, latents in found.items():
        assert float((latents - reference).abs().max()) < 0.15, name


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_the_same_request_gives_the_same_bytes(family: str, request: pytest.FixtureRequest) -> None:
    checkpoint = request.getfixturevalue(family)
    first = sample(checkpoint, REQUEST)
    assert first.size == (32, 40)
    assert first.tobytes() == sample(checkpoint, REQUEST).tobytes()
    assert first.tobytes() != sample(checkpoint, replace(REQUEST, seed=4)).tobytes()
    assert first.tobytes() != sample(checkpoint, replace(REQUEST, prompt="photo")).tobytes()


@pytest.mark.parametrize("name", ["Euler a", "DPM++ 2M SDE Karras", "DPM++ SDE", "DDIM"])
def test_several_seeds_at_once_equal_single_ones(sd15: Any, name: str) -> None:
    request = replace(REQUEST, sampler_name=name)
    together = sample_seeds(sd15, request, [3, 9])
    for seed, picture in zip([3, 9], together, strict=True):
        alone = np.asarray(sample(sd15, replace(request, seed=seed)), dtype=int)
        assert np.abs(np.asarray(picture, dtype=int) - alone).max() <= 2


def count_passes(checkpoint: Any, request: CellRequest) -> list[int]:
    batches = []
    hook = checkpoint.unet.register_forward_pre_hook(
        lambda _module, inputs: batches.append(inputs[0].shape[0])
    )
    try:
        sample(checkpoint, request)
    finally:
        hook.remove()
    return batches


def test_guidance_of_one_leaves_the_negative_prompt_out(sd15: Any) -> None:
    assert count_passes(sd15, replace(REQUEST, cfg_scale=1)) == [1] * 4
    assert count_passes(sd15, REQUEST) == [2] * 4


def test_prompts_of_different_length_run_apart(sd15: Any) -> None:
    long = replace(REQUEST, prompt="woman " * 80)
    assert count_passes(sd15, long) == [1, 1] * 4


def test_guidance_pushes_away_from_the_negative_prompt(sd15: Any) -> None:
    plain = np.asarray(sample(sd15, replace(REQUEST, steps=8)), dtype=int)
    other = replace(REQUEST, steps=8, negative_prompt="photo")
    assert np.abs(np.asarray(sample(sd15, other), dtype=int) - plain).max() > 0


def test_sdxl_takes_zeros_for_an_empty_negative_prompt(sdxl: Any) -> None:
    _, negative = sampling._conditionings(sdxl, REQUEST, None)
    assert negative is not None
    assert negative.pooled is not None
    assert not negative.context.any()
    assert not negative.pooled.any()
    _, said = sampling._conditionings(sdxl, replace(REQUEST, negative_prompt="red"), None)
    assert said is not None
    assert torch.equal(said.context, encode(sdxl, ["red"]).context)


def test_steps_are_told_and_a_stop_ends_the_picture(sd15: Any) -> None:
    told = []

    def stop_after_two(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise StopRequested("stop")

    with pytest.raises(StopRequested):
        sample(sd15, REQUEST, stop_after_two)
    assert told == [(1, 4), (2, 4)]


def test_numbers_that_overflow_are_named(sd15: Any) -> None:
    bias = sd15.unet.conv_out.bias
    kept = bias.data.clone()
    bias.data.fill_(float("nan"))
    try:
        with pytest.raises(PaintingError, match="float32"):
            sample(sd15, REQUEST)
    finally:
        bias.data.copy_(kept)


def test_impossible_sizes_are_refused(sd15: Any) -> None:
    with pytest.raises(PaintingError, match="multiples of 8"):
        sample(sd15, replace(REQUEST, width=33))


def test_sampler_names_are_found_in_any_case_and_unknown_ones_listed() -> None:
    assert find_sampler("dpm++ 2m  KARRAS") is SAMPLERS["DPM++ 2M Karras"]
    with pytest.raises(PaintingError, match=r"Did you mean Euler a\?.*DDIM"):
        find_sampler("Euler aa")
