"""Single options of the built-in trainer against their definitions."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lib_t2p.runs.trainers.builtin.adapters import Adapter, AdapterNetwork  # noqa: E402
from lib_t2p.runs.trainers.builtin.conditioning import joined, vary_caption  # noqa: E402
from lib_t2p.runs.trainers.builtin.lora_layers import lora_layer  # noqa: E402
from lib_t2p.runs.trainers.builtin.misses import huber_borders, misses  # noqa: E402
from lib_t2p.runs.trainers.builtin.noise import draw_noise, draw_shown, noise_schedule  # noqa: E402
from lib_t2p.settings.settings import Settings, settings_from  # noqa: E402

CPU = torch.device("cpu")
CAPTION = "ohwx, red hat, smile, park"


def varied(epoch: int = 1, **options: Any) -> str:
    return vary_caption(CAPTION, settings_from(options), random.Random(5), epoch)


def test_prefix_and_suffix_stand_around_the_caption() -> None:
    assert varied(caption_prefix="photo of", caption_suffix="4k") == f"photo of {CAPTION} 4k"


@pytest.mark.parametrize(("epoch", "seen"), [(1, CAPTION), (2, ""), (3, CAPTION), (4, "")])
def test_captions_are_dropped_in_every_second_epoch(epoch: int, seen: str) -> None:
    assert varied(epoch, caption_dropout_every_n_epochs=2) == seen


def test_parts_are_dropped_but_for_the_kept_ones() -> None:
    assert varied(caption_tag_dropout_rate=1.0, keep_tokens=2) == "ohwx, red hat"
    assert varied(caption_tag_dropout_rate=0.0) == CAPTION


def loss(settings: Settings, predicted: float, target: float, timestep: int = 500) -> float:
    shape = (1, 1, 1, 1)
    one, two = torch.full(shape, predicted), torch.full(shape, target)
    schedule = noise_schedule({}, CPU)
    return float(misses(one, two, torch.tensor([timestep]), schedule, settings))


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("l2", 9.0),
        ("l1", 3.0),
        ("huber", 2 * 0.1 * (math.sqrt(9 + 0.01) - 0.1)),
        ("smooth_l1", 2 * (math.sqrt(9 + 0.01) - 0.1)),
    ],
)
def test_each_loss_follows_its_formula(kind: str, wanted: float) -> None:
    settings = settings_from({"loss_type": kind, "huber_schedule": "constant"})
    assert loss(settings, 1.0, -2.0) == pytest.approx(wanted, rel=1e-5)


def test_hubers_border_follows_its_schedule() -> None:
    schedule, ends = noise_schedule({}, CPU), torch.tensor([0, 999])
    exponential = settings_from({"huber_schedule": "exponential", "huber_c": 0.2})
    by_noise = settings_from({"huber_schedule": "snr", "huber_c": 0.2})
    first, last = huber_borders(ends, schedule, exponential).tolist()
    assert (first, last) == (pytest.approx(1.0), pytest.approx(0.2, rel=2e-3))
    first, last = huber_borders(ends, schedule, by_noise).tolist()
    sigma = float(schedule.noise[0] / schedule.signal[0])
    assert first == pytest.approx(0.8 / (1 + sigma) ** 2 + 0.2, rel=1e-4)
    assert last == pytest.approx(0.2, abs=0.01)


def test_an_adaptive_offset_follows_the_latents_mean() -> None:
    bright = torch.full((1, 4, 32, 32), 3.0)
    settings = settings_from({"noise_offset": 0.001, "adaptive_noise_scale": 2.0})
    torch.manual_seed(0)
    plain = draw_noise(bright, settings_from({}))
    torch.manual_seed(0)
    shift = (draw_noise(bright, settings) - plain).mean(dim=(2, 3)).abs()
    torch.manual_seed(0)
    torch.randn_like(bright)
    assert torch.allclose(shift, torch.randn(1, 4, 1, 1).abs().flatten(1) * 6.001, atol=1e-4)


def test_random_perturbation_stays_below_its_strength() -> None:
    noise = torch.zeros(1, 4, 64, 64)
    settings = settings_from({"ip_noise_gamma": 0.5, "ip_noise_gamma_random_strength": True})
    torch.manual_seed(1)
    spreads = [float(draw_shown(noise, settings).std()) for _ in range(20)]
    assert max(spreads) < 0.52
    assert max(spreads) > 2 * min(spreads)


def test_norms_are_limited_and_small_ones_left_alone() -> None:
    torch.manual_seed(1)
    layers = [
        lora_layer(base, rank=2, alpha=3.0, dtype=torch.float32)
        for base in (torch.nn.Linear(6, 5), torch.nn.Conv2d(6, 5, 3))
    ]
    for layer in layers:
        torch.nn.init.normal_(layer.up)
    small = lora_layer(torch.nn.Linear(6, 5), rank=2, alpha=3.0, dtype=torch.float32)
    torch.nn.init.normal_(small.up, std=1e-3)
    before = small.up.clone()
    network = AdapterNetwork(
        (), tuple(Adapter(str(n), la) for n, la in enumerate([*layers, small]))
    )
    network.limit_norms(0.5)
    for layer in layers:
        change = 1.5 * layer.up.flatten(1) @ layer.down.flatten(1)
        assert float(change.detach().norm()) == pytest.approx(0.5, rel=1e-4)
    assert torch.equal(small.up, before)


def test_dropout_changes_training_but_no_samples() -> None:
    torch.manual_seed(1)
    base = torch.nn.Linear(6, 5).requires_grad_(False)
    layer = lora_layer(base, rank=4, alpha=4.0, dtype=torch.float32)
    torch.nn.init.normal_(layer.up)
    given = torch.randn(50, 6)
    plain = layer(given).detach()
    layer.dropout = 0.5
    assert not torch.allclose(layer(given), plain)
    with torch.no_grad():
        torch.testing.assert_close(layer(given), plain, rtol=1e-4, atol=1e-5)
        shares = (layer._scaled(torch.ones(1000, 4)) == 0).float().mean()
    assert float(shares) == 0
    assert float((layer._scaled(torch.ones(1000, 4)) == 0).float().mean()) == pytest.approx(
        0.5, abs=0.05
    )


def test_long_captions_lose_the_marks_between_their_chunks() -> None:
    context = torch.arange(2 * 77.0).view(1, 154, 1)
    kept = joined(context).flatten().tolist()
    assert len(kept) == 152
    assert kept[75:77] == [75.0, 78.0]
    assert (kept[0], kept[-1]) == (0.0, 153.0)
    assert joined(context[:, :77]).shape == (1, 77, 1)
