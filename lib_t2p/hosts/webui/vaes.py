"""VAEs: AUTOMATIC1111 keeps one setting, Forge a list of files beside the checkpoint."""

from __future__ import annotations

import importlib
from typing import Any

from lib_t2p.hosts.webui.versions import webui_kind

OWN, AUTOMATIC = "None", "Automatic"


def vae_names() -> list[str]:
    """File names of the VAEs that the WebUI lists."""
    if webui_kind() == "Forge":
        main_entry: Any = importlib.import_module("modules_forge.main_entry")
        return list(main_entry.module_list)
    from modules import sd_vae

    return list(sd_vae.vae_dict)


def vae_setting(vae: str) -> dict[str, Any]:
    """The setting that paints with a VAE; none for what the WebUI has chosen."""
    if not vae:
        return {}
    if webui_kind() == "Forge":
        return {"forge_additional_modules": [] if vae in (OWN, AUTOMATIC) else [vae]}
    return {"sd_vae": vae}


def vae_faults(vae: str) -> list[str]:
    """Why the WebUI cannot paint with a VAE."""
    if vae in ("", OWN, AUTOMATIC) or vae in vae_names():
        return []
    return [f"The WebUI lists no VAE {vae!r}: put it into its VAE folder and refresh the list."]
