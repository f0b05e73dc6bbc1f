"""The built-in trainer on tiny bases with the real classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from training_fakes import RecordingReporter, make_person, make_run

from lib_t2p.errors import LoraError, T2PError, TrainerError
from lib_t2p.lora.header import read_header
from lib_t2p.runs.runs import saved_models
from lib_t2p.workspace.person import RunFolder

torch = pytest.importorskip("torch")

from lib_t2p.runs.trainers.builtin.loop import train  # noqa: E402

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")


def train_tiny(folder: RunFolder) -> RecordingReporter:
    reporter = RecordingReporter()
    train(folder, reporter, CPU)
    return reporter


def tensors(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(path))


def ups(path: Path) -> float:
    return sum(float(t.abs().sum()) for k, t in tensors(path).items() if "lora_up" in k)


@pytest.mark.parametrize("base", ["sd15_base", "sdxl_base"])
def test_the_saved_lora_loads_through_diffusers_and_changes_the_output(
    tmp_path: Path, base: str, request: pytest.FixtureRequest
) -> None:
    from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

    root = request.getfixturevalue(base)
    folder = make_run(make_person(tmp_path), root, learning_rate=0.05)
    train_tiny(folder)
    kind = StableDiffusionXLPipeline if base == "sdxl_base" else StableDiffusionPipeline
    pipeline = kind.from_pretrained(str(root), local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)

    def draw() -> Any:
        noise = torch.Generator().manual_seed(3)
        options = {"num_inference_steps": 2, "height": 32, "width": 32, "output_type": "np"}
        return pipeline("blh woman", generator=noise, **options).images

    before = draw()
    model = saved_models(folder)[-1]
    pipeline.load_lora_weights(str(model.path.parent), weight_name=model.path.name)
    assert abs(draw() - before).max() > 0.001
    loaded = {n for n, _ in pipeline.unet.named_modules() if n.endswith("lora_A")}
    wanted = [k for k in tensors(model.path) if k.startswith("lora_unet") and k.endswith(".alpha")]
    assert len(loaded) == len(wanted)


def test_each_epoch_is_saved_with_its_metadata(tmp_path: Path, sd15_base: Path) -> None:
    folder = make_run(make_person(tmp_path), sd15_base, save_precision="fp16")
    train_tiny(folder)
    models = saved_models(folder)
    assert [(m.stem, m.epoch, m.step) for m in models] == [
        ("t2p_ada_first_e01", 1, 2),
        ("t2p_ada_first_e02", 2, 4),
    ]
    header = read_header(models[-1].path)
    assert {i.dtype for i in header.tensors.values()} == {"F16"}
    assert header.metadata["ss_network_dim"] == "4"
    assert header.metadata["ss_optimizer"] == "torch.optim.adamw.AdamW"
    assert header.metadata["ss_dataset_dirs"] == (
        '{"1_blh woman": {"n_repeats": 1, "img_count": 4}}'
    )
    assert "photo-" not in str(header.metadata)


def test_the_hashes_of_the_base_are_those_of_the_file(tmp_path: Path) -> None:
    from lib_t2p.lora.metadata import base_hashes
    from lib_t2p.runs.trainers.builtin.hashing import BaseHashes

    base = tmp_path / "base.safetensors"
    base.write_bytes(bytes(range(256)) * 5000)
    assert BaseHashes(base).result() == base_hashes(base)
    assert BaseHashes(tmp_path).result() is None


def test_convolutions_are_trained_with_their_own_rank_only_when_asked(
    tmp_path: Path, sd15_base: Path
) -> None:
    person = make_person(tmp_path)
    with_conv = make_run(person, sd15_base, "conv", max_train_steps=1, max_train_epochs=None)
    without = make_run(
        person, sd15_base, "plain", max_train_steps=1, max_train_epochs=None, network_args=[]
    )
    train_tiny(with_conv)
    train_tiny(without)
    key = "lora_unet_down_blocks_0_resnets_0_conv1.lora_down.weight"
    both = tensors(saved_models(with_conv)[0].path)
    assert both[key].shape == (2, 16, 3, 3)
    assert both["lora_unet_down_blocks_0_resnets_0_time_emb_proj.lora_down.weight"].shape[0] == 4
    assert not any("resnets" in k for k in tensors(saved_models(without)[0].path))


def test_training_resumed_in_the_middle_equals_one_that_ran_through(
    tmp_path: Path, sd15_base: Path
) -> None:
    options: dict[str, Any] = {
        "save_last_n_epochs_state": 9,
        "lr_scheduler": "cosine",
        "noise_offset": 0.1,
        "flip_aug": True,
        "shuffle_caption": True,
    }
    person = make_person(tmp_path, pictures=5)
    through = make_run(person, sd15_base, "through", **options)
    whole = train_tiny(through)
    halves = make_run(person, sd15_base, "halves", **options)
    state = through.model / "state" / "step-00000003"
    (halves.model / "state").mkdir(parents=True)
    state.rename(halves.model / "state" / state.name)
    rest = train_tiny(halves)
    assert rest.metrics["loss/current"] == whole.metrics["loss/current"][3:]
    assert rest.metrics["loss/average"] == whole.metrics["loss/average"][3:]
    one = tensors(saved_models(through)[-1].path)
    two = tensors(saved_models(halves)[-1].path)
    assert one.keys() == two.keys()
    assert all(bool((one[k] == two[k]).all()) for k in one)


def test_a_state_in_mid_epoch_resumes_exactly(tmp_path: Path, sd15_base: Path) -> None:
    person = make_person(tmp_path, pictures=6)
    options: dict[str, Any] = {"save_every_n_steps": 2, "save_last_n_epochs_state": 9}
    through = make_run(person, sd15_base, "through", **options)
    whole = train_tiny(through)
    assert "t2p_ada_through_e01_s000002" in {m.stem for m in saved_models(through)}
    state = through.model / "state" / "step-00000002"
    again = make_run(person, sd15_base, "again", resume=str(state), **options)
    assert train_tiny(again).metrics["loss/current"] == whole.metrics["loss/current"][2:]


def test_a_half_written_state_is_never_trusted(tmp_path: Path, sd15_base: Path) -> None:
    folder = make_run(make_person(tmp_path), sd15_base)
    (folder.model / "state" / "step-00000099.part").mkdir(parents=True)
    (folder.model / "state" / "step-00000098").mkdir()
    reporter = train_tiny(folder)
    assert reporter.metrics["loss/current"][0][0] == 1


def test_old_states_are_removed(tmp_path: Path, sd15_base: Path) -> None:
    folder = make_run(make_person(tmp_path), sd15_base)
    train_tiny(folder)
    assert [p.name for p in (folder.model / "state").iterdir()] == ["step-00000004"]


@pytest.mark.parametrize(
    ("optimizer", "arguments", "rate"),
    [
        ("AdamW", ["weight_decay=0.1", "betas=0.9,0.99"], 1e-3),
        ("DAdaptAdam", ["decouple=True", "weight_decay=0.2", "use_bias_correction=True"], 1.0),
        ("Prodigy", ["decouple=True", "d_coef=2.0", "safeguard_warmup=True"], 1.0),
    ],
)
def test_each_optimizer_learns_and_resumes(
    tmp_path: Path, sd15_base: Path, optimizer: str, arguments: list[str], rate: float
) -> None:
    person = make_person(tmp_path)
    options: dict[str, Any] = {
        "optimizer_type": optimizer,
        "optimizer_args": arguments,
        "learning_rate": rate,
        "save_last_n_epochs_state": 9,
    }
    folder = make_run(person, sd15_base, "one", **options)
    whole = train_tiny(folder)
    assert ups(saved_models(folder)[-1].path) > 0
    assert ("lr/d*lr" in whole.metrics) == (optimizer != "AdamW")
    state = folder.model / "state" / "step-00000002"
    again = make_run(person, sd15_base, "two", resume=str(state), **options)
    assert train_tiny(again).metrics["loss/current"] == whole.metrics["loss/current"][2:]


@pytest.mark.parametrize(
    "changes",
    [
        {"mixed_precision": "bf16"},
        {"mixed_precision": "bf16", "full_bf16": True},
        {"mixed_precision": "fp16"},
        {"mixed_precision": "fp16", "full_fp16": True, "optimizer_args": ["eps=1e-4"]},
        {"gradient_checkpointing": True},
        {"resolution": "36,45"},
        {"resolution": "36,45", "cache_latents": False, "enable_bucket": True}
        | {"bucket_reso_steps": 1, "min_bucket_reso": 16, "max_bucket_reso": 64},
        {"gradient_accumulation_steps": 2},
        {"cache_latents": False, "flip_aug": True},
        {"min_snr_gamma": 5.0, "noise_offset": 0.05},
        {"multires_noise_iterations": 4, "ip_noise_gamma": 0.1},
        {"debiased_estimation_loss": True, "v_parameterization": True},
        {"network_train_unet_only": True, "cache_text_encoder_outputs": True},
        {"network_train_text_encoder_only": True},
        {"caption_dropout_rate": 1.0, "clip_skip": 2},
        {"lr_scheduler": "polynomial", "lr_warmup_steps": 1},
        {"loss_type": "huber", "huber_schedule": "exponential", "network_dropout": 0.2},
        {"scale_weight_norms": 0.5, "max_token_length": 150, "caption_tag_dropout_rate": 0.5},
        {"noise_offset": 0.1, "noise_offset_random_strength": True, "adaptive_noise_scale": 0.1},
    ],
    ids="-".join,
)
def test_each_feature_trains(tmp_path: Path, sd15_base: Path, changes: dict[str, Any]) -> None:
    folder = make_run(make_person(tmp_path), sd15_base, learning_rate=0.01, **changes)
    train_tiny(folder)
    assert ups(saved_models(folder)[-1].path) > 0


def test_only_the_named_part_is_trained(tmp_path: Path, sdxl_base: Path) -> None:
    person = make_person(tmp_path)
    unet = make_run(person, sdxl_base, "unet", network_train_unet_only=True)
    text = make_run(person, sdxl_base, "text", network_train_text_encoder_only=True)
    for folder in (unet, text):
        train_tiny(folder)
    of_unet = {k.split("_")[1] for k in tensors(saved_models(unet)[0].path)}
    of_text = {k.split("_")[1] for k in tensors(saved_models(text)[0].path)}
    assert (of_unet, of_text) == ({"unet"}, {"te1", "te2"})


def test_regularisation_images_double_the_steps_and_count_by_their_weight(
    tmp_path: Path, sd15_base: Path
) -> None:
    person = make_person(tmp_path, regs=2)
    options: dict[str, Any] = {"reg_data_dir": "reg", "train_batch_size": 8}
    plain = make_run(person, sd15_base, "plain", **options)
    weak = make_run(person, sd15_base, "weak", prior_loss_weight=0.0, **options)
    one, two = train_tiny(plain), train_tiny(weak)
    assert len(one.metrics["loss/current"]) == 2
    assert two.metrics["loss/current"][0][1] < one.metrics["loss/current"][0][1]


def test_missing_regularisation_images_are_a_warning(tmp_path: Path, sd15_base: Path) -> None:
    folder = make_run(make_person(tmp_path), sd15_base, reg_data_dir="reg")
    assert "no regularisation images" in train_tiny(folder).warnings[0]


def test_the_six_tags_of_the_guide_stand_in_tensorboard(tmp_path: Path, sd15_base: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = make_run(
        make_person(tmp_path), sd15_base, optimizer_type="DAdaptAdam", learning_rate=1.0
    )
    train_tiny(folder)
    events = EventAccumulator(str(folder.tb))
    events.Reload()
    assert set(events.Tags()["scalars"]) == {
        "loss/current",
        "loss/average",
        "loss/epoch",
        "lr/unet",
        "lr/textencoder",
        "lr/d*lr",
    }
    assert [e.step for e in events.Scalars("loss/current")] == [1, 2, 3, 4]
    assert [e.step for e in events.Scalars("loss/epoch")] == [1, 2]


def test_samples_are_drawn_and_leave_the_training_as_it_is(tmp_path: Path, sd15_base: Path) -> None:
    from PIL import Image

    person = make_person(tmp_path)
    prompt = "blh woman --w 64 --h 32 --s 2 --d 5 --l 2.5 --n red\n# nothing"
    options: dict[str, Any] = {"sample_prompts": prompt, "sample_every_n_epochs": 1}
    plain = train_tiny(make_run(person, sd15_base, "plain"))
    folder = make_run(person, sd15_base, "samples", sample_at_first=True, **options)
    drawn = train_tiny(folder)
    assert [Path(p).name for p in drawn.images] == ["e00_00.png", "e01_00.png", "e02_00.png"]
    with Image.open(drawn.images[0]) as picture:
        assert (picture.size, picture.getexif()) == ((64, 32), {})
    assert drawn.metrics["loss/current"] == plain.metrics["loss/current"]


def test_training_goes_on_with_given_weights(tmp_path: Path, sd15_base: Path) -> None:
    person = make_person(tmp_path)
    first = make_run(person, sd15_base, "one", learning_rate=0.05)
    train_tiny(first)
    start = saved_models(first)[-1].path
    still = make_run(person, sd15_base, "two", network_weights=str(start), learning_rate=1e-9)
    train_tiny(still)
    assert ups(saved_models(still)[-1].path) == pytest.approx(ups(start), rel=1e-3)


def test_weights_of_another_rank_are_refused(tmp_path: Path, sd15_base: Path) -> None:
    person = make_person(tmp_path)
    first = make_run(person, sd15_base, "one")
    train_tiny(first)
    start = str(saved_models(first)[-1].path)
    other = make_run(person, sd15_base, "two", network_weights=start, network_dim=8)
    with pytest.raises(LoraError, match="does not fit"):
        train_tiny(other)


def test_a_folder_without_pictures_is_refused(tmp_path: Path, sd15_base: Path) -> None:
    folder = make_run(make_person(tmp_path, pictures=0), sd15_base)
    with pytest.raises(TrainerError, match="No pictures to train on"):
        train_tiny(folder)


def test_damaged_pictures_are_all_named(tmp_path: Path, sd15_base: Path) -> None:
    person = make_person(tmp_path)
    pictures = person.dataset(1).img / "1_blh woman"
    (pictures / "empty.png").touch()
    (pictures / "text.jpg").write_text("no picture")
    folder = make_run(person, sd15_base)
    with pytest.raises(TrainerError, match=r"(?s)empty\.png.*text\.jpg"):
        train_tiny(folder)


def test_a_truncated_picture_is_named(tmp_path: Path, sd15_base: Path) -> None:
    person = make_person(tmp_path)
    picture = person.dataset(1).img / "1_blh woman" / "photo-1.png"
    picture.write_bytes(picture.read_bytes()[:500])
    with pytest.raises(TrainerError, match=r"photo-1\.png is damaged"):
        train_tiny(make_run(person, sd15_base))


def test_a_broken_checkpoint_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "base.safetensors"
    broken.write_bytes(b"nothing")
    folder = make_run(make_person(tmp_path), broken)
    with pytest.raises(T2PError, match=r"base\.safetensors"):
        train_tiny(folder)


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path, sd15_base: Path) -> None:
    folder = make_run(
        make_person(tmp_path), sd15_base, learning_rate=10.0, max_grad_norm=0, max_train_epochs=60
    )
    with pytest.raises(TrainerError, match="no number any more"):
        train_tiny(folder)


def test_a_full_disk_ends_the_training_with_that_sentence(
    tmp_path: Path, sd15_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    folder = make_run(make_person(tmp_path), sd15_base)

    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(T2PError, match="disk is full"):
        train_tiny(folder)
    assert saved_models(folder) == []


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA card")
@pytest.mark.parametrize("precision", ["fp16", "bf16"])
def test_training_on_a_card_resumes_exactly(
    tmp_path: Path, sd15_base: Path, precision: str
) -> None:
    person = make_person(tmp_path)
    options: dict[str, Any] = {"mixed_precision": precision, "save_last_n_epochs_state": 9}
    folder = make_run(person, sd15_base, "one", **options)
    whole = RecordingReporter()
    train(folder, whole, torch.device("cuda"))
    state = folder.model / "state" / "step-00000002"
    again = make_run(person, sd15_base, "two", resume=str(state), **options)
    rest = RecordingReporter()
    train(again, rest, torch.device("cuda"))
    losses = [value for _, value in whole.metrics["loss/current"][2:]]
    assert [v for _, v in rest.metrics["loss/current"]] == pytest.approx(losses, rel=1e-3)
