import io

from lib_t2p.cli_output import Output


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_file_gets_one_progress_line_per_tenth() -> None:
    stream = io.StringIO()
    output = Output(stream)
    for done in range(1, 101):
        output.progress("training", done, 100, "step")
    assert len(stream.getvalue().splitlines()) == 11


def test_a_line_after_live_progress_begins_on_its_own_row() -> None:
    stream = Terminal()
    output = Output(stream)
    output.progress("training", 1, 2, "step")
    output.line("done")
    assert stream.getvalue().endswith("1/2 steps\ndone\n")


def test_a_console_that_lacks_letters_gets_question_marks() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    Output(stream).line("Zoë")
    assert raw.getvalue() == b"Zo?\n"


def test_a_table_aligns_its_columns() -> None:
    stream = io.StringIO()
    Output(stream).table(("model", "n"), [["e01", "10"], ["none", "5"]])
    assert stream.getvalue().splitlines()[2:] == ["  e01    10", "  none    5"]


def test_texts_stand_to_the_left_and_wide_letters_count_twice() -> None:
    stream = io.StringIO()
    Output(stream).table(("photo", "n", "why"), [["日本", "1", "no face"], ["b", "20", ""]])
    assert stream.getvalue().splitlines()[2:] == ["  日本    1  no face", "  b      20"]


def test_a_text_of_a_file_cannot_steer_the_terminal() -> None:
    stream = Terminal()
    Output(stream).line("a\x1b]0;title\x07b\u202ec\tÅ\nsecond")
    assert stream.getvalue() == "a\\x1b]0;title\\x07b\\u202ec\tÅ\nsecond\n"
