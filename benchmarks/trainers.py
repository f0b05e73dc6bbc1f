"""The built-in trainer against sd-scripts: speed, start, memory and loss, paired in one run.

    python -m benchmarks.trainers --sd-scripts FOLDER --python ITS_PYTHON --checkpoint FILE

Both train the same LoRA (rank 4, U-Net and text encoder, 264 modules) with AdamW on the same four
drawn photos, at the same size, with the same number format and threads, one right after the other,
in an order that changes each round. A run that was cut off goes on where it was; --fresh forgets.
`--variants all` adds the switches that change the work, each against sd-scripts with its own
counterpart.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.trainer_profile import print_profile
from benchmarks.trainer_report import TARGETS, Measured, print_report, summary
from benchmarks.trainer_sides import Prepared, Work, builtin, sd_scripts
from benchmarks.watching import watch
from lib_t2p.cli_output import Output

VARIANTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "fp32": ({}, {}),
    "unet-only": ({"network_train_unet_only": True}, {"network_train_unet_only": True}),
    # sd-scripts cannot cache the outputs of SD1.5's text encoder.
    "cached-text": (
        {"network_train_unet_only": True, "cache_text_encoder_outputs": True},
        {"network_train_unet_only": True},
    ),
    "bf16": ({"mixed_precision": "bf16"}, {"mixed_precision": "bf16"}),
}
"""Settings of ours and of sd-scripts that a variant changes."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what is still missing and print the table; 1 when a target is missed."""
    options = _parser().parse_args(argv)
    output = Output()
    scratch: Path = options.scratch.absolute()
    if options.fresh:
        shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, exist_ok=True)
    work = Work(
        checkpoint=options.checkpoint.absolute(),
        scratch=scratch,
        resolution=options.resolution,
        steps=options.steps,
        threads=options.threads,
    )
    names = list(VARIANTS) if options.variants == "all" else options.variants.split(",")
    missed = False
    for variant in names:
        pairs = [_round(work, options, variant, n, output) for n in range(options.rounds)]
        facts = summary(pairs)
        title = f"{variant}, {work.resolution} px, {work.steps} steps, {options.tag}"
        missed |= print_report(output, title, facts, TARGETS if variant == "fp32" else {})
        (scratch / f"summary-{options.tag}-{variant}-{work.resolution}.json").write_text(
            json.dumps(facts, indent=1), encoding="utf-8"
        )
    if missed or options.profile:
        print_profile(output, replace(work, settings=VARIANTS[names[0]][0]))
    return int(missed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks.trainers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sd-scripts", type=Path, required=True, help="its folder")
    parser.add_argument("--python", type=Path, required=True, help="its interpreter")
    parser.add_argument("--tag", default="sd-scripts", help="its version, for the titles")
    parser.add_argument("--checkpoint", type=Path, required=True, help="single-file SD1.5")
    parser.add_argument("--rounds", type=int, default=5, help="pairs to measure")
    parser.add_argument("--resolution", type=int, default=128, help="pixels along a side")
    parser.add_argument("--steps", type=int, default=8, help="optimizer steps of each run")
    parser.add_argument("--threads", type=int, default=2, help="of either trainer")
    parser.add_argument("--variants", default="fp32", help=f"all, or of {', '.join(VARIANTS)}")
    parser.add_argument("--scratch", type=Path, default=Path("benchmark-trainers"))
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--profile", action="store_true", help="print our profile in any case")
    return parser


def _round(
    work: Work, options: argparse.Namespace, variant: str, number: int, output: Output
) -> tuple[Measured, Measured]:
    """Measure a pair, or read it back."""
    kept = (
        work.scratch / f"pair-{options.tag}-{variant}-{work.resolution}-{work.steps}-{number}.json"
    )
    if kept.exists():
        ours, theirs = json.loads(kept.read_text(encoding="utf-8"))
        return Measured(**ours), Measured(**theirs)
    changed, counterpart = VARIANTS[variant]
    seed = 100 + number
    sides = {
        "builtin": builtin(replace(work, settings=changed), f"{variant}-{number}", seed),
        "sd-scripts": sd_scripts(
            replace(work, settings=counterpart),
            options.sd_scripts.absolute(),
            options.python.absolute(),
            f"{variant}-{number}",
            seed,
        ),
    }
    order = list(sides) if number % 2 == 0 else list(reversed(sides))
    seen = {side: _measure(sides[side], work, side, output) for side in order}
    pair = seen["builtin"], seen["sd-scripts"]
    kept.write_text(json.dumps([asdict(side) for side in pair]), encoding="utf-8")
    return pair


def _measure(prepared: Prepared, work: Work, side: str, output: Output) -> Measured:
    log = work.scratch / f"last-{side}.log"
    seen = watch(prepared.argv, cwd=prepared.cwd, env=prepared.env, step=prepared.step, log=log)
    if not list(prepared.models.glob("*.safetensors")) or len(seen.step_seconds) <= work.steps:
        raise SystemExit(f"{side} did not finish its {work.steps} steps:\n{seen.tail}")
    measured = Measured.of(seen, prepared.events)
    output.line(
        f"  {side}: {measured.total:.1f} s in all, {measured.start:.1f} s to the first step, "
        f"{measured.step:.2f} s per step, {measured.process_mb:.0f} MB"
    )
    return measured


if __name__ == "__main__":
    raise SystemExit(main())
