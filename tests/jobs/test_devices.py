from __future__ import annotations

from collections.abc import Sequence

import pytest

from lib_t2p.jobs.processes.devices import Device, ask_program, find_devices, variables_of

SMI = "0, NVIDIA GeForce RTX 4090, 24564\n1, NVIDIA GeForce GTX 1080 Ti, [N/A]\n"


def answering(smi: str, torch: str = ""):
    def ask(argv: Sequence[str]) -> str:
        return smi if argv[0] == "nvidia-smi" else torch

    return ask


def test_each_card_is_a_device_of_its_own() -> None:
    assert find_devices("python", {}, answering(SMI), lambda: True) == (
        Device("gpu:0", "NVIDIA GeForce RTX 4090", 24564),
        Device("gpu:1", "NVIDIA GeForce GTX 1080 Ti", 0),
    )


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        ("1", ["gpu:1"]),
        ("1, 0", ["gpu:1", "gpu:0"]),
        ("GPU-5d1b", ["gpu:GPU-5d1b"]),
        ("1,-1,0", ["gpu:1"]),
        ("", ["cpu"]),
        ("-1", ["cpu"]),
    ],
)
def test_only_visible_cards_are_used(visible: str, names: list[str]) -> None:
    environ = {"CUDA_VISIBLE_DEVICES": visible}
    found = find_devices("python", environ, answering(SMI), lambda: True)
    assert [device.name for device in found] == names


def test_without_a_card_runs_use_the_cpu() -> None:
    assert [d.name for d in find_devices("python", {}, answering(SMI), lambda: False)] == ["cpu"]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("2\n", ["gpu:0", "gpu:1"]),
        ("a warning\n1\n", ["gpu:0"]),
        ("", ["gpu:0"]),
        ("0", ["gpu:0"]),
    ],
)
def test_where_there_is_no_nvidia_smi_torch_is_asked(said: str, names: list[str]) -> None:
    found = find_devices("python", {}, answering("", said), lambda: True)
    assert [device.name for device in found] == names


def test_a_missing_program_gives_no_answer() -> None:
    assert ask_program(["t2p-no-such-program"]) == ""


@pytest.mark.parametrize(
    ("devices", "visible"),
    [
        ("gpu:1", "1"),
        ("gpu:0+gpu:1", "0,1"),
        ("gpu:GPU-5d1b", "GPU-5d1b"),
        ("cpu", None),
        ("", None),
    ],
)
def test_a_run_sees_only_its_devices(devices: str, visible: str | None) -> None:
    variables = variables_of(devices)
    assert variables.get("CUDA_VISIBLE_DEVICES") == visible
    # Without it CUDA numbers cards by speed, nvidia-smi by their place.
    assert (variables.get("CUDA_DEVICE_ORDER") == "PCI_BUS_ID") is bool(visible)
