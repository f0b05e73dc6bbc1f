"""Pictures are opened with a list of formats, everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PIL import Image, UnidentifiedImageError

from lib_t2p.pictures import FORMATS, open_picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_what_pictures_come_in_is_opened_whatever_it_is_called(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "picture.txt"
    Image.new("RGB", (8, 8), "red").save(file, kind)
    with open_picture(file) as opened:
        assert opened.size == (8, 8)


@pytest.mark.parametrize("kind", ["EPS", "PPM", "PCX", "TGA", "SGI", "PDF"])
def test_formats_that_nobody_needs_are_not(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "picture.png"
    Image.new("RGB", (8, 8), "red").save(file, kind)
    with pytest.raises(UnidentifiedImageError):
        open_picture(file)


def opens_anything(call: ast.Call) -> bool:
    """Whether it is `Image.open` without `formats`."""
    function = call.func
    named = isinstance(function, ast.Attribute) and function.attr == "open"
    of_pillow = named and ast.unparse(function).endswith("Image.open")
    return of_pillow and "formats" not in {keyword.arg for keyword in call.keywords}


def test_no_module_opens_pictures_of_any_format(root: Path) -> None:
    found = [
        f"{file.relative_to(root)}:{node.lineno}"
        for file in sorted((root / "lib_t2p").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and opens_anything(node)
    ]
    assert found == []
    assert "EPS" not in FORMATS
