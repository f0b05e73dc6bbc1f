"""Why a training ended, in a sentence."""

from __future__ import annotations

import pytest

from lib_t2p.training.failures import classify


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
