"""Dropping the WebUI's checkpoint: every host loads it again by itself at its next picture.

Each way was measured on a real host (`contracts/webui`): A1111 1.10.1 goes from 5.4 to 1.0 GB,
Forge from 6.6 to 0.8 GB, and the next picture is the same to the pixel.
"""

from __future__ import annotations

import gc

from lib_t2p.hosts.webui.versions import webui_kind
from lib_t2p.platforms import give_memory_back


def unload_checkpoint() -> None:
    """Drop the checkpoint, holding the queue lock for this moment only."""
    from modules import call_queue

    with call_queue.queue_lock:
        if webui_kind() == "Forge":
            _unload_forge()
        else:
            _unload_a1111()
        # What refers to itself in a circle holds gigabytes until the collector comes by.
        gc.collect()
    give_memory_back()


def _unload_forge() -> None:
    from modules import sd_models

    sd_models.unload_model_weights()
    sd_models.model_data.sd_model = None
    sd_models.model_data.forge_hash = ""


def _unload_a1111() -> None:
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
