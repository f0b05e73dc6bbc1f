"""Our step arithmetic against what sd-scripts printed, and against its own code when it is here."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from training_fakes import write_pictures

from lib_t2p.preflight.forecast import StepPlan, step_plan
from lib_t2p.preflight.training_images import collect_images, scan_images
from lib_t2p.settings.settings import settings_from

SIZES = [(700, 500), (1300, 900), (512, 512), (333, 900), (900, 1400), (640, 480), (1024, 1024)]
RECORDED = {
    "num train images * repeats": "train_images",
    "num batches per epoch": "batches",
    "num epochs": "epochs",
    "batch size per device": "batch",
    "gradient accumulation steps": "accumulation",
    "total optimization steps": "steps",
}


def printed_counts(text: str) -> dict[str, int]:
    found = {}
    for line in re.split(r"[\r\n]+", text):
        for label, name in RECORDED.items():
            number = re.search(r"(\d+)\s*$", line)
            if line.strip().startswith(label) and number:
                found[name] = int(number[1])
    return found


def epochs_told(text: str) -> int | None:
    told = re.search(r"override steps. steps for (\d+) epochs", text)
    return int(told[1]) if told else None


def test_recorded_runs_are_counted_as_sd_scripts_counted_them(tmp_path: Path, shared: Path) -> None:
    folder = shared / "contracts" / "sd-scripts"
    checked = 0
    for path in sorted([*folder.glob("output/*.txt"), *folder.glob("faults/*.txt")]):
        text = path.read_text(encoding="utf-8", errors="replace")
        counts = printed_counts(text)
        found = re.findall(r"contains\s+(\d+)\s+image", text)
        if not counts:
            continue
        data = tmp_path / path.stem
        repeats = counts["train_images"] // (int(found[0]) if found else 4)
        count = counts["train_images"] // repeats
        write_pictures(data / f"{repeats}_ohwx person", [(64, 64)] * count)
        values: dict[str, Any] = {
            "resolution": "64",
            "train_batch_size": counts["batch"],
            "gradient_accumulation_steps": counts["accumulation"],
        }
        epochs = epochs_told(text)
        values |= {"max_train_epochs": epochs} if epochs else {"max_train_steps": counts["steps"]}
        settings = settings_from(values)
        plan = step_plan(collect_images(data, None, settings), settings)
        ours = (plan.train_images, plan.batches_per_epoch, plan.epochs, plan.steps)
        theirs = tuple(counts[k] for k in ("train_images", "batches", "epochs", "steps"))
        assert ours == theirs, path.name
        checked += 1
    assert checked >= 10


CASES: dict[str, dict[str, Any]] = {
    "guide": {
        "resolution": "768,768",
        "enable_bucket": True,
        "bucket_no_upscale": True,
        "min_bucket_reso": 256,
        "max_bucket_reso": 2048,
        "train_batch_size": 3,
        "max_train_epochs": 10,
    },
    "enlarged": {
        "resolution": "512,640",
        "enable_bucket": True,
        "train_batch_size": 4,
        "gradient_accumulation_steps": 3,
        "max_train_steps": 123,
    },
    "square": {"resolution": "512,512", "train_batch_size": 2, "max_train_epochs": 3},
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_our_counts_are_those_of_the_real_dataset_code(tmp_path: Path, case: str) -> None:
    checkout = os.environ.get("T2P_SD_SCRIPTS")
    python = os.environ.get("T2P_SD_SCRIPTS_PYTHON")
    if not checkout or not python:
        pytest.skip("T2P_SD_SCRIPTS and T2P_SD_SCRIPTS_PYTHON name no sd-scripts")
    write_pictures(tmp_path / "img" / "3_ohwx person", SIZES)
    write_pictures(tmp_path / "img" / "10_ohwx person", SIZES[:3])
    write_pictures(tmp_path / "reg" / "2_person", SIZES[2:])
    settings = settings_from(CASES[case])
    train, reg = tmp_path / "img", tmp_path / "reg"
    plan = step_plan(collect_images(train, reg, settings), settings)
    raw = sum(i.repeats for i in scan_images(reg, is_reg=True, settings=settings)[0])
    counted = ask_sd_scripts(checkout, python, tmp_path, CASES[case])
    assert counted == as_counted(plan, raw)


def as_counted(plan: StepPlan, regularisation: int) -> dict[str, Any]:
    return {
        "train_images": plan.train_images,
        "regularisation": regularisation,
        "batches": plan.batches_per_epoch,
        "steps": plan.steps,
        "epochs": plan.epochs,
        "buckets": sorted([*size, count] for size, count in plan.buckets.items()),
    }


def ask_sd_scripts(checkout: str, python: str, data: Path, values: dict[str, Any]) -> Any:
    options = ["--train_data_dir", str(data / "img")]
    if (data / "reg").is_dir():
        options += ["--reg_data_dir", str(data / "reg")]
    options += ["--pretrained_model_name_or_path", "none", "--network_module", "networks.lora"]
    for name, value in values.items():
        options += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    script = Path(__file__).with_name("sd_scripts_counting.py")
    done = subprocess.run(
        [python, str(script), *options],
        cwd=checkout,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=True,
    )
    line = next(li for li in done.stdout.splitlines() if li.startswith("COUNTED "))
    return json.loads(line.removeprefix("COUNTED "))
