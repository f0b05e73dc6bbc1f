"""What sd-scripts prints: recordings of the real one turned into events."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lib_t2p.jobs.events.events import Event, Metric, Phase, Progress
from lib_t2p.runs.trainers.sd_scripts.faults import failure_of
from lib_t2p.runs.trainers.sd_scripts.output import SdOutput, read_bar
from lib_t2p.runs.trainers.sd_scripts.rich_text import unwrapped

GOOD = {
    "v0.8.7-adamw.txt": 8,
    "v0.9.1-adamw-save_state.txt": 16,
    "v0.9.1-dadaptadam.txt": 8,
    "v0.9.1-sample.txt": 4,
    "v0.10-adamw.txt": 4,
    "v0.10-adamw-128.txt": 8,
    "v0.10-dadaptadam.txt": 8,
    "v0.10-tiny.txt": 32,
}
CODES = {
    "SIGINT_g": "interrupted",
    "SIGKILL_c": "killed",
    "SIGTERM_c": "terminated",
    "SIGTERM_p": "killed",
    "badarg": "unknown-option",
    "badchoice": "bad-value",
    "badopt": "unknown-optimizer",
    "badtype": "bad-value",
    "emptydata": "no-images",
    "nockpt": "missing-checkpoint",
    "nodata": "no-images",
    "notimg": "corrupt-image",
    "truncimg": "corrupt-image",
    "truncimg_nocache": "corrupt-image",
    "txtimg_v0.10": "corrupt-image",
    "txtimg_v0.9.1": "corrupt-image",
}
GOES_ON = {"resume": (8, 16), "v0.10-resume-tiny": (8, 16)}
"""Good runs from a state at step 8 of 16, which never reach 100 % by their own count."""


def recording(shared: Path, name: str) -> str:
    path = shared / "contracts" / "sd-scripts" / name
    return path.read_bytes().decode("utf-8")


def steps(events: list[Event]) -> list[tuple[int, int]]:
    return [(e.done, e.total) for e in events if isinstance(e, Progress) and e.unit == "step"]


@pytest.mark.parametrize(("name", "total"), GOOD.items())
def test_every_step_of_a_good_run_is_told_once_with_its_loss(
    shared: Path, name: str, total: int
) -> None:
    output = SdOutput()
    events = output.feed_errors(recording(shared, f"output/{name}"))
    told = steps(events)
    assert sorted(set(told)) == [(n, total) for n in range(total + 1)]
    losses = {e.step for e in events if isinstance(e, Metric)}
    assert losses == set(range(1, total + 1))
    assert output.facts["steps"] == total
    assert any(isinstance(e, Progress) and e.seconds_left for e in events)
    assert max(e.epoch or 0 for e in events if isinstance(e, Progress)) == output.facts["epochs"]


@pytest.mark.parametrize("name", GOOD)
def test_pieces_of_any_length_tell_the_same(shared: Path, name: str) -> None:
    text = recording(shared, f"output/{name}")
    whole = steps(SdOutput().feed_errors(text))
    dice, output, told, rest = random.Random(name), SdOutput(), [], ""
    while text:
        length = dice.randrange(1, 400)
        rest, text = rest + text[:length], text[length:]
        cut = max(rest.rfind("\n"), rest.rfind("\r")) + 1
        told += steps(output.feed_errors(rest[:cut]))
        rest = rest[cut:]
    told += steps(output.feed_errors(rest))
    assert told == whole


def test_a_plain_log_in_two_streams_tells_the_same_parts(shared: Path) -> None:
    output = SdOutput()
    out = output.feed(recording(shared, "output/v0.10-simple.stdout.txt"))
    err = output.feed_errors(recording(shared, "output/v0.10-simple.stderr.txt"))
    assert [e.name for e in out if isinstance(e, Phase)] == [
        "loading the checkpoint",
        "caching latents",
        "training",
    ]
    assert steps(err)[-1] == (3, 3)


@pytest.mark.parametrize(("name", "place"), GOES_ON.items())
def test_a_resumed_run_counts_the_steps_before(
    shared: Path, name: str, place: tuple[int, int]
) -> None:
    before, total = place
    output = SdOutput(steps_before=before, steps_total=total)
    told = steps(output.feed_errors(recording(shared, f"faults/{name}.txt")))
    assert told[0] == (before, total)
    assert told[-1] == (total, total)


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_each_recorded_fault_has_its_code(shared: Path, name: str, code: str) -> None:
    assert failure_of("", recording(shared, f"faults/{name}.txt")).code == code


def test_no_recorded_fault_is_left_out(shared: Path) -> None:
    files = (shared / "contracts" / "sd-scripts" / "faults").glob("*.txt")
    assert {path.stem for path in files} == {*CODES, *GOES_ON}


@pytest.mark.parametrize("name", ["truncimg", "notimg", "txtimg_v0.10", "txtimg_v0.9.1"])
def test_a_corrupt_picture_is_named_whole_though_its_path_was_wrapped(
    shared: Path, name: str
) -> None:
    sentence = failure_of("", recording(shared, f"faults/{name}.txt")).sentence
    assert "2_ohwx person/" in sentence
    assert ".png" in sentence


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_messages_wrapped_at_any_width_are_put_together(width: int) -> None:
    message = "Error loading file: /a/rather/long/folder/of/photos/2_ohwx person/number-0002.png"
    column = width - 29 - len(" train_util.py:2499")
    lines, rest = [], message
    while rest:
        cut = rest[: column + 1].rfind(" ") if len(rest) > column else len(rest)
        cut = cut if cut > 0 else column
        lines.append(rest[:cut])
        rest = rest[cut:].lstrip(" ")
    first = f"{'':20}{'ERROR':<9}{lines[0]:<{column}} train_util.py:2499"
    text = "\n".join([first, *(f"{'':29}{line:<{column + 19}}" for line in lines[1:])])
    assert unwrapped(text) == f"ERROR {message}"


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("steps:  25%|##5       | 1/4 [00:03<00:09,  3.33s/it, avr_loss=1.12]", 3.33),
        ("steps:  25%|##5       | 1/4 [00:00<00:00,  4.00it/s, avr_loss=1.12]", 0.25),
        ("steps:   0%|          | 0/4 [00:00<?, ?it/s]2026-11-23 01:31:01 INFO", None),
    ],
)
def test_a_bar_is_read_in_either_unit_and_with_a_log_glued_to_it(
    line: str, seconds: float | None
) -> None:
    bar = read_bar(line)
    assert bar is not None
    assert bar.label == "steps"
    assert bar.seconds_per_step == seconds


@pytest.mark.parametrize(
    "line",
    [
        "steps:  25%|##5       | 1/4 [00:03<00:09, 3.3.3s/it]",
        "steps:  25%|##5       | 1/4 [00:03<00:09, .s/it]",
        "steps:  25%|##5       | 1/4 [00:03<0:0:0:0:0:0, 3.3s/it]",
        f"steps:  25%|##5       | 1/{'9' * 5000} [00:03<00:09, 3.3s/it]",
        f"steps:  25%|##5       | 1/4 [00:03<{'9' * 5000}, 3.3s/it]",
    ],
)
def test_a_bar_with_numbers_that_are_none_is_text(line: str) -> None:
    assert read_bar(line) is None
    assert not [e for e in SdOutput().feed_errors(f"\r{line}\n") if isinstance(e, Progress)]


def test_a_loss_that_is_no_number_is_told() -> None:
    (metric,) = [
        e
        for e in SdOutput().feed_errors(
            "\rsteps:  50%|#| 1/2 [00:03<00:09,  3.33s/it]"
            "\rsteps:  50%|#| 1/2 [00:03<00:09,  3.33s/it, avr_loss=nan]\n"
        )
        if isinstance(e, Metric)
    ]
    assert metric.value != metric.value
