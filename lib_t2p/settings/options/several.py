"""Several cards, and compilers."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.lists import DYNAMO, DYNAMO_OF
from lib_t2p.settings.options.option import option

_PLACES = ("cpu", "nvme")


@dataclass(frozen=True)
class SeveralOptions:
    """torch.compile, data-parallel training and DeepSpeed."""

    torch_compile: bool = option(
        False, "Compile", "Compile the model first: slow start, faster steps.", gui=""
    )
    dynamo_backend: str = option(
        "inductor",
        "Compiler",
        "What compiles.",
        choices=DYNAMO,
        choices_of=DYNAMO_OF,
    )
    ddp_timeout: int | None = option(
        None,
        "Timeout between cards",
        "How long one card waits for another; 30 when empty.",
        unit="min",
        minimum=1,
        maximum=10_000,
        gui="",
    )
    ddp_gradient_as_bucket_view: bool = option(
        False, "Gradients in place", "Saves memory with several cards.", gui=""
    )
    ddp_static_graph: bool = option(
        False, "Static graph", "Faster with several cards, when nothing changes.", gui=""
    )
    deepspeed: bool = option(False, "DeepSpeed", "Train with DeepSpeed.", gui="")
    zero_stage: int = option(
        2,
        "DeepSpeed stage",
        "How much is split between cards.",
        choices=("0", "1", "2", "3"),
        gui="",
    )
    offload_optimizer_device: str | None = option(
        None, "Optimizer goes to", "Where DeepSpeed keeps its state.", choices=_PLACES, gui=""
    )
    offload_optimizer_nvme_path: str = option(
        "",
        "Folder for the optimizer",
        "On an NVMe drive.",
        gui="",
        path=True,
    )
    offload_param_device: str | None = option(
        None, "Weights go to", "Where DeepSpeed keeps weights.", choices=_PLACES, gui=""
    )
    offload_param_nvme_path: str = option(
        "",
        "Folder for weights",
        "On an NVMe drive.",
        gui="",
        path=True,
    )
    zero3_init_flag: bool = option(
        False, "Stage 3 start", "Split the model while loading it.", gui=""
    )
    zero3_save_16bit_model: bool = option(
        False, "Stage 3 saves 16 bit", "Save the whole model in 16 bit.", gui=""
    )
    fp16_master_weights_and_gradients: bool = option(
        False, "DeepSpeed in fp16", "Weights and gradients in fp16.", gui=""
    )
