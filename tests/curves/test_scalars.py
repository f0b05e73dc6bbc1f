from __future__ import annotations

import math
import struct
from pathlib import Path

import pytest
from event_file_helpers import event, part, record, tensor_event, training

from lib_t2p.curves.scalars import Scalar, ScalarReader
from lib_t2p.curves.scalars.reader import PIECE

NAME = "events.out.tfevents.1691928966.HOST.1.0"


def write(folder: Path, data: bytes, name: str = NAME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_numbers_come_in_the_order_of_writing(tmp_path: Path) -> None:
    path = write(tmp_path, training(40))
    found = ScalarReader(path).read_new()
    assert [s.step for s in found] == [step for step in range(1, 41) for _ in range(2)]
    assert found[0] == Scalar("loss/current", 1, 1e9 + 1, 4.0)
    assert found[79] == Scalar("lr/d*lr", 40, 1e9 + 40, 41.75)


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("step", [0, 1, 127, 128, 70_000, 2**40, -1])
def test_any_step_is_read_alone_and_in_company(tmp_path: Path, step: int, count: int) -> None:
    path = write(tmp_path, record(event("loss/average", step, 0.5)) * count)
    assert {s.step for s in ScalarReader(path).read_new()} == {step}


def test_numbers_that_are_none_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, b"".join(record(event("a", 1, x)) for x in (math.nan, math.inf)))
    values = [s.value for s in ScalarReader(path).read_new()]
    assert math.isnan(values[0])
    assert values[1] == math.inf


@pytest.mark.parametrize(
    "tensor",
    [
        b"\x08\x01" + part(4, struct.pack("<f", 1.5)),
        b"\x08\x01" + part(5, struct.pack("<f", 1.5)),
        b"\x08\x01" + b"\x2d" + struct.pack("<f", 1.5),
        b"\x08\x02" + part(6, struct.pack("<d", 1.5)),
        b"\x08\x13" + part(4, struct.pack("<e", 1.5)),
    ],
    ids=["content", "packed", "unpacked", "double", "half"],
)
@pytest.mark.parametrize("count", [1, 20])
def test_numbers_in_tensors_are_read(tmp_path: Path, tensor: bytes, count: int) -> None:
    path = write(tmp_path, record(tensor_event("a", 3, part(8, tensor))) * count)
    assert {(s.tag, s.step, s.value) for s in ScalarReader(path).read_new()} == {("a", 3, 1.5)}


def test_texts_and_histograms_are_no_numbers(tmp_path: Path) -> None:
    text = part(8, b"\x08\x07" + part(8, b"hello"))
    several = part(8, b"\x08\x01" + part(4, struct.pack("<ff", 1, 2)))
    data = b"".join(record(tensor_event("a", 1, x)) for x in (text, several))
    assert ScalarReader(write(tmp_path, data)).read_new() == []


def test_a_file_cut_anywhere_gives_its_whole_records(tmp_path: Path) -> None:
    data = training(12)
    whole = ScalarReader(write(tmp_path / "whole", data)).read_new()
    for cut in range(len(data)):
        path = write(tmp_path / "cut", data[:cut])
        reader = ScalarReader(path)
        before = reader.read_new()
        assert before == whole[: len(before)]
        assert reader.faults == ()
        append(path, data[cut:])
        assert before + reader.read_new() == whole


def test_a_damaged_number_is_left_out_and_told(tmp_path: Path) -> None:
    first, second, third = (record(event("a", step, 1.0)) for step in (1, 2, 3))
    broken = second[:-6] + bytes([second[-6] ^ 1]) + second[-5:]
    reader = ScalarReader(write(tmp_path, first + broken + third))
    assert [s.step for s in reader.read_new()] == [1, 3]
    assert "1 damaged record" in reader.faults[0]


@pytest.mark.parametrize("length", [2**63, 2**40, 2**31, 60])
def test_a_false_length_ends_the_file_without_waiting_or_allocating(
    tmp_path: Path, length: int
) -> None:
    good = training(3)
    path = write(tmp_path, good + struct.pack("<Q", length) + b"\x00" * 300)
    reader = ScalarReader(path)
    assert len(reader.read_new()) == 6
    assert f"byte {len(good)}" in reader.faults[0]
    append(path, training(3))
    assert reader.read_new() == []


def test_a_picture_larger_than_what_is_read_at_once_is_passed_over(tmp_path: Path) -> None:
    # The checksum of a large record is not looked at, so that any will do.
    picture = record(b"")[:0] + _head(PIECE + 5) + b"\x00" * (PIECE + 5) + b"\x00" * 4
    path = write(tmp_path, training(2) + picture[: PIECE // 2])
    reader = ScalarReader(path)
    assert len(reader.read_new()) == 4
    append(path, picture[PIECE // 2 :] + training(1))
    assert len(reader.read_new()) == 2


def _head(length: int) -> bytes:
    return record(struct.pack("<Q", length))[12:24]


def test_files_of_all_folders_are_followed_as_they_come(tmp_path: Path) -> None:
    reader = ScalarReader(tmp_path / "tb")
    assert reader.read_new() == []
    write(tmp_path / "tb", training(2))
    assert len(reader.read_new()) == 4
    write(tmp_path / "tb" / "ä b" / "network_train", training(3))
    assert len(reader.read_new()) == 6
    assert reader.read_new() == []


def test_random_bytes_are_no_error(tmp_path: Path) -> None:
    for seed in range(50):
        noise = bytes((seed * 31 + i * i * 7) % 256 for i in range(200))
        path = write(tmp_path, record(noise) + record(event("a", 1, 1.0)))
        assert [s.tag for s in ScalarReader(path).read_new()][-1:] == ["a"]


def test_the_guides_logs_read_as_tensorboard_reads_them(shared: Path) -> None:
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    path = next((shared / "guide" / "logs" / "Batch Size").rglob("11/*tfevents*"))
    theirs = accumulators.EventAccumulator(str(path), size_guidance={"scalars": 0}).Reload()
    expected = {
        (tag, x.step, x.wall_time, x.value)
        for tag in theirs.Tags()["scalars"]
        for x in theirs.Scalars(tag)
    }
    found = ScalarReader(path).read_new()
    assert {tuple(s) for s in found} == expected
    assert len(found) == len(expected)
