"""Launching and resuming sd-scripts: what is written, what is taken over."""

from __future__ import annotations

import io
import json
import re
import struct
from pathlib import Path

import pytest
from supervised import Kit, make_kit
from training_fakes import RecordingReporter

from lib_t2p.diffusion.families import Family
from lib_t2p.errors import TrainerError
from lib_t2p.lora.header import read_header
from lib_t2p.runs.runs import read_run, saved_models
from lib_t2p.runs.supervision.supervisor import Watching, run_training
from lib_t2p.runs.trainers.sd_scripts.collecting import write_relabelled
from lib_t2p.runs.trainers.sd_scripts.launches import LaunchFacts, read_facts, write_facts
from lib_t2p.runs.trainers.sd_scripts.rich_text import unwrapped
from lib_t2p.runs.trainers.sd_scripts.small_bases import fill_tokenizers
from lib_t2p.runs.trainers.sd_scripts.states import (
    fresh_scheduler,
    is_unchanged,
    record_state,
    states,
)
from lib_t2p.runs.trainers.sd_scripts.trainer import Machine, launch_argv
from lib_t2p.toml_io import read_toml


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The header of an SD1.5 checkpoint: enough for whatever only looks."""
    shapes = {
        "model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3],
        "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": [320, 768],
    }
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 2
        for side in shape:
            size *= side
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    body = json.dumps(header).encode()
    path = tmp_path / "base é 'quoted'; $(touch x).safetensors"
    path.write_bytes(struct.pack("<Q", len(body)) + body + bytes(at))
    return path


@pytest.fixture
def kit(tmp_path: Path, base: Path) -> Kit:
    return make_kit("stand-in-v0.9.1", tmp_path / "Ordner mit Ü", lambda _: base)


def config_of(kit: Kit, *, again: bool = False) -> dict[str, object]:
    kit.trainer.command(kit.folder, read_run(kit.folder), again=again, environ={})
    return read_toml(kit.folder.trainer / "config.toml")


def finish(kit: Kit) -> RecordingReporter:
    reporter = RecordingReporter()
    run_training(kit.folder, reporter, Watching(poll_seconds=0.02, trainers=kit.trainers))
    return reporter


def test_the_configuration_names_the_run_s_own_files(kit: Kit, base: Path) -> None:
    config = config_of(kit)
    assert config["pretrained_model_name_or_path"] == str(base)
    assert config["output_dir"] == str(kit.folder.states)
    assert config["output_name"] == "t2p_ada_first"
    assert Path(str(config["train_data_dir"])).is_dir()
    assert "reg_data_dir" not in config
    assert config["max_train_epochs"] == 4
    assert "resume" not in config


def test_a_resolution_below_the_smallest_bucket_is_let_in(tmp_path: Path, base: Path) -> None:
    buckets = {"enable_bucket": True, "bucket_no_upscale": True, "min_bucket_reso": 256}
    kit = make_kit("stand-in-v0.9.1", tmp_path, lambda _: base, **buckets)
    config = config_of(kit)
    assert (config["resolution"], config["min_bucket_reso"]) == ("64,64", 64)


def test_the_command_line_has_no_setting_and_no_shell(kit: Kit) -> None:
    run = read_run(kit.folder)
    argv = launch_argv(
        kit.folder,
        run,
        Family.SDXL,
        python=Path("py"),
        scripts=Path("sd scripts"),
        machine=Machine(gpus=2, cores=8),
    )
    assert argv[-3:] == (
        str(Path("sd scripts/sdxl_train_network.py")),
        "--config_file",
        str(kit.folder.trainer / "config.toml"),
    )
    assert "--multi_gpu" in argv
    assert argv[argv.index("--num_processes") + 1] == "2"
    assert argv[argv.index("--num_cpu_threads_per_process") + 1] == "2"


@pytest.mark.parametrize(
    ("visible", "gpus"), [("", 0), ("-1", 0), ("0", 1), ("0,2", 2), ("GPU-a,GPU-b", 2)]
)
def test_the_cards_that_are_visible_count(visible: str, gpus: int) -> None:
    assert Machine.here({"CUDA_VISIBLE_DEVICES": visible}).gpus == gpus


def test_names_that_a_shell_would_read_as_commands_do_nothing(kit: Kit, base: Path) -> None:
    finish(kit)
    assert [model.epoch for model in saved_models(kit.folder)] == [1, 2, 3, 4]
    assert not list(base.parent.rglob("x"))


def test_a_state_that_was_changed_since_is_not_trusted(kit: Kit) -> None:
    finish(kit)
    facts = read_facts(kit.folder)
    assert facts is not None
    write_facts(kit.folder, LaunchFacts(**{**vars(facts), "steps_total": 99}))
    newest = states(kit.folder)[-1]
    (kit.folder.states / newest.name / "optimizer.bin").write_bytes(b"malice")
    assert not is_unchanged(kit.folder, newest)
    command = kit.trainer.command(kit.folder, read_run(kit.folder), again=True, environ={})
    assert any("not trusted" in note for note in command.notes)
    assert "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD" not in command.env


def test_a_resume_links_the_state_and_corrects_its_position(kit: Kit) -> None:
    finish(kit)
    facts = read_facts(kit.folder)
    assert facts is not None
    write_facts(kit.folder, LaunchFacts(**{**vars(facts), "steps_total": 99}))
    command = kit.trainer.command(kit.folder, read_run(kit.folder), again=True, environ={})
    assert command.env["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"] == "1"
    config = read_toml(kit.folder.trainer / "config.toml")
    assert config["skip_until_initial_step"] is True
    position = json.loads((Path(str(config["resume"])) / "train_state.json").read_text())
    assert position == {"current_epoch": 4, "current_step": 16}


def test_only_the_last_state_is_kept(kit: Kit) -> None:
    finish(kit)
    assert [state.step for state in states(kit.folder)] == [16]


def test_what_a_killed_trainer_left_half_written_is_removed(kit: Kit) -> None:
    config_of(kit)
    half = kit.folder.states / "t2p_ada_first-000001.safetensors"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    state = kit.folder.states / "t2p_ada_first-000001-state"
    state.mkdir()
    (state / "optimizer.bin").write_bytes(b"half")
    kit.trainer.attendant(kit.folder, read_run(kit.folder)).look(over=True)
    assert list(kit.folder.states.iterdir()) == []
    assert saved_models(kit.folder) == []


def test_the_oldest_tag_trains_the_epochs_that_are_left(tmp_path: Path, base: Path) -> None:
    kit = make_kit("stand-in-v0.8.7", tmp_path, lambda _: base)
    facts = LaunchFacts(steps_total=16, epochs_total=4, steps_per_epoch=4)
    config_of(kit)
    write_facts(kit.folder, facts)
    written = kit.folder.states / "t2p_ada_first-000001-state"
    written.mkdir(parents=True)
    (written / "scheduler.bin").write_bytes(b"old")
    assert record_state(kit.folder, written, 4) is not None
    command = kit.trainer.command(kit.folder, read_run(kit.folder), again=True, environ={})
    config = read_toml(kit.folder.trainer / "config.toml")
    assert config["max_train_epochs"] == 3
    assert "skip_until_initial_step" not in config
    assert (Path(str(config["resume"])) / "scheduler.bin").read_bytes() == fresh_scheduler()
    assert any("learning rate starts over" in note for note in command.notes)


def test_without_states_the_person_hears_that_it_begins_anew(tmp_path: Path, base: Path) -> None:
    kit = make_kit("stand-in-v0.9.1", tmp_path, lambda _: base, save_state=False)
    config_of(kit)
    command = kit.trainer.command(kit.folder, read_run(kit.folder), again=True, environ={})
    assert any("save_state is off" in note for note in command.notes)


def test_torch_reads_the_fresh_scheduler() -> None:
    torch = pytest.importorskip("torch")
    loaded = torch.load(io.BytesIO(fresh_scheduler()), weights_only=True)
    assert loaded == {"lr_lambdas": [], "last_epoch": 0, "_step_count": 1}


def test_relabelling_changes_metadata_only(tmp_path: Path) -> None:
    entry = {"a": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}
    header = json.dumps({"__metadata__": {"ss_epoch": "1", "ss_seed": "é"}, **entry}).encode()
    source = tmp_path / "a.safetensors"
    source.write_bytes(struct.pack("<Q", len(header)) + header + b"xyz")
    target = tmp_path / "b.safetensors"
    write_relabelled(source, target, {"ss_epoch": "7"})
    assert read_header(target).metadata == {"ss_epoch": "7", "ss_seed": "é"}
    assert target.read_bytes().endswith(b"xyz")


def test_tokenizers_are_written_once_and_whole(tmp_path: Path) -> None:
    written: list[Path] = []

    def write(folder: Path) -> None:
        written.append(folder)
        (folder / "vocab.json").write_text("{}")
        (folder / "merges.txt").write_text("")

    for _ in range(2):
        fill_tokenizers(tmp_path, write)
    assert len(written) == 2
    pads = {
        json.loads((folder / "special_tokens_map.json").read_text())["pad_token"]
        for folder in tmp_path.iterdir()
    }
    assert pads == {"<|endoftext|>", "!"}


def test_no_pictures_is_a_failure_though_it_ends_with_exit_code_zero(kit: Kit) -> None:
    for picture in (kit.folder.person.dataset(1).img).rglob("*.png"):
        picture.unlink()
    with pytest.raises(TrainerError, match="no pictures to train on"):
        finish(kit)


def shape(line: str) -> str:
    line = re.sub(r"[▏▎▍▌▋▊▉█]", "", line)
    line = re.sub(r"/\S.*\.safetensors", "PATH", line)
    line = re.sub(r"avr_loss=[\d.]+", "avr_loss=N", line)
    line = re.sub(r"[\d.:?]+(it/s|s/it)", "PACE", line)
    return re.sub(r"\s+", " ", re.sub(r"[\d.:?]+", "N", line)).strip()


def test_the_stand_in_prints_what_the_real_one_prints(kit: Kit, shared: Path) -> None:
    recordings = shared / "contracts" / "sd-scripts" / "output"
    known = {
        shape(line)
        for file in recordings.glob("v0.*.txt")
        for line in unwrapped(file.read_bytes().decode("utf-8")).split("\n")
    }
    finish(kit)
    printed = kit.folder.stdout.read_text("utf-8") + kit.folder.stderr.read_bytes().decode("utf-8")
    strange = {shape(line) for line in unwrapped(printed).split("\n")} - known
    assert strange == set()
