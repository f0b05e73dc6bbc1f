"""What lies in the workspace under attack: things to steal, and texts that want to be run."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace

SCRIPT = "<img src=x onerror=window.taken=1><script>window.taken=1</script>"
"""Runs wherever it is put into a page as it is; `window.taken` tells."""

ODD_PHOTO = "a'><img src=x onerror=window.taken=1>.png"
REPORT = f"<!doctype html><title>Report</title><h1 id=told>Report</h1>{SCRIPT}"
PERSON = "ann-smith"


def plant(folder: Path, marker: str) -> tuple[Path, Path]:
    """Make a workspace with a person in `folder`; gives its root and a folder beside it.

    Args:
        folder: empty.
        marker: a text that no answer may carry.
    """
    workspace = open_workspace(folder / "workspace")
    person = new_person(
        workspace,
        name="Ann Smith",
        trigger="ohwx",
        class_word="woman",
        consent=f"{marker} {SCRIPT}",
        now=datetime(2026, 1, 2, tzinfo=timezone.utc),
    )
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(marker, encoding="utf-8")
    (outside / "secret.png").write_bytes(marker.encode("utf-8"))
    queue = Queue(workspace)
    job = queue.submit("photos.import", {"note": marker}, lane="gpu", person=person.slug)
    queue.claim(["gpu"], "nobody")
    queue.fail(job.id, f"It ended with {SCRIPT}.")
    _odd_texts(workspace, person)
    _pictures(person)
    _links(person, outside)
    grid = person.grid("first").root
    grid.mkdir(parents=True)
    (grid / "report.html").write_text(REPORT, encoding="utf-8")
    (grid / "notes.html").write_text(f"{REPORT}{marker}", encoding="utf-8")
    (grid / "drawn.svg").write_text(f"<svg>{marker}</svg>", encoding="utf-8")
    _lora(workspace.loras / "odd.safetensors")
    return workspace.root, outside


def _odd_texts(workspace: Workspace, person: PersonFolder) -> None:
    """A person, a run and captions that want to be run."""
    name = "<img src=x onerror=window.taken=1>"
    new_person(
        workspace,
        name=name,
        trigger="ohwy",
        class_word="man",
        consent=SCRIPT,
        now=datetime(2026, 1, 3, tzinfo=timezone.utc),
    )
    settings = settings_from({"training_comment": SCRIPT, "sample_prompts": SCRIPT, "seed": 1})
    create_run(person, Run("ann-smith", name, 1, SCRIPT, "builtin", settings, "ohwx", "woman"))
    for stream in (person.run(name).stdout, person.run(name).stderr):
        stream.write_text(f"{SCRIPT}\n" * 3, encoding="utf-8")


def _pictures(person: PersonFolder) -> None:
    person.photos.mkdir(parents=True, exist_ok=True)
    for name in ("photo.png", ODD_PHOTO):
        # Windows has no such names, and so no such attack.
        with suppress(OSError):
            Image.new("RGB", (64, 64), "teal").save(person.photos / name)


def _links(person: PersonFolder, outside: Path) -> None:
    with suppress(OSError, NotImplementedError):
        (person.photos / "link.png").symlink_to(outside / "secret.png")
        (person.photos / "linked").symlink_to(outside, target_is_directory=True)
        (person.photos / "record.png").symlink_to(person.record)


def _lora(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k",)
    tensors = {
        f"{name}.{part}": torch.zeros(shape)
        for name in names
        for part, shape in (("lora_down.weight", (4, 768)), ("lora_up.weight", (320, 4)))
    }
    told = {"ss_output_name": SCRIPT, "ss_training_comment": SCRIPT, "ss_network_dim": SCRIPT}
    save_file(tensors, str(path), told)
