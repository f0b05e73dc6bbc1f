"""Compare against the WebUI's own X/Y/Z plot: the same pictures, in one WebUI, one after the other.

    T2P_WEBUI=FOLDER T2P_WEBUI_PYTHON=ITS_PYTHON python -m benchmarks.xyz_plot --checkpoint FILE

Two checkpoints (copies of the file) by three LoRAs and none by four seeds: 24 cells and the
8 references without a LoRA that Compare always draws. Each side begins with the first checkpoint
loaded and no LoRA. Loads are counted inside the WebUI, at the functions that do them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.grids.chain import queue_grid
from lib_t2p.grids.plan_files import Axis, GridModel, GridPlan, write_plan
from lib_t2p.jobs.job import JobState
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.lora.header import read_header
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)
PLACE = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
WEIGHT = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight"
"""What the LoRAs change, as they and the checkpoint name it."""
SEEDS = (1, 2, 3, 4)
STEMS = ("t2p_bench_a_e01", "t2p_bench_b_e01", "t2p_bench_c_e01")
WALL = 1.05
"""Our wall time at most, in those of the plot."""
COUNTER = """
import sys
from modules import processing, script_callbacks, sd_models

def count(module, name, what, loaded=lambda result: True):
    function = getattr(module, name)
    def counted(*args, **given):
        result = function(*args, **given)
        if loaded(result):
            print("T2P-LOADS", what, flush=True)
        return result
    setattr(module, name, counted)

def started(demo, app):
    networks = sys.modules["networks"]
    if hasattr(sd_models, "forge_model_reload"):
        for module in (processing, sd_models):
            count(module, "forge_model_reload", "checkpoint", lambda result: result[1])
        count(networks, "load_lora_for_models", "lora")
    else:
        count(sd_models, "load_model_weights", "checkpoint")
        count(networks, "load_network", "lora")

script_callbacks.on_app_started(started)
"""


@dataclass(frozen=True)
class Side:
    """What one side took.

    Attributes:
        seconds: wall time.
        checkpoints: how often one was loaded.
        loras: how often one was loaded.
        cells: pictures.
    """

    seconds: float
    checkpoints: int
    loras: int
    cells: int


@dataclass(frozen=True)
class Bench:
    """A WebUI that is open, and what is painted in it."""

    running: Any
    workspace: Workspace
    checkpoints: tuple[Path, Path]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """JSON of the WebUI's interface."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.running.port}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=1200) as answer:
            return json.load(answer)

    def titles(self) -> list[str]:
        """The WebUI's titles of the two checkpoints, in their order."""
        listed = self.ask("/sdapi/v1/sd-models")
        known = {Path(one["filename"]).name: str(one["title"]) for one in listed}
        return [known[path.name] for path in self.checkpoints]

    def begin(self) -> int:
        """Load the first checkpoint and no LoRA; gives the length of the log."""
        self.ask("/sdapi/v1/txt2img", {**self.request(), "prompt": "photo"})
        return len(self.running.lines)

    def request(self) -> dict[str, Any]:
        """What every picture has in common."""
        settings = {"sd_model_checkpoint": self.titles()[0]}
        common = {"steps": 1, "width": 64, "height": 64, "cfg_scale": 2.0, "seed": SEEDS[0]}
        return {**common, "sampler_name": "Euler", "override_settings": settings}


def measured(bench: Bench, act: Callable[[], int]) -> Side:
    """Do one side."""
    begun, clock = bench.begin(), time.perf_counter()
    cells = act()
    seconds = time.perf_counter() - clock
    lines = bench.running.lines[begun:]
    loads = [sum(f"T2P-LOADS {what}" in x for x in lines) for what in ("checkpoint", "lora")]
    return Side(seconds, loads[0], loads[1], cells)


def plot(bench: Bench) -> int:
    """The WebUI's own plot of the 32 pictures; gives how many it drew."""
    info = bench.ask("/sdapi/v1/script-info")
    script = next(x for x in info if x["name"] == "x/y/z plot" and not x["is_img2img"])
    axes: list[str] = script["args"][0]["choices"]
    tags = ", ".join(["none", *(f"<lora:{stem}:1>" for stem in STEMS)])
    args: list[Any] = [axes.index("Checkpoint name"), "", bench.titles()]
    args += [axes.index("Prompt S/R"), tags, [], axes.index("Seed"), ",".join(map(str, SEEDS)), []]
    args += [False, True, False, False, False, False, False, 0, False]
    body = {**bench.request(), "prompt": "photo none", "script_name": "x/y/z plot"}
    answer = bench.ask("/sdapi/v1/txt2img", {**body, "script_args": args})
    grids = 1 + len(SEEDS)
    return len(answer["images"]) - (1 if len(answer["images"]) < 32 + grids else grids)


def compare(bench: Bench, name: str) -> int:
    """Ours, from the finished plan to the last picture; gives how many were painted."""
    queue, person = Queue(bench.workspace), bench.workspace.person("bench")
    grid = person.grid(name)
    models = tuple(GridModel(person.root / f"{s}.safetensors", s, s, s, 1) for s in STEMS)
    plan = GridPlan(
        person=person.slug,
        dataset=1,
        checkpoint=str(bench.checkpoints[0]),
        models=models,
        x=Axis("checkpoint", tuple(map(str, bench.checkpoints))),
        y=Axis("saved_model", STEMS),
        prompts=("photo",),
        seeds=SEEDS,
        negative_prompt="",
        steps=1,
        sampler_name="Euler",
        cfg_scale=2.0,
        width=64,
        height=64,
        clip_skip=1,
        trigger="ohwx",
    )
    write_plan(grid, plan)
    _, cells = queue_grid(queue, person, grid, kinds=("grid.plan", "grid.cells"))
    planned = queue.claim(["light"], "bench")
    assert planned is not None
    perform(JobContext(planned, bench.workspace, queue), JOB_FUNCTIONS["grid.plan"])
    while queue.get(cells.id).state in (JobState.QUEUED, JobState.RUNNING):
        time.sleep(0.05)
    done = queue.get(cells.id)
    if done.state is not JobState.FINISHED:
        raise T2PError(done.reason)
    return int(done.result["painted"])


def prepare(data: Path, checkpoint: Path) -> tuple[Path, Path]:
    """Put the extension, the counter and two names of the checkpoint into a data folder."""
    script = data / "extensions" / "t2p-loads" / "scripts" / "loads.py"
    script.parent.mkdir(parents=True)
    script.write_text(COUNTER, encoding="utf-8")
    folder = data / "models" / "Stable-diffusion"
    folder.mkdir(parents=True)
    one, other = folder / "first.safetensors", folder / "second.safetensors"
    for path in (one, other):
        # Links to one file are one checkpoint to us, and would be loaded once.
        shutil.copyfile(checkpoint, path)
        # A checkpoint of other sizes than SD1.5's brings them along.
        if checkpoint.with_suffix(".yaml").exists():
            shutil.copyfile(checkpoint.with_suffix(".yaml"), path.with_suffix(".yaml"))
    return one, other


def people(workspace: Workspace, checkpoint: Path) -> None:
    """A person with three saved models that fit the checkpoint."""
    _, width = read_header(checkpoint).tensors[WEIGHT].shape
    folder = new_person(
        workspace, name="Bench", trigger="ohwx", class_word="woman", consent="nobody", now=NOW
    )
    random = np.random.default_rng(7)
    for stem in STEMS:
        tensors = {
            f"{PLACE}.lora_down.weight": random.normal(size=(4, width)).astype(np.float32),
            f"{PLACE}.lora_up.weight": 0.01 * random.normal(size=(width, 4)).astype(np.float32),
            f"{PLACE}.alpha": np.array(4.0, np.float32),
        }
        save_file(tensors, folder.root / f"{stem}.safetensors", {"ss_output_name": stem})


def main(argv: Sequence[str] | None = None) -> int:
    """Measure both sides in turn and print them side by side; 1 when a target is missed."""
    sys.path.insert(0, str(ROOT / "tests" / "host"))
    from real_webui import Webui, copy_extension, start, stop

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="of an SD1.5 shape")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args(argv)
    output = Output()
    webui = Webui(Path(os.environ["T2P_WEBUI"]), Path(os.environ["T2P_WEBUI_PYTHON"]))
    with tempfile.TemporaryDirectory(prefix="t2p xyz ") as folder:
        data = Path(folder)
        checkpoints = prepare(data, options.checkpoint.absolute())
        copy_extension(ROOT, data)
        workspace = open_workspace(data / "people")
        people(workspace, checkpoints[0])
        running = start(webui, data, "--t2p-workspace", str(workspace.root))
        try:
            bench = Bench(running, workspace, checkpoints)
            # Both sides find the LoRAs under the same names.
            loras = data / "models" / "Lora"
            for file in workspace.person("bench").root.glob("*.safetensors"):
                (loras / "t2p" / "_trial").mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, loras / "t2p" / "_trial" / file.name)
            bench.ask("/sdapi/v1/refresh-loras", {})
            return report(output, bench, options.rounds)
        finally:
            stop(running)


def report(output: Output, bench: Bench, rounds: int) -> int:
    """Print each round; 1 when ours loads more or takes longer than allowed."""
    missed = False
    for number in range(rounds):
        theirs = measured(bench, lambda: plot(bench))
        ours = measured(bench, lambda n=number: compare(bench, f"g{n}"))  # type: ignore[misc]
        for name, side in (("X/Y/Z plot", theirs), ("Compare", ours)):
            output.line(
                f"{name:10}  {side.cells} cells  {side.seconds:6.1f} s  "
                f"{side.checkpoints} checkpoint loads  {side.loras} LoRA loads"
            )
        ratio = ours.seconds / theirs.seconds
        output.line(f"wall time {ratio:.2f} of the plot's")
        missed |= ratio > WALL
        missed |= ours.checkpoints > theirs.checkpoints or ours.loras > theirs.loras
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
