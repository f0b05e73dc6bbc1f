"""The checkpoint that AUTOMATIC1111 loads by itself when it starts."""

from __future__ import annotations

from typing import Any


def await_first_load() -> None:
    """Wait until the WebUI's first checkpoint is loaded; nothing to wait for later, or in Forge.

    AUTOMATIC1111 loads it in a thread of its own, under a lock that only those take who ask for
    the model first. Choosing another checkpoint meanwhile loads two at once into the same patched
    torch, which fails ("dictionary changed size during iteration") or mixes them.
    """
    from modules import sd_models

    data: Any = getattr(sd_models, "model_data", None)
    lock: Any = getattr(data, "lock", None)
    if lock is None:
        return
    data.get_sd_model()
    with lock:
        # It says that it is loaded a moment before it is.
        return
