"""Base checkpoints, samplers, LoRAs and upscalers as the WebUI lists them.

Its upscalers and its interrogator do better than ours, and help the worker.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.files import whole_file, write_text
from lib_t2p.hosts.webui.forks import this_fork
from lib_t2p.pictures import open_picture
from lib_t2p.workspace import Workspace


def checkpoint_titles() -> list[str]:
    """Titles, the loaded or chosen one first."""
    from modules import sd_models, shared

    titles = list(sd_models.checkpoints_list)
    chosen = sd_models.checkpoint_aliases.get(shared.opts.data.get("sd_model_checkpoint"))
    if chosen is not None and chosen.title in titles:
        titles.remove(chosen.title)
        titles.insert(0, chosen.title)
    return titles


def checkpoint_file(title: str) -> Path | None:
    """The file of a title."""
    from modules import sd_models

    info = sd_models.checkpoint_aliases.get(title)
    return Path(info.filename).absolute() if info is not None else None


def checkpoint_title(file: Path) -> str | None:
    """The title under which the WebUI offers a file; None when it does not."""
    from modules import sd_models

    for info in list(sd_models.checkpoints_list.values()):
        if _is_same(Path(info.filename), file):
            return str(info.title)
    return None


def sampler_names() -> list[str]:
    """Samplers for txt2img."""
    from modules import sd_samplers

    return [sampler.name for sampler in sd_samplers.all_samplers]


def known_loras(*, refresh: bool) -> dict[str, Path]:
    """Stem -> file of every LoRA that a prompt can name; empty when the WebUI's Lora is off."""
    networks: Any = sys.modules.get("networks")
    if networks is None:
        return {}
    if refresh:
        networks.list_available_networks()
    return {name: Path(entry.filename) for name, entry in networks.available_networks.items()}


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.absolute() == other.absolute() or one.samefile(other)
    except OSError:
        return False


FAILED = "<error>"
"""What the interrogator adds to its text when it fails."""


def upscaler_names() -> list[str]:
    """The WebUI's upscalers."""
    from modules import shared

    return [str(one.name) for one in shared.sd_upscalers if one.name != "None"]


def help_worker(workspace: Workspace, kind: str, details: Mapping[str, Any]) -> None:
    """Do what a request asks for, under the queue lock.

    Raises:
        InputError: the request is unknown, or its files lie outside the workspace's cache.
        WorkspaceError: the result cannot be written.
    """
    source, target = (_inside(workspace, details.get(name)) for name in ("source", "target"))
    if kind == "upscale":
        size = (int(details["width"]), int(details["height"]))
        _upscale(source, target, size, str(details["upscaler"]))
    elif kind == "interrogate":
        _interrogate(source, target)
    else:
        raise InputError(f"This WebUI cannot {kind!r}: update the extension.")


def _upscale(source: Path, target: Path, size: tuple[int, int], name: str) -> None:
    from modules import call_queue, images

    with open_picture(source) as opened, call_queue.queue_lock:
        larger = images.resize_image(0, opened.convert("RGB"), *size, upscaler_name=name)
    with whole_file(target) as partial:
        larger.convert("RGB").save(partial, "PNG")


def _interrogate(source: Path, target: Path) -> None:
    from modules import call_queue, shared

    if not hasattr(shared, "interrogator"):
        raise InputError(
            f"{this_fork().name} has no interrogator: describe the photos with a tagger or BLIP."
        )
    with open_picture(source) as opened, call_queue.queue_lock:
        said = str(shared.interrogator.interrogate(opened.convert("RGB")))
    if FAILED in said:
        raise InputError("The WebUI's interrogator failed: try it in its img2img tab first.")
    write_text(target, said)


def _inside(workspace: Workspace, given: object) -> Path:
    path = Path(str(given)).resolve()
    if not path.is_relative_to(workspace.cache.resolve()):
        raise InputError(f"{path} lies outside the workspace: the request is refused.")
    return path
