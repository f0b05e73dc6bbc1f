"""How much our supervision costs over the bare command, in paired runs of sd-scripts.

    T2P_SD_SCRIPTS=FOLDER python -m benchmarks.supervision CHECKPOINT [--pairs 3] [--steps 8]

Each pair runs `accelerate launch train_network.py` by itself and the same command under
`run_training`, in turns, with the same configuration file. The claim: at most 1 % of the wall time
plus 2 s.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from lib_t2p.cli_output import Output
from lib_t2p.environment.sd_scripts import recognise_tag
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.runs.runs import Run, create_run, read_run
from lib_t2p.runs.supervision.supervisor import run_training
from lib_t2p.runs.trainers.registry import trainer_named
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import PersonFolder, RunFolder

ALLOWED_SHARE, ALLOWED_SECONDS = 0.01, 2.0
PICTURES = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the pairs and print them; 1 when the claim does not hold."""
    args = _arguments(arguments)
    output = Output()
    bare: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as root:
        for number in range(args.pairs):
            one, two = (_bare, _supervised) if number % 2 == 0 else (_supervised, _bare)
            for measure in (one, two):
                folder = _run(Path(root) / f"{number}-{measure.__name__}", args)
                began = time.perf_counter()
                measure(folder)
                (bare if measure is _bare else ours).append(time.perf_counter() - began)
    rows = [
        [str(n + 1), f"{b:.2f}", f"{o:.2f}", f"{o - b:+.2f}"]
        for n, (b, o) in enumerate(zip(bare, ours, strict=True))
    ]
    output.table(["pair", "bare (s)", "supervised (s)", "more (s)"], rows)
    more = statistics.median(o - b for b, o in zip(bare, ours, strict=True))
    allowed = ALLOWED_SHARE * statistics.median(bare) + ALLOWED_SECONDS
    output.line(f"Median overhead {more:+.2f} s; allowed are {allowed:.2f} s (1 % + 2 s).")
    return int(more > allowed)


def _bare(folder: RunFolder) -> None:
    run = read_run(folder)
    command = trainer_named(run.trainer).command(folder, run, again=False, environ=os.environ)
    with folder.stdout.open("wb") as out, folder.stderr.open("wb") as err:
        subprocess.run(
            command.argv,
            check=True,
            cwd=folder.root,
            env={**os.environ, **command.env},
            stdout=out,
            stderr=err,
        )


def _supervised(folder: RunFolder) -> None:
    run_training(folder, SilentReporter())


def _run(root: Path, args: argparse.Namespace) -> RunFolder:
    person = PersonFolder(root / "people" / "ada")
    pictures = person.dataset(1).img / "1_blh woman"
    pictures.mkdir(parents=True)
    random = np.random.default_rng(0)
    for number in range(PICTURES):
        noise = random.integers(0, 255, (args.side, args.side, 3), dtype=np.uint8)
        Image.fromarray(noise).save(pictures / f"{number}.png")
    settings = settings_from(
        {
            "resolution": f"{args.side},{args.side}",
            "network_dim": 4,
            "network_alpha": 4,
            "optimizer_type": "AdamW",
            "learning_rate": 1e-4,
            "train_batch_size": 1,
            "max_train_steps": args.steps,
            "cache_latents": True,
            "max_data_loader_n_workers": 0,
            "seed": 1,
        }
    )
    tag = recognise_tag(Path(os.environ["T2P_SD_SCRIPTS"]))
    run = Run(
        person="ada",
        name="pair",
        dataset=1,
        checkpoint=str(args.checkpoint.absolute()),
        trainer=f"sd-scripts-{tag}",
        settings=settings,
        trigger="blh",
        class_word="woman",
    )
    return create_run(person, run)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--side", type=int, default=128, help="pixels")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
