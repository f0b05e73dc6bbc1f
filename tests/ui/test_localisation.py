"""Every fixed text of the page has a translation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import gradio as gr
import pytest
from ui_fakes import Page

from lib_t2p.errors import InputError
from lib_t2p.ui import translations as localisation
from lib_t2p.ui.translations import differences, shared_texts, translations, visible_texts

LANGUAGE = "de_DE"


def test_no_text_of_the_page_lacks_its_translation(page: Page) -> None:
    missing, _ = differences(visible_texts(page.blocks) | shared_texts(), LANGUAGE)
    assert missing == [], f"add them to localizations/{LANGUAGE}.json"


def test_translations_keep_what_is_typed_as_it_is() -> None:
    for english, own in translations(LANGUAGE).items():
        places = re.findall(r"\{\w+\}|\[[a-z0-9_]+[\],]|`[^`]*`|--\w[\w-]*", english)
        assert [p for p in places if p not in own] == [], english
        assert own.strip(), english


def test_the_file_is_as_the_webui_reads_it(root: Path) -> None:
    file = root / "localizations" / f"{LANGUAGE}.json"
    assert file.read_bytes()[:1] == b"{"
    found = json.loads(file.read_text(encoding="utf-8"))
    assert all(isinstance(key, str) and key == key.strip() for key in found)


def test_all_kinds_of_texts_are_found() -> None:
    with gr.Blocks() as blocks, gr.Tab("A tab"):
        gr.Textbox(label="A label", info="A help", placeholder="A place")
        gr.Radio(["Alone"], label="A choice")
        gr.Dropdown(["Two words", "name"], label="A list")
        gr.Dropdown(["my model.safetensors [a b]"], label="Files", elem_id="t2p_x_checkpoint")
        gr.HTML("<p>A note</p><table><td>in a table</td></table><p role='status'>a state</p>")
        gr.Button("A button")
        gr.Button("Hidden", elem_id="t2p_x_tick")
    found = visible_texts(blocks)
    assert found == {
        *("A tab", "A label", "A help", "A place", "Alone", "A choice", "Two words", "A list"),
        *("Files", "A note", "A button"),
    }


def test_what_lacks_and_what_is_too_much_is_told() -> None:
    missing, surplus = differences({"Person", "Brand new"}, LANGUAGE)
    assert missing == ["Brand new"]
    assert "Dataset" in surplus


def test_a_damaged_translation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(localisation, "FOLDER", tmp_path)
    for written in ("{", '["a"]', '{"a": 1}'):
        (tmp_path / "xx.json").write_text(written, encoding="utf-8")
        with pytest.raises(InputError, match=r"xx\.json"):
            translations("xx")
