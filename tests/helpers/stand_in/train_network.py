"""Stands for sd-scripts' train_network.py: prints, saves and ends as it does, and learns nothing.

What it prints is checked line by line against recordings of the real one.
"""

from __future__ import annotations

import json
import struct
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[3])]

from event_file_helpers import event, part, record  # noqa: E402

from lib_t2p.toml_io import read_toml  # noqa: E402

BLOCKS = " ▏▎▍▌▋▊▉█"
WIDTH = 10


def say(text: str) -> None:
    print(text, flush=True)


def err(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def log(message: str, place: str, level: str = "INFO") -> None:
    err(f"{'':20}{level:<9}{message:<{50 - len(place)}} {place}\n")


def blocks(done: int, total: int) -> str:
    eighths = round(done / total * WIDTH * 8)
    full, rest = divmod(eighths, 8)
    return (BLOCKS[8] * full + (BLOCKS[rest] if rest else ""))[:WIDTH].ljust(WIDTH)


class Training:
    """One run of the script."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.out = Path(values["output_dir"])
        self.name = values["output_name"]
        self.batches = self._batches()
        epochs = values.get("max_train_epochs")
        steps = values.get("max_train_steps", 1600)
        self.total = epochs * self.batches if epochs else steps
        self.epochs = -(-self.total // max(self.batches, 1))
        self.first_epoch = 0
        self.step_seconds = float(values.get("training_comment") or 0.02)
        tb = Path(values["logging_dir"]) / time.strftime("%Y%m%d%H%M%S") / "network_train"
        tb.mkdir(parents=True)
        self.events = tb / "events.out.tfevents.1.stand-in.1.0"
        start = b"\x09" + struct.pack("<d", time.time())
        self.events.write_bytes(record(start + part(3, b"brain.Event:2")))

    def _batches(self) -> int:
        root, count = Path(self.values["train_data_dir"]), 0
        for folder in sorted(p for p in root.iterdir() if p.is_dir()):
            repeats = int(folder.name.partition("_")[0])
            count += repeats * len(list(folder.glob("*.png")))
        return -(-count // int(self.values.get("train_batch_size", 1)))

    def run(self) -> None:
        if not self.batches:
            message = "No data found. Please verify"
            log(message, "train_network.py:212", "ERROR")
            return
        self._resume()
        self._announce()
        done = 0
        start = time.monotonic()
        own = self.total - self.first_epoch * self.batches
        self._bar(0, own, start, None, None)
        for epoch in range(self.first_epoch, self.epochs):
            say(f"\nepoch {epoch + 1}/{self.epochs}")
            log("epoch is incremented.", "train_util.py:693")
            err(f"{'':29}current_epoch: {epoch}, epoch: {epoch + 1:<25}\n")
            for _ in range(self.batches):
                time.sleep(self.step_seconds)
                done += 1
                loss = 1.0 + 1.0 / done
                self._bar(done, own, start, loss + 0.01, None)
                self._bar(done, own, start, loss, None)
                self._number("loss/current", done, loss)
                self._number("loss/average", done, loss)
                self._number("lr/unet", done, 1e-4)
                if done >= own:
                    break
            self._number("loss/epoch", epoch + 1, loss)
            if epoch + 1 < self.epochs and (epoch + 1) % int(self._every()) == 0:
                self._save(f"{self.name}-{epoch + 1:06d}", epoch + 1, done)
                self._state(f"{self.name}-{epoch + 1:06d}-state", epoch + 1, done)
        self._state(f"{self.name}-state", self.epochs, done)
        self._save(self.name, self.epochs, done)
        log("model saved.", "train_network.py:1104")
        self._bar(done, own, start, loss, None)
        err("\n")

    def _every(self) -> int:
        return int(self.values.get("save_every_n_epochs") or 10**6)

    def _resume(self) -> None:
        if not self.values.get("resume"):
            return
        position = json.loads((Path(self.values["resume"]) / "train_state.json").read_text())
        if self.values.get("skip_until_initial_step"):
            self.first_epoch = int(position["current_step"]) // self.batches

    def _announce(self) -> None:
        log("loading model for process 0/1", "train_util.py:4716")
        err("\r  0%|          | 0/4 [00:00<?, ?it/s]")
        log("caching latents...", "train_util.py:1091")
        for number in range(1, 5):
            err(f"\r{25 * number:3d}%|{blocks(number, 4)}| {number}/4 [00:00<00:00,  2.28it/s]")
        err("\n")
        say("running training / 学習開始")
        say(f"  num train images * repeats / 学習画像の数×繰り返し回数: {self.batches}")
        say("  num reg images / 正則化画像の数: 0")
        say(f"  num batches per epoch / 1epochのバッチ数: {self.batches}")
        say(f"  num epochs / epoch数: {self.epochs}")
        say(f"  total optimization steps / 学習ステップ数: {self.total}")

    def _bar(self, done: int, total: int, start: float, loss: float | None, _: object) -> None:
        spent = time.monotonic() - start
        pace = f"{done / spent:5.2f}it/s" if done and spent else "?it/s"
        left = f"{int(spent / done * (total - done)) // 60:02d}:{0:02d}" if done else "?"
        tail = f", {pace}" + (f", avr_loss={loss:.3g}" if loss is not None else "")
        clock = f"{int(spent) // 60:02d}:{int(spent) % 60:02d}"
        share = f"{100 * done // total:3d}%|{blocks(done, total)}| {done}/{total}"
        err(f"\rsteps: {share} [{clock}<{left}{tail}]")

    def _number(self, tag: str, step: int, value: float) -> None:
        with self.events.open("ab") as file:
            file.write(record(event(tag, step, value, time.time())))

    def _save(self, stem: str, epoch: int, step: int) -> None:
        path = self.out / f"{stem}.safetensors"
        say(f"\nsaving checkpoint: {path}")
        metadata = {"ss_epoch": str(epoch), "ss_steps": str(step), "ss_output_name": self.name}
        entry = {"dtype": "F32", "shape": [1024], "data_offsets": [0, 4096]}
        header = json.dumps({"__metadata__": metadata, "lora_unet_x.alpha": entry}).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            for _ in range(4):
                file.write(b"\0" * 1024)
                file.flush()
                time.sleep(self.step_seconds / 4)

    def _state(self, name: str, epoch: int, step: int) -> None:
        if not self.values.get("save_state"):
            return
        log(f"saving state at epoch {epoch}", "train_util.py:5078")
        folder = self.out / name
        folder.mkdir(parents=True, exist_ok=True)
        position = {"current_epoch": epoch, "current_step": step}
        (folder / "train_state.json").write_text(json.dumps(position))
        header = json.dumps({"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}).encode()
        whole = len(header).to_bytes(8, "little") + header + b"\0"
        (folder / "model.safetensors").write_bytes(whole)
        for file in ("optimizer.bin", "scheduler.bin", "random_states_0.pkl"):
            with zipfile.ZipFile(folder / file, "w") as archive:
                archive.writestr("data.pkl", f"{file} of step {step}")


def main() -> None:
    config = Path(sys.argv[sys.argv.index("--config_file") + 1])
    Training(read_toml(config)).run()


if __name__ == "__main__":
    main()
