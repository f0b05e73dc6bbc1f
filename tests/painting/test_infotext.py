"""Infotexts are written and read as the WebUI does."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from lib_t2p.errors import PaintingError
from lib_t2p.painting.infotext import (
    Infotext,
    format_infotext,
    put_infotext,
    read_infotext,
    read_png_infotext,
    request_from,
    write_infotext,
)
from lib_t2p.painting.png import read_text, with_text
from lib_t2p.painting.request import CellRequest

REQUEST = CellRequest(
    prompt="photo of blh woman,\n(suit:1.2) <lora:t2p_blh_a_e08:0.9>",
    negative_prompt="blurry, Steps: many",
    seed=1234,
    checkpoint="base",
    steps=25,
    sampler_name="DPM++ 2M Karras",
    cfg_scale=4.5,
    width=768,
    height=512,
    clip_skip=2,
)


def png(**save: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG", **save)
    return buffer.getvalue()


def test_a_request_survives_the_round_trip() -> None:
    text = write_infotext(REQUEST, model="base", lora_hashes={"t2p_blh_a_e08": "9b018e2093ee"})
    assert request_from(read_infotext(text), "base") == REQUEST
    assert 'Lora hashes: "t2p_blh_a_e08: 9b018e2093ee"' in text


def test_the_text_is_laid_out_as_the_webui_does() -> None:
    plain = replace(REQUEST, prompt="a", negative_prompt="", cfg_scale=7.0, clip_skip=1)
    assert write_infotext(plain, model="base") == (
        "a\nSteps: 25, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 1234, Size: 768x512, "
        "Model: base, Version: Text to Person"
    )


def test_real_infotexts_of_the_guide_are_read(shared: Path) -> None:
    files = sorted((shared / "guide" / "infotexts").glob("*.txt"))
    assert len(files) == 4
    for file in files:
        found = read_infotext(file.read_text(encoding="utf-8"))
        request = request_from(found, found.parameters["Model"])
        assert request.prompt.startswith("<lora:growth_rate_1.02_")
        assert "(masterpiece:1.3), portrait, closeup" in request.prompt
        assert "easynegative" in request.negative_prompt
        assert (request.steps, request.width, request.clip_skip) == (25, 768, 2)
        assert request.sampler_name == "DPM++ 2M Karras"
        assert found.parameters["TI hashes"].startswith("easynegative: c74b4e810b03, easy_")


def test_a_real_infotext_is_written_back_unchanged(shared: Path) -> None:
    file = shared / "guide" / "infotexts" / "DS - Complex Prompt.txt"
    text = file.read_text(encoding="utf-8").strip()
    assert format_infotext(read_infotext(text)) == text


@pytest.mark.parametrize("value", ["a, b", "a: b", 'say "x"', "line\nbreak", "back\\slash, x", "ä"])
def test_values_of_any_kind_survive(value: str) -> None:
    said = {"Steps": "1", "Sampler": "Euler", "Seed": "1", "Model": value}
    assert read_infotext(format_infotext(Infotext("p", "", said))).parameters == said


def test_a_schedule_that_stands_apart_joins_the_sampler() -> None:
    text = "p\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, Seed: 1, Size: 512x512"
    assert request_from(read_infotext(text), "").sampler_name == "DPM++ 2M Karras"
    automatic = text.replace("Karras", "Automatic")
    assert request_from(read_infotext(automatic), "").sampler_name == "DPM++ 2M"


def test_a_text_without_parameters_is_all_prompt() -> None:
    assert read_infotext("a cat: red, blue") == Infotext("a cat: red, blue")


def test_numbers_that_are_none_are_named() -> None:
    with pytest.raises(PaintingError, match="no seed"):
        request_from(Infotext("p"), "")
    with pytest.raises(PaintingError, match="no number"):
        request_from(Infotext("p", "", {"Seed": "x"}), "")
    with pytest.raises(PaintingError, match="no number"):
        request_from(Infotext("p", "", {"Seed": "1", "Size": "large"}), "")


@pytest.mark.parametrize("text", ["plain", "ümlaut é", "人物の写真\nSteps: 1"])
def test_pillow_and_we_read_each_others_text(text: str) -> None:
    ours = put_infotext(png(), text)
    with Image.open(io.BytesIO(ours)) as picture:
        picture.load()
        assert picture.info["parameters"] == text
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", text)
    assert read_text(png(pnginfo=info), "parameters") == text


def test_compressed_text_is_read() -> None:
    for add in ("add_text", "add_itxt"):
        info = PngImagePlugin.PngInfo()
        getattr(info, add)("parameters", "long " * 50, zip=True)
        assert read_text(png(pnginfo=info), "parameters") == "long " * 50


def test_a_picture_loses_exif_and_the_old_text() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    once = put_infotext(png(exif=exif.tobytes()), "old")
    twice = put_infotext(once, "p\nSteps: 1, Seed: 2, Size: 8x8")
    assert b"eXIf" not in twice
    assert b"old" not in twice
    found = read_png_infotext(twice)
    assert found is not None
    assert found.parameters["Seed"] == "2"


def test_a_picture_without_text_gives_none(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    assert read_png_infotext(tmp_path / "a.png") is None
    assert read_png_infotext(b"no picture") is None


def test_a_cut_off_picture_is_refused() -> None:
    with pytest.raises(PaintingError, match="no whole PNG"):
        with_text(png()[:-5], "parameters", "x")
