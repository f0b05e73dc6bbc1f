"""Minutes, memory and disk: arithmetic first, measurements of this machine before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.diffusion.families import Family
from lib_t2p.jobs.events.events import Event, Metric, Progress, Started
from lib_t2p.preflight.forecast import StepPlan, forecast_run
from lib_t2p.preflight.forecasts.measurements import (
    Measurement,
    Measurements,
    Workload,
    load_measurements,
    record_measurement,
)
from lib_t2p.preflight.forecasts.space import (
    base_size,
    held_mb,
    model_bytes,
    saved_model_count,
    vram_mb,
)
from lib_t2p.preflight.graphics_cards import Card, read_cards
from lib_t2p.runs.durations import measured
from lib_t2p.runs.runs import Run
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import Settings, settings_from

PLAN = StepPlan(330, 330, {(768, 768): 660}, 220, 220, 10, 2200, 363)
CARD = "NVIDIA GeForce RTX 3060"


def final(**values: Any) -> Settings:
    return settings_from({**load_recipe("guide-final").values, **values})


def work(settings: Settings, device: str = CARD, family: Family = Family.SD15) -> Workload:
    return Workload.of(settings, family, "builtin", device)


@pytest.mark.parametrize(
    ("side", "seconds"), [(512, 0.59), (768, 0.87), (1024, 1.35), (1280, 2.11)]
)
def test_without_measurements_the_guides_speeds_are_taken_and_named(
    side: int, seconds: float
) -> None:
    got = forecast_run(final(resolution=side), PLAN, Measurements(), device=CARD)
    assert got.minutes == pytest.approx((2200 * seconds + 20) / 60)
    assert "guide" in got.basis
    assert "nothing was measured" in got.basis


def test_a_processor_is_not_forecast_with_the_guides_card() -> None:
    values = {"resolution": 128, "train_batch_size": 1, "mixed_precision": "no"}
    got = forecast_run(final(**values), PLAN, Measurements(), device="cpu")
    assert got.minutes == pytest.approx((2200 * 2.5 + 20) / 60)
    assert "processor" in got.basis


def test_a_run_of_the_same_kind_gives_the_median_and_its_memory() -> None:
    settings = final()
    runs = [Measurement(work(settings), s, 30.0, 7000) for s in (0.5, 0.4, 2.0)]
    got = forecast_run(settings, PLAN, Measurements(runs), device=CARD)
    assert got.minutes == pytest.approx((2200 * 0.5 + 30) / 60)
    assert got.vram_mb == 7000
    assert got.basis == "Measured on this machine in 3 runs of this kind."


def test_another_resolution_is_scaled_from_what_was_measured() -> None:
    runs = [Measurement(work(final()), 0.5)]
    got = forecast_run(final(resolution=512), PLAN, Measurements(runs), device=CARD)
    assert got.minutes == pytest.approx(2200 * 0.5 * 0.59 / 0.87 / 60)
    assert "768 px" in got.basis


def test_a_small_base_tells_nothing_of_a_whole_one() -> None:
    small = Workload.of(final(), Family.SD15, "builtin", CARD, size=0.01)
    got = forecast_run(final(), PLAN, Measurements([Measurement(small, 0.01)]), device=CARD)
    assert "nothing was measured" in got.basis


def test_accumulated_batches_count_each() -> None:
    one = forecast_run(final(), PLAN, Measurements(), device=CARD).minutes
    three = final(gradient_accumulation_steps=3)
    got = forecast_run(three, PLAN, Measurements(), device=CARD).minutes
    assert got - 1 / 3 == pytest.approx(3 * (one - 1 / 3))


def test_a_lora_has_the_size_of_the_recorded_one(shared: Path) -> None:
    import json

    keys = shared / "contracts" / "sd-scripts" / "lora-sd15-rank4.keys.json"
    shapes = json.loads(keys.read_text(encoding="utf-8"))
    recorded = 0
    for name, shape in shapes.items():
        numbers = 1
        for side in shape:
            numbers *= side
        recorded += 0 if name.endswith(".alpha") else numbers
    settings = settings_from({"network_dim": 4})
    assert model_bytes(settings, Family.SD15) == 4 * recorded


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"save_every_n_epochs": 1}, 10),
        ({"save_every_n_epochs": 3}, 4),
        ({"save_every_n_epochs": None}, 1),
        ({"save_every_n_epochs": 1, "save_last_n_epochs": 2}, 3),
        ({"save_every_n_epochs": None, "save_every_n_steps": 500}, 5),
    ],
)
def test_saved_models_are_counted(values: dict[str, Any], count: int) -> None:
    assert saved_model_count(final(**values), steps=2200, epochs=10) == count


def test_disk_is_models_states_and_latents() -> None:
    settings = final(cache_latents=False)
    model = model_bytes(settings, Family.SD15)
    state = 4 * 2 * model  # 32 bit instead of 16; weights and three numbers of DAdaptAdam
    got = forecast_run(settings, PLAN, Measurements())
    assert got.disk_bytes == 10 * model + 2 * state
    cached = forecast_run(final(), PLAN, Measurements())
    assert cached.disk_bytes - got.disk_bytes == 363 * 96 * 96 * 4 * 4


def test_memory_falls_with_what_saves_memory() -> None:
    settings, family = final(), Family.SD15
    needed = vram_mb(settings, family)
    assert vram_mb(replace(settings, gradient_checkpointing=False), family) > needed
    assert vram_mb(replace(settings, train_batch_size=1), family) < needed
    assert vram_mb(replace(settings, mixed_precision="no"), family) > needed
    assert held_mb(settings, Family.SDXL) > held_mb(settings, family)
    assert vram_mb(final(**load_recipe("low-vram").values), family) < 0.75 * 8192


def test_measurements_are_kept_and_damaged_lines_left_out(tmp_path: Path) -> None:
    first = Measurement(work(final()), 0.5, 12.0, 7000)
    record_measurement(tmp_path, first)
    with (tmp_path / "measurements.jsonl").open("ab") as file:
        file.write(b'{"v": 1, "work": {}}\nnot json\n{"v": 99}\n[]\n')
    second = replace(first, seconds_per_batch=0.6)
    record_measurement(tmp_path, second)
    assert list(load_measurements(tmp_path).runs) == [first, second]
    assert load_measurements(tmp_path / "none").runs == ()


def events(*steps: tuple[float, int]) -> list[Event]:
    return [Started(100.0, "w"), *(Progress(t, done, 9, "step") for t, done in steps)]


def run_on(base: Path) -> Run:
    settings = settings_from({"gradient_accumulation_steps": 2})
    return Run("ann", "a", 1, str(base), "builtin", settings, "ohwx", "woman")


def test_a_run_is_measured_from_its_progress(sd15_base: Path) -> None:
    told = events((110.0, 1), (112.0, 2), (114.0, 3), (130.0, 4), (132.0, 5))
    got = measured(run_on(sd15_base), told, "cpu")
    assert got is not None
    assert got.seconds_per_batch == pytest.approx(1.0)
    assert got.start_seconds == pytest.approx(8.0)
    assert got.work.small_base
    assert measured(run_on(sd15_base), events((110.0, 1), (112.0, 2)), "cpu") is None


def test_what_a_trainer_tells_of_its_speed_goes_first(sd15_base: Path) -> None:
    told = [Metric(1.0, "time/seconds_per_step", n, 4.0) for n in range(3)]
    got = measured(run_on(sd15_base), [*told, Metric(1.0, "memory/peak_mb", 3, 512.0)], "cpu")
    assert got is not None
    assert (got.seconds_per_batch, got.vram_mb) == (2.0, 512)


def test_the_size_of_a_base_is_told_from_its_files(sd15_base: Path, tmp_path: Path) -> None:
    assert base_size(sd15_base, Family.SD15) < 0.05
    assert base_size(tmp_path / "none", Family.SD15) == 1.0


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("NVIDIA GeForce RTX 3060, 12288, 11000, 8.6\n", [Card(CARD, 12288, 11000, 8.6)]),
        ("Tesla, odd, 8192, 8000, 3.7", [Card("Tesla, odd", 8192, 8000, 3.7)]),
        ("Old card, 2048, 1900, [N/A]", [Card("Old card", 2048, 1900)]),
        ("No devices were found", []),
        ("", []),
    ],
)
def test_cards_are_read_from_nvidias_tool(text: str, cards: list[Card]) -> None:
    assert read_cards(lambda _: text) == cards


def test_a_card_of_unknown_age_is_taken_to_have_bf16() -> None:
    assert Card("x", 1, 1).has_bf16
    assert not Card("x", 1, 1, 7.5).has_bf16
