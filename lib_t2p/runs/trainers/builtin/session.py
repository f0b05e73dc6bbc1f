"""Everything that a training works with, made from its run folder, in its number formats."""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from lib_t2p.diffusion import Checkpoint, load_checkpoint, quicken, read_ahead
from lib_t2p.jobs.events import Reporter
from lib_t2p.lora import FolderFacts, TrainingFacts, read_header
from lib_t2p.preflight import StepPlan, TrainImage, collect_images, step_plan
from lib_t2p.runs.runs import Run, data_folders
from lib_t2p.runs.trainers.builtin import unused_packages
from lib_t2p.runs.trainers.builtin.adapters import AdapterNetwork, add_network
from lib_t2p.runs.trainers.builtin.conditioning import (
    Conditioner,
    SizeTable,
    size_table,
    varies_captions,
)
from lib_t2p.runs.trainers.builtin.hashing import BaseHashes
from lib_t2p.runs.trainers.builtin.latents import LatentSource
from lib_t2p.runs.trainers.builtin.noise import NoiseSchedule, noise_schedule
from lib_t2p.runs.trainers.builtin.optimizers import make_optimizer, make_scheduler
from lib_t2p.runs.trainers.builtin.sample_times import draws_samples
from lib_t2p.runs.trainers.builtin.saving import ModelWriter
from lib_t2p.settings import Settings, parse_arguments
from lib_t2p.workspace import RunFolder

DTYPES = {"no": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def compute_dtype(settings: Settings) -> torch.dtype:
    """Format of the frozen weights and of the sums in the models."""
    return DTYPES[settings.mixed_precision]


class HalfScaler(torch.amp.GradScaler):
    """Scales the loss so that small gradients survive fp16; also for LoRA weights in fp16."""

    def _unscale_grads_(
        self, optimizer: Any, inv_scale: Any, found_inf: Any, allow_fp16: bool
    ) -> Any:
        # torch refuses fp16 gradients by its last argument, but full_fp16 means just these.
        return super()._unscale_grads_(optimizer, inv_scale, found_inf, True)


def make_scaler(settings: Settings, device: torch.device) -> HalfScaler | None:
    """A scaler for fp16, None for the other formats."""
    return HalfScaler(device.type) if settings.mixed_precision == "fp16" else None


@dataclass(frozen=True)
class Session:
    """The parts of one training, on its device.

    Attributes:
        folder: of the run.
        run: what to train.
        device: where.
        images: what on.
        plan: how long.
        checkpoint: the base; its U-Net and text encoders carry the LoRA.
        network: the LoRA.
        optimizer: of the LoRA.
        scheduler: of the learning rate.
        scaler: of the loss, for fp16; None otherwise.
        schedule: of the noise.
        latents: of the pictures.
        conditioner: of the captions.
        sizes: SDXL's sizes of the pictures.
        writer: of the LoRA files.
    """

    folder: RunFolder
    run: Run
    device: torch.device
    images: Sequence[TrainImage]
    plan: StepPlan
    checkpoint: Checkpoint
    network: AdapterNetwork
    optimizer: Optimizer
    scheduler: LambdaLR
    scaler: HalfScaler | None
    schedule: NoiseSchedule
    latents: LatentSource
    conditioner: Conditioner
    sizes: SizeTable | None
    writer: ModelWriter

    @property
    def settings(self) -> Settings:
        """Of the run."""
        return self.run.settings

    def autocast(self) -> AbstractContextManager[Any]:
        """Mixed precision, or nothing in 32 bit."""
        if self.settings.mixed_precision == "no":
            return nullcontext()
        return torch.autocast(self.device.type, compute_dtype(self.settings))


def choose_device() -> torch.device:
    """CUDA, else Apple's, else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def open_session(
    folder: RunFolder,
    run: Run,
    reporter: Reporter,
    device: torch.device,
) -> Session:
    """Read pictures, load the checkpoint, put the LoRA in and cache what can be cached.

    Raises:
        TrainerError: the pictures cannot be trained on.
        CheckpointError: the base checkpoint cannot be loaded.
        LoraError: `network_weights` does not fit.
    """
    settings, seed = run.settings, run.settings.seed or 0
    path, dtype = Path(run.checkpoint), compute_dtype(settings)
    draws = draws_samples(settings)
    # Read in the background, while diffusers and transformers are imported.
    ahead = None if path.is_dir() else read_ahead(path, dtype, with_decoder=draws)
    images = _images(folder, run, reporter)
    plan = step_plan(images, settings)
    reporter.phase("loading the checkpoint")
    with unused_packages.not_distributed():
        checkpoint = load_checkpoint(
            path, device=device, dtype=dtype, with_decoder=draws, file=ahead
        )
    unused_packages.show()
    if settings.no_half_vae:
        checkpoint.vae.float()
    torch.manual_seed(seed)
    encoders = list(checkpoint.text_encoders)
    if device.type == "cpu" and dtype == torch.float32:
        for model in (checkpoint.unet, *encoders):
            quicken(model)
    network = add_network(checkpoint.family.key_names, checkpoint.unet, encoders, settings)
    if settings.network_weights:
        _load_weights(network, Path(settings.network_weights))
    if settings.gradient_checkpointing:
        _checkpoint_gradients(checkpoint)
    torch.manual_seed(seed)
    latents = LatentSource(checkpoint.vae, images, settings, device)
    if settings.cache_latents:
        reporter.phase("caching latents")
        latents.cache(reporter)
    conditioner = Conditioner(checkpoint, settings)
    if settings.cache_text_encoder_outputs:
        reporter.phase("caching text-encoder outputs")
        conditioner.cache([image.caption for image in images])
    _make_room(checkpoint, settings)
    optimizer = make_optimizer(network, settings)
    facts = _facts(run, checkpoint, images, plan, optimizer)
    return Session(
        folder=folder,
        run=run,
        device=device,
        images=images,
        plan=plan,
        checkpoint=checkpoint,
        network=network,
        optimizer=optimizer,
        scheduler=make_scheduler(optimizer, settings, plan.steps),
        scaler=make_scaler(settings, device),
        schedule=noise_schedule(checkpoint.scheduler_config, device),
        latents=latents,
        conditioner=conditioner,
        sizes=size_table(checkpoint, images, device),
        writer=ModelWriter(folder.model, run, facts, BaseHashes(path)),
    )


def _images(folder: RunFolder, run: Run, reporter: Reporter) -> list[TrainImage]:
    train, reg = data_folders(folder, run)
    images = collect_images(train, reg, run.settings)
    if reg and not any(image.is_reg for image in images):
        reporter.warning(
            f"There are no regularisation images in {reg}: the training goes on without them."
        )
    return images


def _load_weights(network: AdapterNetwork, path: Path) -> None:
    read_header(path)
    network.load(load_file(path), str(path))


def _make_room(checkpoint: Checkpoint, settings: Settings) -> None:
    """Free what neither training nor samples will use."""
    if draws_samples(settings):
        return
    if settings.cache_latents:
        checkpoint.vae.to("meta")
    if settings.cache_text_encoder_outputs and not varies_captions(settings):
        for encoder in checkpoint.text_encoders:
            encoder.to("meta")


def _checkpoint_gradients(checkpoint: Checkpoint) -> None:
    checkpoint.unet.enable_gradient_checkpointing()
    for encoder in checkpoint.text_encoders:
        encoder.gradient_checkpointing_enable({"use_reentrant": False})
        encoder.train()  # transformers checkpoints in training mode only; CLIP has no dropout


def _facts(
    run: Run,
    checkpoint: Checkpoint,
    images: Sequence[TrainImage],
    plan: StepPlan,
    optimizer: Optimizer,
) -> TrainingFacts:
    kind, settings = type(optimizer), run.settings
    arguments = f"({','.join(settings.optimizer_args)})" if settings.optimizer_args else ""
    return TrainingFacts(
        family=checkpoint.family.key_names,
        session=zlib.crc32(f"{run.person}/{run.name}/{settings.seed}".encode()),
        started=time.time(),
        train_images=plan.train_images,
        reg_images=plan.reg_images,
        batches_per_epoch=plan.batches_per_epoch,
        epochs=plan.epochs,
        steps=plan.steps,
        optimizer=f"{kind.__module__}.{kind.__qualname__}{arguments}",
        folders=_folders(images),
        buckets=plan.buckets,
        base_name=checkpoint.path.name,
        base_hashes=None,  # known once they are reckoned
        network_args=parse_arguments(settings.network_args)[0],
    )


def _folders(images: Sequence[TrainImage]) -> list[FolderFacts]:
    facts = []
    for name, is_reg in dict.fromkeys((i.folder, i.is_reg) for i in images):
        inside = [i for i in images if (i.folder, i.is_reg) == (name, is_reg)]
        captions = Counter(i.caption for i in inside)
        repeats = int(name.partition("_")[0])
        facts.append(FolderFacts(name, repeats, len(inside), captions, is_reg))
    return facts
