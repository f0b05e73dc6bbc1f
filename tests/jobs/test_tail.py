from __future__ import annotations

from pathlib import Path

from lib_t2p.jobs.events.tail import Tail


def test_only_new_text_is_given(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    tail = Tail(path)
    assert tail.read_new() == ""
    with path.open("ab") as file:
        file.write(b"one\n")
        file.flush()
        assert tail.read_new() == "one\n"
        assert tail.read_new() == ""
        file.write(b"two")
        file.flush()
        assert tail.read_new() == "two"


def test_a_character_written_in_two_halves_is_given_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    for char in ("é", "人", "🙂"):
        data = char.encode()
        for cut in range(1, len(data)):
            path.write_bytes(b"a" + data[:cut])
            tail = Tail(path)
            assert tail.read_new() == "a"
            path.write_bytes(b"a" + data + b"b")
            assert tail.read_new() == char + "b"


def test_damaged_bytes_do_not_stop_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_bytes(b"a\xff\x80\x80\x80\x80z")
    tail = Tail(path)
    text = tail.read_new()
    assert text.startswith("a\ufffd")
    assert text.endswith("z")
    assert tail.offset == 7


def test_another_reader_goes_on_from_a_kept_offset(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_bytes("één twee".encode())
    first = Tail(path)
    first.read_new()
    with path.open("ab") as file:
        file.write(b" drie")
    assert Tail(path, first.offset).read_new() == " drie"


def test_a_file_that_was_begun_anew_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("a long first text")
    tail = Tail(path)
    tail.read_new()
    path.write_text("new")
    assert tail.read_new() == "new"
