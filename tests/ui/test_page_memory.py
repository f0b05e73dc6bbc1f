from __future__ import annotations

from collections.abc import Callable

from lib_t2p.ui.refresh import KEPT, PageMemory, Shown


class _Page:
    """A page of one panel that applies answers when the test says so."""

    def __init__(self) -> None:
        self.memory = PageMemory()
        self.beat = ""
        self.panel = ""
        self.made = 0

    def ask(self, value: str) -> Callable[[], Callable[[], None]]:
        """Begins a request; the result finishes it, whose result reaches the page."""
        asked_from = self.beat
        shown = self.memory.begin(asked_from)

        def finish() -> Callable[[], None]:
            self.made += 1
            answer = str(self.made)
            sent = value if shown.get("panel") != value else None
            self.memory.end(asked_from, answer, {"panel": value})

            def arrive() -> None:
                self.beat = answer
                self.panel = self.panel if sent is None else sent

            return arrive

        return finish


def at_once(page: _Page, value: str) -> None:
    page.ask(value)()()


def test_what_the_page_shows_is_not_sent_again():
    memory = PageMemory()
    assert memory.begin("") == {}
    memory.end("", "1", {"panel": "a"})
    assert memory.begin("1") == {"panel": "a"}


def test_answers_in_the_wrong_order_leave_no_stale_panel():
    page = _Page()
    at_once(page, "start")
    empty, cards = page.ask("nobody"), page.ask("cards")
    late, early = empty(), cards()
    early()
    late()
    assert page.panel == "nobody"
    at_once(page, "cards")
    assert page.panel == "cards"


def test_an_answer_that_arrives_after_a_whole_later_request_is_mended():
    page = _Page()
    at_once(page, "start")
    slow = page.ask("nobody")
    at_once(page, "cards")
    slow()()
    assert page.panel == "nobody"
    at_once(page, "cards")
    assert page.panel == "cards"


def test_a_reloaded_page_and_an_unknown_answer_get_everything():
    memory = PageMemory()
    memory.end("", "1", {"panel": "a"})
    assert memory.begin("from before the program was started again") == {}


def test_memory_does_not_grow_with_the_hours():
    memory = PageMemory()
    beat, shown = "", Shown()
    for number in range(10 * KEPT):
        memory.begin(beat)
        memory.end(beat, str(number), shown)
        beat = str(number)
    assert memory.begin(beat) == shown
    assert len(memory._answers) == KEPT
    assert len(memory._asked) <= KEPT + 1
