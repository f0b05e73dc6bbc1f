"""The base's training goes on after a kill; in miniature."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skimage")
pytest.importorskip("diffusers")

import torch

from tools.build_base import autoencoder as ae
from tools.build_base import unet
from tools.build_base.tokenizer import train_tokenizer

pytestmark = pytest.mark.slow

PORTRAITS = np.full((2, 96, 96, 3), 120, np.uint8)


class KilledError(Exception):
    pass


def clock(step: float) -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += step


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ae, "SAVE_EVERY", 1)
    monkeypatch.setattr(ae, "SMALL_BATCH", 1)
    monkeypatch.setattr(ae, "SMALL_SIDE", 16)
    monkeypatch.setattr(ae, "LARGE_FROM", 2.0)
    monkeypatch.setattr(unet, "BATCH", 2)


def test_a_killed_autoencoder_goes_on_from_its_last_state(
    few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    whole = ae.reconstruction_loss

    def loss(model: object, batch: object) -> object:
        seen.append(1)
        if len(seen) == 2:
            raise KilledError
        return whole(model, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(ae, "reconstruction_loss", loss)
    with pytest.raises(KilledError):
        ae.train_autoencoder(3, PORTRAITS, tmp_path)
    seen.extend([1, 1])
    before = len(seen)
    trained = ae.train_autoencoder(3, PORTRAITS, tmp_path)
    assert len(seen) - before == 2
    again = ae.train_autoencoder(3, PORTRAITS, tmp_path)
    assert len(seen) - before == 2
    pairs = zip(trained.parameters(), again.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_the_denoiser_counts_the_minutes_of_earlier_builds(few: None, tmp_path: Path) -> None:
    tokenizer = train_tokenizer(["photo of a woman"], tmp_path / "tokenizer")
    ids = tokenizer(
        ["photo of a woman", ""], padding="max_length", max_length=77, return_tensors="pt"
    ).input_ids
    data = unet.Latents(torch.randn(1, 4, 8, 8), ids[:1], ids[1:], 1.0)
    ticks = clock(60.0)
    unet.train_denoiser(data, tokenizer, 1.0, tmp_path, clock=lambda: next(ticks))
    first = torch.load(tmp_path / "denoiser.pt", weights_only=True)
    unet.train_denoiser(data, tokenizer, 3.0, tmp_path, clock=lambda: next(ticks))
    second = torch.load(tmp_path / "denoiser.pt", weights_only=True)
    assert (first["step"], second["step"]) == (1, 3)
    assert second["minutes"] == pytest.approx(3.0)


def test_the_rate_warms_up_stays_and_falls() -> None:
    top = unet.LEARNING_RATE
    assert unet.learning_rate(0, 0.0) < top / 100
    assert unet.learning_rate(500, 0.3) == top
    assert unet.learning_rate(500, 1.0) == pytest.approx(0.03 * top)
