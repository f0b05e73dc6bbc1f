from __future__ import annotations

from lib_t2p.ui.markup import message, picture_card, progress_bar, table


def test_every_text_is_escaped():
    evil = '<img src=x onerror="alert(1)">'
    for html in (
        message(evil, "bad"),
        picture_card("", evil, note=evil),
        progress_bar(1, 2, evil),
        table([evil], []),
    ):
        assert "<img src=x" not in html


def test_faults_become_a_list():
    html = message("This cannot be used: 2 faults\n- first\n- second", "bad")
    assert html.count("<li>") == 2
    assert 'role="alert"' in html


def test_an_empty_message_is_nothing():
    assert message("") == ""


def test_progress_stays_within_the_bar():
    assert "width:100.0%" in progress_bar(7, 5, "step")
    assert "t2p-moving" in progress_bar(3, 0, "photos")
