"""Loading a single `.safetensors` checkpoint with the configurations that we ship."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import diffusers
import torch
import transformers

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.clip_vocabulary import END, START, write_tokenizer_files
from lib_t2p.diffusion.families import UNET, Family
from lib_t2p.diffusion.ldm_names import (
    Source,
    clip_sources,
    open_clip_sources,
    unet_sources,
    vae_sources,
)
from lib_t2p.diffusion.single_file_parts import (
    SD15_TEXT,
    SDXL_TEXT,
    SDXL_TEXT_2,
    VAE,
    read_ahead,
)
from lib_t2p.diffusion.tensor_file import TensorFile
from lib_t2p.errors import CheckpointError

CONFIGS = Path(__file__).with_name("configs")

# Their constructors are untyped.
_diffusers: Any = diffusers
_transformers: Any = transformers

Sources = Callable[[Iterable[str], str], dict[str, Source]]


def load_single_file(
    path: Path,
    family: Family,
    dtype: torch.dtype,
    configs: Path | None = None,
    *,
    file: TensorFile | None = None,
    with_decoder: bool = True,
) -> Checkpoint:
    """Load all parts of a single file; arguments and errors as `load_checkpoint`.

    Args:
        configs: folder with `unet.json`, `vae.json`, ...; the family's own unless given.
        file: the same file when it is being read already.
    """
    folder = configs or CONFIGS / family.value
    tokenizers = _tokenizers(2 if family is Family.SDXL else 1)
    file = file or read_ahead(path, dtype, with_decoder=with_decoder)
    try:
        encoders = [_text_encoder(file, folder, family, dtype)]
        if family is Family.SDXL:
            encoders.append(_second_text_encoder(file, folder, dtype))
        vae = _vae(folder)
        if not with_decoder:
            vae.decoder, vae.post_quant_conv = None, None
        return Checkpoint(
            family=family,
            unet=_filled(file, _unet(folder), unet_sources, UNET, "U-Net", dtype),
            vae=_filled(file, vae, vae_sources, VAE, "VAE", torch.float32),
            text_encoders=tuple(encoders),
            tokenizers=tokenizers,
            scheduler_config=_scheduler(file, folder),
            path=path,
        )
    except _MissingTensorError as error:
        raise CheckpointError(f"{path} {error}: take the complete checkpoint.") from error


class _MissingTensorError(Exception):
    pass


def _unet(folder: Path) -> Any:
    with torch.device("meta"):
        return _diffusers.UNet2DConditionModel(**_config(folder, "unet"))


def _vae(folder: Path) -> Any:
    with torch.device("meta"):
        return _diffusers.AutoencoderKL(**_config(folder, "vae"))


def _text_encoder(file: Any, folder: Path, family: Family, dtype: torch.dtype) -> Any:
    with torch.device("meta"):
        model = _transformers.CLIPTextModel(
            _transformers.CLIPTextConfig(**_config(folder, "text_encoder"))
        )
    prefix = SD15_TEXT if family is Family.SD15 else SDXL_TEXT
    return _with_positions(_filled(file, model, clip_sources, prefix, "text encoder", dtype))


def _second_text_encoder(file: Any, folder: Path, dtype: torch.dtype) -> Any:
    with torch.device("meta"):
        model = _transformers.CLIPTextModelWithProjection(
            _transformers.CLIPTextConfig(**_config(folder, "text_encoder_2"))
        )
    return _with_positions(
        _filled(file, model, open_clip_sources, SDXL_TEXT_2, "second text encoder", dtype)
    )


def _with_positions(model: Any) -> Any:
    # The file does not carry this buffer, and on the meta device it has no values.
    embeddings = model.text_model.embeddings
    count = embeddings.position_embedding.num_embeddings
    embeddings.position_ids = torch.arange(count)[None]
    return model


def _filled(
    file: Any, model: Any, sources: Sources, prefix: str, part: str, dtype: torch.dtype
) -> Any:
    """Fill a model that has no weights yet, tensor by tensor, so that each is held once."""
    wanted = model.state_dict()
    present = set(file.keys())
    tensors = {}
    for name, source in sources(wanted, prefix).items():
        # Some files by merging tools leave `text_model.` out.
        stored = next(
            (n for n in (source.name, source.name.replace("text_model.", "")) if n in present), None
        )
        if stored is None:
            raise _MissingTensorError(f"lacks {source.name} of its {part}")
        tensors[name] = _shaped(_cut(file.get_tensor(stored), source), wanted[name], stored, dtype)
    model.load_state_dict(tensors, assign=True)
    return model


def _cut(tensor: torch.Tensor, source: Source) -> torch.Tensor:
    if source.cut == "transposed":
        return tensor.T.contiguous()
    if not source.cut:
        return tensor
    third = ("first third", "second third", "last third").index(source.cut)
    return tensor.chunk(3)[third].clone()


def _shaped(
    tensor: torch.Tensor, wanted: torch.Tensor, name: str, dtype: torch.dtype
) -> torch.Tensor:
    # A 1x1 convolution and a linear layer hold the same numbers; releases differ in which they use.
    if [s for s in tensor.shape if s != 1] != [s for s in wanted.shape if s != 1]:
        raise _MissingTensorError(
            f"has {name} of shape {tuple(tensor.shape)} instead of {tuple(wanted.shape)}"
        )
    return tensor.reshape(wanted.shape).to(dtype)


def _scheduler(file: Any, folder: Path) -> dict[str, Any]:
    config = _config(folder, "scheduler")
    names = set(file.keys())
    # Empty tensors by which checkpoints made for v-prediction say so.
    if "v_pred" in names:
        config["prediction_type"] = "v_prediction"
    if "ztsnr" in names:
        config["rescale_betas_zero_snr"] = True
    return config


def _tokenizers(count: int) -> tuple[Any, ...]:
    with TemporaryDirectory() as temporary:
        files = write_tokenizer_files(Path(temporary))
        first = _tokenizer(files, END)
        # SDXL's second tokenizer pads with id 0.
        return (first,) if count == 1 else (first, _tokenizer(files, "!"))


def _tokenizer(files: tuple[Path, Path], pad: str) -> Any:
    vocabulary, merges = files
    return _transformers.CLIPTokenizer(
        str(vocabulary),
        str(merges),
        unk_token=END,
        bos_token=START,
        eos_token=END,
        pad_token=pad,
        model_max_length=77,
    )


def _config(folder: Path, name: str) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return config
