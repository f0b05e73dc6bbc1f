"""Loading checkpoints from folders and single files, without a network."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from lib_t2p.diffusion import clip_vocabulary, ldm_names, single_file  # noqa: E402
from lib_t2p.diffusion.checkpoint_loader import load_checkpoint  # noqa: E402
from lib_t2p.diffusion.families import UNET, Family  # noqa: E402
from lib_t2p.errors import CheckpointError, SetupError  # noqa: E402

pytestmark = pytest.mark.slow

needs_vocabulary = pytest.mark.skipif(
    clip_vocabulary.find_spec("open_clip") is None, reason="open_clip_torch is not installed"
)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a checkpoint was looked for in the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("offline")
def test_folders_of_both_families_load_without_a_network(
    sd15_folder: Path, sdxl_folder: Path
) -> None:
    small, large = load_checkpoint(sd15_folder), load_checkpoint(sdxl_folder)
    assert (small.family, len(small.text_encoders)) == (Family.SD15, 1)
    assert (large.family, len(large.text_encoders)) == (Family.SDXL, 2)
    assert small.latent_factor == 4
    assert not small.unet.training
    assert not any(p.requires_grad for p in small.unet.parameters())


def test_half_precision_spares_the_vae(sd15_folder: Path) -> None:
    loaded = load_checkpoint(sd15_folder, dtype=torch.float16)
    assert (loaded.dtype, loaded.vae.dtype) == (torch.float16, torch.float32)


def test_a_folder_without_weights_says_which_part(sd15_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(sd15_folder, copy)
    (copy / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(CheckpointError, match="vae cannot be loaded"):
        load_checkpoint(copy)


def test_a_folder_with_a_truncated_file_is_refused(sd15_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(sd15_folder, copy)
    file = copy / "unet" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(CheckpointError, match="unet cannot be loaded"):
        load_checkpoint(copy)


def merged(names: dict[str, ldm_names.Source], tensors: dict[str, Any]) -> dict[str, Any]:
    """Undo the cuts: what a single file would hold."""
    found: dict[str, dict[str, Any]] = {}
    for name, source in names.items():
        found.setdefault(source.name, {})[source.cut] = tensors[name]
    return {name: _whole(cuts).clone().contiguous() for name, cuts in found.items()}


def _whole(cuts: dict[str, Any]) -> Any:
    if "" in cuts:
        return cuts[""]
    if "transposed" in cuts:
        return cuts["transposed"].T
    return torch.cat([cuts[c] for c in ("first third", "second third", "last third")])


def write_single(path: Path, source: Any, extra: dict[str, Any]) -> None:
    """Write a loaded checkpoint as the original release would."""
    unet, vae = source.unet.state_dict(), source.vae.state_dict()
    first = source.text_encoders[0].state_dict()
    prefix = single_file.SD15_TEXT if source.family is Family.SD15 else single_file.SDXL_TEXT
    tensors = merged(ldm_names.unet_sources(unet, UNET), unet)
    tensors |= merged(ldm_names.vae_sources(vae, single_file.VAE), vae)
    tensors |= merged(ldm_names.clip_sources(first, prefix), first)
    if source.family is Family.SDXL:
        second = source.text_encoders[1].state_dict()
        tensors |= merged(ldm_names.open_clip_sources(second, single_file.SDXL_TEXT_2), second)
    save_file(tensors | extra, path)


def write_configs(folder: Path, source: Any, origin: Path) -> Path:
    folder.mkdir()
    parts = {"unet": "unet", "vae": "vae", "text_encoder": "text_encoder"}
    if source.family is Family.SDXL:
        parts["text_encoder_2"] = "text_encoder_2"
    for part in parts:
        shutil.copy(origin / part / "config.json", folder / f"{part}.json")
    shutil.copy(origin / "scheduler" / "scheduler_config.json", folder / "scheduler.json")
    return folder


@needs_vocabulary
@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_single_file_gives_the_same_numbers_as_the_folder(
    family: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = request.getfixturevalue(family)
    configs = write_configs(tmp_path / "configs", source, source.path)
    write_single(tmp_path / "one.safetensors", source, {"v_pred": torch.zeros(0)})
    loaded = single_file.load_single_file(
        tmp_path / "one.safetensors", source.family, torch.float32, configs
    )
    pairs = [(loaded.unet, source.unet), (loaded.vae, source.vae)]
    pairs += list(zip(loaded.text_encoders, source.text_encoders, strict=True))
    for ours, theirs in pairs:
        wanted = theirs.state_dict()
        assert all(torch.equal(t, wanted[n]) for n, t in ours.state_dict().items())
    ids = torch.zeros(1, 77, dtype=torch.long)
    last = [e(ids).last_hidden_state for e in (loaded.text_encoders[0], source.text_encoders[0])]
    assert torch.equal(*last)
    assert loaded.scheduler_config["prediction_type"] == "v_prediction"


@needs_vocabulary
def test_a_missing_tensor_is_named(sd15: Any, tmp_path: Path) -> None:
    configs = write_configs(tmp_path / "configs", sd15, sd15.path)
    save_file({UNET + "out.2.bias": torch.zeros(4)}, tmp_path / "one.safetensors")
    with pytest.raises(CheckpointError, match=r"lacks cond_stage_model.* of its text encoder"):
        single_file.load_single_file(
            tmp_path / "one.safetensors", Family.SD15, torch.float32, configs
        )


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_full_size_names_are_those_that_diffusers_converts(family: str) -> None:
    from diffusers.loaders import single_file_utils as theirs

    folder = single_file.CONFIGS / family
    unet, vae = single_file._unet(folder), single_file._vae(folder)
    for model, sources, convert, prefix in (
        (unet, ldm_names.unet_sources, theirs.convert_ldm_unet_checkpoint, UNET),
        (vae, ldm_names.vae_sources, theirs.convert_ldm_vae_checkpoint, single_file.VAE),
    ):
        wanted = model.state_dict()
        names = sources(wanted, prefix)
        original = {source.name: wanted[name] for name, source in names.items()}
        converted = convert(original, dict(model.config))
        assert set(converted) == set(wanted)
        assert all(converted[n] is original[names[n].name] for n in wanted)


def test_the_shipped_configurations_have_the_released_sizes() -> None:
    counts = {}
    for family in ("sd15", "sdxl"):
        unet = single_file._unet(single_file.CONFIGS / family)
        counts[family] = sum(p.numel() for p in unet.parameters())
    assert counts == {"sd15": 859_520_964, "sdxl": 2_567_463_684}


@needs_vocabulary
def test_the_vocabulary_gives_clips_token_numbers() -> None:
    first, second = single_file._tokenizers(2)
    assert first("a photo of a cat").input_ids == [49406, 320, 1125, 539, 320, 2368, 49407]
    assert (len(first), first.pad_token_id, second.pad_token_id) == (49408, 49407, 0)


def test_a_missing_vocabulary_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_vocabulary, "find_spec", lambda _: None)
    with pytest.raises(SetupError, match="open_clip_torch"):
        clip_vocabulary.find_vocabulary()


def test_configurations_are_json_objects() -> None:
    for file in single_file.CONFIGS.rglob("*.json"):
        assert isinstance(json.loads(file.read_text(encoding="utf-8")), dict)
