"""Files that others wrote: settings, headers, event files, pictures, records of ours."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy

from benchmarks.fuzz.odd import near_bytes, near_json, near_text
from benchmarks.fuzz.pictures import KINDS, event, event_file, framed, picture
from benchmarks.fuzz.target import Target, in_file
from lib_t2p.curves.scalars import ScalarReader
from lib_t2p.files import read_record
from lib_t2p.grids.cells.cell_files import read_mark
from lib_t2p.jobs.events.events import EventReader
from lib_t2p.lora.card import read_card
from lib_t2p.lora.summary import summarise
from lib_t2p.painting.infotext import read_png_infotext
from lib_t2p.settings.kohya.reading import read_config
from lib_t2p.settings.recipe_places import PRESETS
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from_toml
from lib_t2p.toml_io import read_toml
from lib_t2p.vision.photo_files.images import open_photo

GUI: dict[str, Any] = {
    "LoRA_type": "Standard",
    "network_dim": 32,
    "network_alpha": "1",
    "max_resolution": "512,512",
    "learning_rate": 0.0001,
    "optimizer": "AdamW8bit",
    "optimizer_args": "weight_decay=0.1 betas=(0.9,0.99)",
    "additional_parameters": "--max_grad_norm 1",
    "noise_offset": 0.05,
    "cache_latents": True,
    "epoch": 10,
}
SD_TOML = 'network_dim = 32\nresolution = "512,512"\noptimizer_args = ["a=1"]\n[x]\nlr = 1e-4\n'
HEADER = {
    "__metadata__": {
        "ss_network_dim": "4",
        "ss_tag_frequency": '{"10_x": {"a": 1}}',
        "ss_bucket_info": "{}",
    },
    "lora_unet_x.lora_down.weight": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]},
}


def targets() -> list[Target]:
    """One for each kind of file."""
    presets = sorted(PRESETS.glob("*.toml"))
    recipe = presets[0].read_text(encoding="utf-8")
    events = [
        json.dumps({"kind": kind, "time": 1.0, "name": "a", "done": 1, "total": 2, "value": 0.5})
        for kind in ("phase", "progress", "metric", "warned")
    ]
    card = {"description": "x", "sd version": "SD1", "preferred weight": 0.8, "notes": ""}
    rows: list[tuple[str, str, SearchStrategy[Any], Callable[[Path], object]]] = [
        ("TOML", "a.toml", near_text([SD_TOML, recipe]), read_toml),
        ("recipe", "a.toml", near_text([recipe]), lambda path: load_recipe(str(path))),
        ("settings of a run", "a.toml", near_text([SD_TOML, recipe]), settings_from_toml),
        ("TOML of sd-scripts", "a.toml", near_text([SD_TOML]), _fitted),
        ("GUI JSON of kohya_ss", "a.json", near_json([GUI]), _fitted),
        ("metadata of a LoRA", "a.safetensors", near_json([HEADER]).map(_safetensors), _fitted),
        ("header of a LoRA", "a.safetensors", near_bytes([_safetensors(json.dumps(HEADER))]),
         summarise),
        ("LoRA to be listed", "a.safetensors", near_json([HEADER]).map(_safetensors), summarise),
        ("LoRA card", "a.json", near_json([card]), lambda p: read_card(p.with_suffix(".pt"))),
        ("record of ours", "a.json", near_json([{"schema": 1, "a": [1]}]), _record),
        ("events of a job", "events.jsonl", near_text(["\n".join(events)]), _events),
        ("event file", "a.tfevents", near_bytes([event_file()]), _scalars),
        ("event", "a.tfevents", near_bytes([event()]).map(framed), _scalars),
        ("infotext in a PNG", "a.png", near_bytes([picture("PNG")]), read_png_infotext),
        ("mark of a cell", "a.png", near_bytes([picture("PNG")]), read_mark),
    ]  # fmt: skip
    rows += [
        (f"photo {kind}", f"a.{told[0]}", near_bytes([picture(kind)]), open_photo)
        for kind, told in KINDS.items()
    ]
    return [Target(f"file: {name}", made, in_file(file, read)) for name, file, made, read in rows]


def _fitted(path: Path) -> object:
    config = read_config(path)
    return asdict(config), config.faults if hasattr(config, "faults") else ()


def _scalars(path: Path) -> object:
    return ScalarReader(path).read_new()


def _record(path: Path) -> object:
    return read_record(path, 1)


def _events(path: Path) -> object:
    return EventReader(path).read_new()


def _safetensors(header: str) -> bytes:
    body = header.encode("utf-8", "surrogatepass")
    return struct.pack("<Q", len(body)) + body + b"\0" * 8
