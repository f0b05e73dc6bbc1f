"""Which WebUI this is: the forks that we know, each told by what it has and not by its name.

Read in the source of AUTOMATIC1111 1.6 to 1.10, Forge, Forge Neo 2.26 and reForge. Dropping the
checkpoint was measured on real hosts (`contracts/webui`): every host loads it again by itself at
its next picture, the same to the pixel. A1111 1.10.1 goes from 5.4 to 1.0 GB, Forge from 6.6 to
0.8 GB, Forge Neo from 5.3 to 1.2 GB; reForge was not run.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

OWN, AUTOMATIC = "None", "Automatic"
"""Names in the place of a VAE: the checkpoint's own, and whatever fits."""


def _listed_vaes() -> list[str]:
    from modules import sd_vae

    return list(sd_vae.vae_dict)


def _vae_option(vae: str) -> dict[str, Any]:
    return {"sd_vae": vae}


def _unload_listed() -> None:
    from modules import sd_hijack, sd_models

    # Its own `unload_model_weights` only moves the model to memory, and the one of 1.6.0 leaves
    # it in the list without what the WebUI needs of it, so that the next picture fails.
    model = sd_models.model_data.sd_model
    if model is None:
        return
    sd_hijack.model_hijack.undo_hijack(model)
    sd_models.model_data.loaded_sd_models.clear()
    sd_models.model_data.sd_model = None
    sd_models.send_model_to_trash(model)


@dataclass(frozen=True)
class Fork:
    """A WebUI and what it does in a way of its own.

    Attributes:
        name: as pages, errors and results name it.
        has: modules that must be there, each with a member behind a colon if that matters.
        lacks: modules that must not be there.
        minimum: the oldest version of AUTOMATIC1111 that it may be made of.
        vae_names: file names of the VAEs that it lists.
        vae_setting: the settings that paint with one of those, with `OWN` or with `AUTOMATIC`.
        unload: drops the checkpoint; the queue lock is held meanwhile.
        hires: what a txt2img with hires fix is given besides, as far as this version takes it.
        kept: settings of a picture that stay for later ones, unless the options name them before.
    """

    name: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    minimum: tuple[int, ...] = (1, 6, 0)
    vae_names: Callable[[], list[str]] = _listed_vaes
    vae_setting: Callable[[str], dict[str, Any]] = _vae_option
    unload: Callable[[], None] = _unload_listed
    hires: Mapping[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    def is_here(self) -> bool:
        """Whether this process has what it has."""
        return all(map(_is_there, self.has)) and not any(map(_is_there, self.lacks))

    def settings_for(self, vae: str) -> dict[str, Any]:
        """The settings that paint with a VAE; none for what the WebUI has chosen."""
        return self.vae_setting(vae) if vae else {}

    def vae_faults(self, vae: str) -> list[str]:
        """Why it cannot paint with a VAE."""
        if vae in ("", OWN, AUTOMATIC) or vae in self.vae_names():
            return []
        return [f"The WebUI lists no VAE {vae!r}: put it into its VAE folder and refresh the list."]

    def hires_of(self, kind: type[Any]) -> dict[str, Any]:
        """What a job of this class is given besides when it is drawn larger."""
        return {name: value for name, value in self.hires.items() if hasattr(kind, name)}

    def keep_settings(self) -> None:
        """Write the defaults of `kept` among the options, where the WebUI finds what to restore.

        `process_images` puts back only what stands in `opts.data`, and that is what `config.json`
        named when it was read: a new one names next to nothing.
        """
        from modules import shared

        for name in self.kept:
            if name not in shared.opts.data:
                shared.opts.data[name] = shared.opts.get_default(name)


def this_fork() -> Fork:
    """The first of `FORKS` that is here."""
    return next(fork for fork in FORKS if fork.is_here())


def webui_version() -> tuple[int, ...]:
    """Such as (1, 10, 1); empty when a fork writes it in a way that we do not know."""
    from modules import launch_utils

    found = re.search(r"(\d+)\.(\d+)\.(\d+)(?!.*\d+\.\d+\.\d+)", str(launch_utils.git_tag()))
    return tuple(int(part) for part in found.groups()) if found else ()


def painter_name() -> str:
    """The WebUI with its version, such as `Forge 1.10.1`: results tell who painted."""
    return f"{this_fork().name} {_dotted(webui_version())}".strip()


def too_old() -> str | None:
    """Why this WebUI cannot be our host, or None."""
    version, fork = webui_version(), this_fork()
    if not version or version >= fork.minimum:
        return None
    return (
        f"Text to Person needs {fork.name} {_dotted(fork.minimum)} or newer, and this is "
        f"{_dotted(version)}: update the WebUI."
    )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _is_there(wanted: str) -> bool:
    name, _, member = wanted.partition(":")
    try:
        there = name in sys.modules or importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
    return there and (not member or hasattr(importlib.import_module(name), member))


def _unload_managed() -> None:
    from modules import sd_models

    # What keeps models on the graphics card has a list of its own.
    sd_models.model_management.unload_all_models()
    _unload_listed()


def _module_names() -> list[str]:
    main_entry: Any = importlib.import_module("modules_forge.main_entry")
    return list(main_entry.module_list)


def _module_setting(vae: str) -> dict[str, Any]:
    return {"forge_additional_modules": [] if vae in (OWN, AUTOMATIC) else [vae]}


def _unload_forge() -> None:
    from modules import sd_models

    sd_models.unload_model_weights()
    sd_models.model_data.sd_model = None
    sd_models.model_data.forge_hash = ""


def _forge(name: str, *, lacks: tuple[str, ...] = ()) -> Fork:
    """A fork with Forge's list of VAEs and text encoders beside the checkpoint."""
    return Fork(
        name,
        has=("modules_forge.main_entry:module_list",),
        lacks=lacks,
        vae_names=_module_names,
        vae_setting=_module_setting,
        unload=_unload_forge,
        # Forge looks into this list and stumbles when there is none.
        hires={"hr_additional_modules": ["Use same choices"]},
        kept=("CLIP_stop_at_last_layers", "forge_additional_modules"),
    )


FORKS = [
    _forge("Forge Neo", lacks=("modules.sd_hijack",)),
    _forge("Forge"),
    Fork("reForge", has=("modules_forge",), unload=_unload_managed),
    Fork("AUTOMATIC1111"),
]
"""The forks that we know; one that has more stands before one that has less."""
