"""A stand-in for the WebUI: the names that `hosts/webui` uses of `modules.*`, and what they do.

`test_standin_surface.py` checks each of them against what the real hosts were seen to offer, and
`tests/host` runs the same acts inside a real one.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from PIL import Image

SD15 = {
    "model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3],
    "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": [320, 768],
}


def write_header(path: Path, shapes: dict[str, list[int]]) -> Path:
    """A safetensors file of zeros in F16."""
    header, end = {}, 0
    for name, shape in shapes.items():
        size = 2
        for side in shape:
            size *= side
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    body = json.dumps(header).encode()
    path.write_bytes(len(body).to_bytes(8, "little") + body + bytes(end))
    return path


@dataclass
class State:
    """`shared.state`."""

    interrupted: bool = False
    jobs: list[str] = field(default_factory=list)

    def begin(self, job: str) -> None:
        self.interrupted = False
        self.jobs.append(job)

    def end(self) -> None:
        self.jobs.append("end")

    def interrupt(self) -> None:
        self.interrupted = True


@dataclass
class Runner:
    """`scripts.scripts_txt2img`, as far as always-on scripts go."""

    alwayson_scripts: list[Any] = field(default_factory=list)
    callback_map: dict[str, Any] = field(default_factory=dict)


@dataclass
class Standin:
    """The parts that a test looks at.

    Attributes:
        requests: the keyword arguments of each txt2img.
        on_step: called in the middle of each picture, as a sampler calls `on_cfg_denoiser`.
        locked: whether the queue lock was held at each picture.
        model_data: of `sd_models`; a picture loads the checkpoint where there is none.
        loads: how often one was loaded.
    """

    root: Path
    cmd_opts: SimpleNamespace
    state: State = field(default_factory=State)
    lock: Any = field(default_factory=threading.Lock)
    callbacks: dict[str, list[Callable[..., Any]]] = field(default_factory=dict)
    checkpoints: dict[str, Any] = field(default_factory=dict)
    loras: dict[str, Any] = field(default_factory=dict)
    vaes: dict[str, str] = field(default_factory=dict)
    txt2img: Any = field(default_factory=Runner)
    img2img: Any = field(default_factory=Runner)
    jobs: list[Any] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    locked: list[bool] = field(default_factory=list)
    on_step: Callable[[], None] = lambda: None
    images: int = 1
    version: str = "v1.10.1"
    model_data: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(sd_model=None, loaded_sd_models=[])
    )
    loads: int = 0

    def offer_checkpoint(self, file: Path) -> str:
        """Put a checkpoint on the WebUI's list; gives its title."""
        title = f"{file.name} [abc]"
        info = SimpleNamespace(filename=str(file), title=title)
        self.checkpoints[title] = info
        return title

    def list_loras(self) -> None:
        """`networks.list_available_networks`: what lies in the folder of LoRAs."""
        for file in (self.root / "models" / "Lora").rglob("*.safetensors"):
            self.loras[file.stem] = SimpleNamespace(filename=str(file))

    def process_images(self, job: Any) -> Any:
        """`processing.process_images`."""
        self.locked.append(self.lock.locked())
        if self.model_data.sd_model is None:
            self.loads += 1
            self.model_data.sd_model = SimpleNamespace(device="cpu")
            self.model_data.loaded_sd_models.append(self.model_data.sd_model)
        self.requests.append(job.given)
        self.jobs.append(job)
        self.on_step()
        pictures = [Image.new("RGB", (job.given["width"], job.given["height"]))] * self.images
        return SimpleNamespace(images=pictures, infotexts=[f"{job.given['prompt']}\nSteps: 1"])


@dataclass
class Opts:
    """`shared.opts`."""

    data: dict[str, Any] = field(default_factory=dict)
    data_labels: dict[str, Any] = field(default_factory=dict)

    def add_option(self, key: str, info: Any) -> None:
        self.data_labels[key] = info
        self.data.setdefault(key, info.default)

    def get_default(self, key: str) -> Any:
        return self.data_labels[key].default


class OptionInfo:
    """`shared.OptionInfo`."""

    def __init__(
        self,
        default: Any = None,
        label: str = "",
        component: Any = None,
        component_args: Any = None,
        *,
        section: tuple[str, str] | None = None,
        restrict_api: bool = False,
    ) -> None:
        self.default, self.label, self.component_args = default, label, component_args
        self.section, self.restrict_api = section, restrict_api

    def info(self, text: str) -> OptionInfo:
        return self

    def needs_restart(self) -> OptionInfo:
        return self

    def needs_reload_ui(self) -> OptionInfo:
        return self


class Txt2Img:
    """`processing.StableDiffusionProcessingTxt2Img`."""

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Img2Img(Txt2Img):
    """`processing.StableDiffusionProcessingImg2Img`."""


def flags(**given: Any) -> SimpleNamespace:
    """`shared.cmd_opts` of a WebUI that was started without flags."""
    usual: dict[str, Any] = {
        "listen": False,
        "share": False,
        "ngrok": None,
        "server_name": None,
        "gradio_auth": None,
        "gradio_auth_path": None,
        "enable_insecure_extension_access": False,
        "hide_ui_dir_config": False,
        "gradio_allowed_path": [],
        "lora_dir": None,
        "t2p_workspace": None,
    }
    return SimpleNamespace(**{**usual, **given})


def install(monkeypatch: pytest.MonkeyPatch, root: Path, **given: Any) -> Standin:
    """Put the stand-in where `from modules import ...` finds it."""
    standin = Standin(root, flags(**given))

    def listener(name: str) -> Callable[[Callable[..., Any]], None]:
        return lambda callback: standin.callbacks.setdefault(name, []).append(callback)

    names = ("on_ui_tabs", "on_before_ui", "on_cfg_denoiser", "on_app_started", "on_ui_settings")
    parts: dict[str, dict[str, Any]] = {
        "script_callbacks": {name: listener(name) for name in names},
        "shared": {
            "cmd_opts": standin.cmd_opts,
            "state": standin.state,
            "opts": Opts(),
            "OptionInfo": OptionInfo,
            "sd_upscalers": [],
            "total_tqdm": SimpleNamespace(clear=lambda: None),
        },
        "paths": {"data_path": str(root), "models_path": str(root / "models")},
        "launch_utils": {"git_tag": lambda: standin.version},
        "call_queue": {"queue_lock": standin.lock},
        "sd_models": {
            "checkpoints_list": standin.checkpoints,
            "checkpoint_aliases": standin.checkpoints,
            "model_data": standin.model_data,
            "send_model_to_trash": lambda model: setattr(model, "device", "meta"),
        },
        "sd_hijack": {"model_hijack": SimpleNamespace(undo_hijack=lambda model: None)},
        "sd_samplers": {"all_samplers": [SimpleNamespace(name="Euler a")]},
        "scripts": {"scripts_txt2img": standin.txt2img, "scripts_img2img": standin.img2img},
        "sd_vae": {"vae_dict": standin.vaes},
        "processing": {
            "StableDiffusionProcessingTxt2Img": Txt2Img,
            "StableDiffusionProcessingImg2Img": Img2Img,
            "process_images": standin.process_images,
        },
    }
    package = ModuleType("modules")
    package.__path__ = []
    monkeypatch.setitem(sys.modules, "modules", package)
    for name, content in parts.items():
        module = ModuleType(f"modules.{name}")
        vars(module).update(content)
        setattr(package, name, module)
        monkeypatch.setitem(sys.modules, f"modules.{name}", module)
    networks = ModuleType("networks")
    vars(networks).update(
        available_networks=standin.loras, list_available_networks=standin.list_loras
    )
    monkeypatch.setitem(sys.modules, "networks", networks)
    return standin
