"""Why a training ended, in a sentence."""

from __future__ import annotations

import pytest

from lib_t2p.runs.failures import classify
from lib_t2p.runs.trainers.sd_scripts.faults import failure_of


@pytest.mark.parametrize(
    ("stderr", "sentence"),
    [
        ("torch.OutOfMemoryError: CUDA out of memory. Tried", "graphics card ran out of memory"),
        (
            "RuntimeError: [enforce fail] DefaultCPUAllocator: can't allocate memory",
            "machine ran out of memory",
        ),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ModuleNotFoundError: No module named 'peft'", "package peft is missing"),
        ("PermissionError: [Errno 13] Permission denied: '/a/b'", "permission to use /a/b"),
        ("OSError: image file is truncated (5 bytes not processed)", "picture is damaged"),
        ("ValueError: strange", "error: ValueError: strange"),
        ("", "without a word"),
    ],
)
def test_each_cause_has_its_sentence(stderr: str, sentence: str) -> None:
    assert sentence in classify(f"INFO going on\n{stderr}" if stderr else "").sentence


def test_the_last_cause_counts() -> None:
    text = "CUDA out of memory\nretried\nOSError: [Errno 28] No space left on device\n"
    assert "disk is full" in classify(text).sentence


def test_what_the_script_said_counts_more_than_its_launcher() -> None:
    text = (
        "Traceback (most recent call last):\n"
        "AssertionError: a strange demand\n"
        "Traceback (most recent call last):\n"
        '  File "launch.py", line 688, in simple_launcher\n'
        "subprocess.CalledProcessError: Command '['python']' returned non-zero exit status 1.\n"
    )
    assert "AssertionError: a strange demand" in classify(text).sentence


BARS = "".join(f"\rsteps: {n}%|#| {n}/100 [00:0{n}<01:00, 1.0s/it, avr_loss=0.1]" for n in (1, 2))
GOING_ON = "".join(f"\rsteps: {n}%|#| {n}/100 [00:0{n}<01:00, 1.0s/it]" for n in (3, 4, 5))


@pytest.mark.parametrize(
    "before",
    [
        "2026-12-01 02:11:10 WARNING  exception in a hook was ignored        train_util.py:12",
        "WARNING:xformers:A matching Triton is not available\nNo module named 'triton'",
        "UserWarning: an Exception: CUDA out of memory",
        "x.py:3: FutureWarning: this raises an error: later\n  warnings.warn(Exception)",
        "Error caught was: No module named 'triton'",
        "Traceback (most recent call last):\n  File x\nValueError: a sample failed, going on",
        "RuntimeError: MemoryError was handled",
    ],
)
def test_a_killed_training_is_killed_whatever_it_warned_of_before(before: str) -> None:
    for output in (f"{before}\n{BARS}{GOING_ON}", f"{BARS}\n{before}\n{GOING_ON}"):
        assert failure_of("", output).code == "killed"
        assert failure_of(output, "").code == "killed"
    quiet = "WARNING: exception\nUserWarning: Exception\n"
    assert failure_of(quiet, f"INFO loading\n{quiet}INFO more\n").code == "killed"


def test_an_error_after_the_last_step_is_the_reason_though_the_bar_is_shown_once_more() -> None:
    error = (
        "Traceback (most recent call last):\n  File x\ntorch.OutOfMemoryError: CUDA out of memory"
    )
    closing = "\rsteps: 3%|#| 3/100 [00:03<01:00, 1.0s/it]\nUserWarning: leaked semaphore\n"
    assert failure_of("", f"{BARS}\n{error}\n{closing}").code == "out-of-memory"


def test_a_word_in_stdout_is_no_error_while_stderr_counts_steps_to_its_end() -> None:
    stdout = "epoch 1/2\nsomething raised an exception, it was handled\n"
    assert failure_of(stdout, BARS + GOING_ON).code == "killed"
    assert failure_of(f"{stdout}epoch 2/2\n", "").code == "killed"
    assert failure_of(f"{stdout}MemoryError", "").code == "machine-memory"
