"""Traps are named before a run starts, with what cures them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from training_fakes import write_pictures

from lib_t2p.diffusion.families import Family
from lib_t2p.preflight.checks.all_findings import errors, findings, value_findings
from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.preflight.checks.gathering import MachineFacts, gather_facts
from lib_t2p.preflight.forecast import Forecast, StepPlan
from lib_t2p.preflight.graphics_cards import Card
from lib_t2p.preflight.training_images import Placement, TrainImage
from lib_t2p.settings.finding import Finding
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from

PLAN = StepPlan(
    train_images=330,
    reg_images=0,
    buckets={(512, 512): 330},
    batches_per_epoch=110,
    steps_per_epoch=110,
    epochs=10,
    steps=1100,
    files=33,
)
FACTS = CheckFacts(plan=PLAN)
ADAPT = {"optimizer_type": "DAdaptAdam", "learning_rate": 1.0}
GOOD: dict[str, Any] = {
    "optimizer_type": "AdamW",
    "learning_rate": 1e-4,
    "network_dim": 32,
    "network_alpha": 32,
    "max_train_epochs": 10,
    "save_every_n_epochs": 1,
    "save_state": True,
}
CARD = Card("RTX 3060", 12288, 11000, 8.6)


def found(values: dict[str, Any], facts: CheckFacts = FACTS) -> dict[str, Finding]:
    return {f.code: f for f in findings(settings_from({**GOOD, **values}), facts)}


def test_good_settings_have_no_findings() -> None:
    assert found({}) == {}


@pytest.mark.parametrize(
    ("code", "severity", "values"),
    [
        ("full-fp16-adaptive", "error", {**ADAPT, "mixed_precision": "fp16", "full_fp16": True}),
        ("adaptive-rate", "error", {**ADAPT, "learning_rate": 1e-4}),
        ("adaptive-rate", "warning", {**ADAPT, "learning_rate": 0.5}),
        ("rate-too-high", "error", {"learning_rate": 1.0}),
        ("long-warmup", "warning", {"lr_scheduler": "cosine", "lr_warmup_steps": 900}),
        ("strong-scale", "warning", {"network_alpha": 64}),
        ("weak-scale", "warning", {"network_alpha": 1}),
        ("high-rank", "note", {"network_dim": 512, "network_alpha": 512}),
        ("saves-only-last", "warning", {"save_every_n_epochs": None}),
        ("save-interval", "warning", {"save_every_n_epochs": 20}),
        ("save-interval-uneven", "note", {"save_every_n_epochs": 3}),
        ("many-models", "warning", {"save_every_n_steps": 10}),
        ("mirrored-faces", "note", {"flip_aug": True}),
        ("sd15-resolution", "warning", {"resolution": "1280"}),
        ("v-prediction", "warning", {"v_parameterization": True}),
    ],
)
def test_a_trap_is_named_and_its_fix_cures_it(
    code: str, severity: str, values: dict[str, Any]
) -> None:
    finding = found(values)[code]
    assert finding.severity == severity
    assert finding.what.endswith(".")
    if finding.fix:
        assert finding.fix_label
        assert code not in found({**values, **finding.fix})


def test_a_healthy_alpha_of_one_with_d_adaptation_is_no_fault() -> None:
    assert found({**ADAPT, "network_dim": 192, "network_alpha": 1}) == {}


@pytest.mark.parametrize(("steps", "named"), [(300, True), (550, True), (1100, False)])
def test_growth_rate_is_held_against_the_steps_of_the_guides_runs(steps: int, named: bool) -> None:
    values = {**ADAPT, "optimizer_args": ["decouple=True", "growth_rate=1.02"]}
    facts = replace(FACTS, plan=replace(PLAN, steps=steps))
    got = found(values, facts)
    assert ("growth-rate" in got) is named
    if named:
        assert "about 370 steps" in got["growth-rate"].what
        assert got["growth-rate"].fix == {"optimizer_args": ("decouple=True",)}


def test_part_filled_buckets_are_counted() -> None:
    buckets = {(512, 512): 100, (448, 576): 100, (576, 448): 130}
    plan = replace(PLAN, buckets=buckets, batches_per_epoch=112, steps_per_epoch=112)
    sentence = found({"train_batch_size": 3}, CheckFacts(plan=plan))["part-filled-buckets"].what
    assert "3 buckets" in sentence
    assert "3 of 112 batches" in sentence
    assert "fill 110" in sentence
    by_steps = found({"train_batch_size": 3, "max_train_epochs": None}, CheckFacts(plan=plan))
    assert "9.8 epochs instead of 10.0" in by_steps["part-filled-buckets"].what


def photo(size: tuple[int, int], resized: tuple[int, int]) -> TrainImage:
    return TrainImage(Path("a.png"), size, 1, "", False, "1_a", Placement((64, 64), resized))


def test_photos_that_are_too_small_are_counted() -> None:
    small, large = photo((400, 400), (512, 512)), photo((900, 900), (512, 512))
    facts = CheckFacts(images=(small, large, large))
    enlarged = found({}, facts)["enlarged-photos"]
    assert "1 of 3 photos" in enlarged.what
    assert enlarged.fix == {"resolution": "384,384"}
    own = found({"enable_bucket": True, "bucket_no_upscale": True}, facts)
    assert "1 of 3 photos" in own["small-photos"].what


@pytest.mark.parametrize(
    ("there", "code", "severity"),
    [
        (0, "no-regularisation-images", "warning"),
        (100, "few-regularisation-images", "warning"),
        (200, "few-regularisation-images", "note"),
        (400, "unused-regularisation-images", "note"),
    ],
)
def test_regularisation_images_are_held_against_pictures_times_repeats(
    there: int, code: str, severity: str
) -> None:
    finding = found({"reg_data_dir": "reg"}, replace(FACTS, regularisation=there))[code]
    assert finding.severity == severity
    assert found({"reg_data_dir": "reg"}, replace(FACTS, regularisation=330)) == {}


def test_what_sdxl_wants_is_said_for_sdxl_only() -> None:
    values = {"clip_skip": 2, "mixed_precision": "fp16"}
    facts = replace(FACTS, family=Family.SDXL)
    codes = set(found(values, facts))
    wanted = {"sdxl-resolution", "sdxl-clip-skip", "sdxl-half-vae", "sdxl-text-encoders"}
    assert codes == wanted
    assert found(values) == {}


def test_a_card_without_bf16_and_32_bit_training_are_warned_of() -> None:
    old = replace(FACTS, card=Card("GTX 1080", 8192, 8000, 6.1))
    assert found({"mixed_precision": "bf16"}, old)["no-bf16"].fix["mixed_precision"] == "fp16"
    assert found({}, old)["full-32-bit"].fix == {"mixed_precision": "fp16"}
    assert found({}, replace(FACTS, card=CARD))["full-32-bit"].fix == {"mixed_precision": "bf16"}


def forecast(**values: Any) -> Forecast:
    return replace(Forecast(10.0, 5000, 10**9, "Measured."), **values)


def test_disk_space_is_refused_or_warned_of() -> None:
    full = replace(FACTS, forecast=forecast(), free_disk_bytes=10**8)
    tight = replace(full, free_disk_bytes=1_050_000_000)
    assert found({}, full)["disk-space"].severity == "error"
    assert found({}, full)["disk-space"].fix == {}
    assert found({}, tight)["disk-space"].severity == "warning"
    assert "save_precision" in found({}, tight)["disk-space"].fix
    assert found({}, replace(full, free_disk_bytes=10**12)) == {}


def test_memory_that_is_short_is_warned_of_and_what_can_never_fit_is_refused() -> None:
    half = {"mixed_precision": "bf16", "train_batch_size": 8}
    short = replace(FACTS, card=replace(CARD, free_mb=6500), forecast=forecast(vram_mb=12000))
    finding = found(half, short)["vram"]
    assert finding.severity == "warning"
    assert finding.fix["gradient_checkpointing"] is True
    small = replace(short, card=Card("GT 1030", 2048, 1900, 8.0))
    assert found(half, small)["vram"].severity == "error"
    tiny = replace(small, base_size=0.01)
    assert found(half, tiny)["vram"].severity == "warning"


def test_options_that_the_trainer_does_not_know_are_refused() -> None:
    values = {"validation_split": 0.1, "validation_seed": 1}
    old = replace(FACTS, trainer="sd-scripts-v0.9.1")
    finding = found(values, old)["unknown-option"]
    assert finding.severity == "error"
    assert found({**values, "validation_split": 0.0, "validation_seed": None}, old) == {}
    assert "unknown-option" not in found(values, replace(FACTS, trainer="sd-scripts-v0.10.1"))


def test_what_only_speeds_sd_scripts_up_is_no_fault_for_the_built_in_trainer() -> None:
    assert found({"sdpa": True, "cache_latents": True, "cache_latents_to_disk": True}) == {}
    assert "unknown-option" in found({"masked_loss": True})


def test_files_that_are_missing_are_named_together(tmp_path: Path) -> None:
    settings = settings_from({**GOOD, "network_weights": str(tmp_path / "no.safetensors")})
    facts = gather_facts(settings, tmp_path, checkpoint=tmp_path / "base.safetensors")
    told = [f.what for f in errors(findings(settings, facts))]
    assert len(told) == 3
    for word in ("network_weights", "checkpoint", "No pictures"):
        assert any(word in sentence for sentence in told)


def test_captions_that_are_not_read_or_broken_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "img" / "10_ohwx woman"
    write_pictures(folder, [(512, 512)] * 3)
    first, second, _ = sorted(folder.iterdir())
    first.with_suffix(".txt").write_text("ohwx woman", encoding="utf-8")
    second.with_suffix(".caption").write_bytes(b"")
    settings = settings_from({**GOOD, "resolution": "512"})
    facts = gather_facts(settings, tmp_path, checkpoint=tmp_path, machine=MachineFacts())
    codes = {f.code: f for f in findings(settings, facts)}
    assert codes["captions-not-read"].fix == {"caption_extension": ".txt"}
    assert codes["broken-captions"].severity == "warning"
    real = findings(settings, replace(facts, trainer="sd-scripts-v0.9.1"))
    assert {f.code: f.severity for f in real}["broken-captions"] == "error"


@pytest.mark.parametrize(
    ("trainer", "family", "step", "mended"),
    [
        ("sd-scripts-v0.8.7", Family.SD15, 1, None),
        ("builtin", Family.SD15, 1, None),
        ("builtin", Family.SDXL, 1, None),
        ("sd-scripts-v0.8.7", Family.SDXL, 1, 32),
        ("sd-scripts-v0.9.1", Family.SD15, 1, 64),
        ("sd-scripts-v0.9.1", Family.SD15, 100, 128),
        ("sd-scripts-v0.10.1", Family.SDXL, 1, 32),
        ("sd-scripts-v0.10.1", Family.SDXL, 32, None),
    ],
)
def test_a_bucket_step_is_kept_where_the_trainer_takes_it(
    trainer: str, family: Family, step: int, mended: int | None
) -> None:
    values = {"enable_bucket": True, "bucket_reso_steps": step}
    finding = found(values, replace(FACTS, trainer=trainer, family=family)).get("bucket-step")
    assert (finding and finding.fix["bucket_reso_steps"]) == mended
    assert "bucket-step" not in found({**values, "enable_bucket": False}, FACTS)


def test_a_bucket_step_that_sd_scripts_asserts_is_refused() -> None:
    values = {"enable_bucket": True, "bucket_reso_steps": 32}
    assert "bucket-step" in found(values, replace(FACTS, trainer="sd-scripts-v0.9.1"))
    assert "bucket-step" not in found(values, replace(FACTS, trainer="sd-scripts-v0.8.7"))
    assert "bucket-step" not in found(values)


def test_values_that_make_no_settings_come_with_fixes() -> None:
    values = {"cache_text_encoder_outputs": True, "network_dim": 0, "learning_rate": "x"}
    told = {f.code: f for f in value_findings(values)}
    assert told["cached-text-encoder"].fix == {"network_train_unet_only": True}
    assert sum(f.code == "bad-value" for f in value_findings(values)) == 2
    assert value_findings(GOOD) == []


def test_the_guides_recipes_are_not_refused_by_any_trainer() -> None:
    for name in ("guide-base", "guide-final", "low-vram", "quick-look"):
        settings = settings_from(load_recipe(name).values)
        for trainer in ("builtin", "sd-scripts-v0.8.7", "sd-scripts-v0.9.1", "sd-scripts-v0.10.1"):
            refused = errors(findings(settings, replace(FACTS, trainer=trainer)))
            assert refused == [], (name, trainer)


@pytest.mark.parametrize(
    ("values", "code", "severity"),
    [
        ({"min_snr_gamma": 5, "debiased_estimation_loss": True}, "two-weightings", "warning"),
        ({"noise_offset": 0.1, "multires_noise_iterations": 6}, "two-noises", "warning"),
        ({"adaptive_noise_scale": 0.1}, "loss-settings", "error"),
        ({"scale_v_pred_loss_like_noise_pred": True}, "loss-settings", "error"),
        ({"v_pred_like_loss": 0.5, "v_parameterization": True}, "loss-settings", "error"),
    ],
)
def test_noise_and_loss_are_refused_only_where_sd_scripts_refuses_them(
    values: dict[str, Any], code: str, severity: str
) -> None:
    facts = replace(FACTS, trainer="sd-scripts-v0.9.1")
    finding = found(values, facts)[code]
    assert finding.severity == severity
    assert code not in found({**values, **finding.fix}, facts)
