"""Prompts, wildcard files and captions: texts with a grammar of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from benchmarks.fuzz.odd import near_bytes, near_json, near_text
from benchmarks.fuzz.target import Call, Target, as_bytes, plain, texts_of
from lib_t2p.dataset.captions.editing import KINDS, Edit, preview
from lib_t2p.dataset.captions.template import DEFAULT, PLACES, check_places, fill
from lib_t2p.diffusion.emphasis import parse_emphasis
from lib_t2p.painting.infotext import read_infotext
from lib_t2p.painting.lora_tags import hypernetworks, lora_stems, split_lora_tags
from lib_t2p.painting.request import CellRequest
from lib_t2p.portraits.choices import Choices
from lib_t2p.portraits.expanding import Expander
from lib_t2p.portraits.setting_tags import split_settings, with_settings
from lib_t2p.portraits.wildcard_files import read_text_file
from lib_t2p.workspace.people import Person

ANN = Person("Ann", "ohwx", "woman", "she said yes", "2026-01-01T00:00:00+00:00")
CHOICES = Choices((("tiny [1]", "/m/tiny.safetensors"),), ("a.vae.pt",), ("DPM++ 2M", "Euler a"))
REQUEST = CellRequest("photo", 1, "/m/tiny.safetensors", width=64, height=64)
PROMPTS = (
    "photo of {trigger} {a|b}",
    "{3::red|1::__colours__} hair, {2$$ and $$x|y|z}",
    "${x={a|b}} ${x} ${y=!__deep/colours__}${y}",
    "a # b, {[a|b]|(c:1.2)}, ohwx {class_word} BREAK <lora:one:0.8>",
    "__*__ and __colours(x=1)__ and __${x:colours}__",
    "@@{1-2$$a|b}@@ ~{a}",
)
TAGS = (
    "photo <lora:a:0.8>, <lyco:b> <hypernet:c:1>",
    "<checkpoint:tiny> <width:64> <height:64> <size:64x128> <steps:5>",
    "a, <cfg_scale:7.5>, <sampler:Euler a>, <vae:a> <clip_skip:2>, b",
)
WEIGHTS = ("a (photo:1.2) of [ohwx] ((woman)), \\(x\\) [a:b:0.5] AND (c:-1)",)
WORDS = "red\nlight blue\n# remark\n#selfie\n{dark|pale} green\n__deep/colours__\n"
LISTS = ("a:\n  - b\n  - c: [d, '{e|f}']\n",)
INFOTEXT = (
    "photo of ohwx\nNegative prompt: bad\nSteps: 5, Sampler: Euler a, CFG scale: 7, Seed: 1, "
    'Size: 64x64, Model: tiny, Lora hashes: "a: 1, b: 2", Version: v1.10.1',
)
CAPTION = {"a.jpg": "photo of ohwx, smiling", "b.jpg": "", "c.jpg": "x, x,, x "}


def targets() -> list[Target]:
    """One for each reader."""
    codecs = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-32")
    lines = [text.encode(codec) for text in (WORDS, "é\ngrün\n") for codec in codecs]
    edits = st.tuples(st.sampled_from(KINDS), near_text(["photo", "a, b"]), near_text(["y", "\\1"]))
    rows = [
        Target("prompt: variants and wildcards", near_text(PROMPTS), _expanding, renewed=300),
        Target("prompt: setting tags", near_text(TAGS), plain(_settings)),
        Target("prompt: tags of networks", near_text(TAGS), plain(_networks)),
        Target("prompt: emphasis", near_text(WEIGHTS), plain(parse_emphasis)),
        Target("prompt: infotext", near_text(INFOTEXT), plain(read_infotext)),
        Target("caption: places", near_text([DEFAULT, "{pose}"]), plain(_filled)),
        Target("caption: edit", edits.map(list), plain(_edited)),
    ]
    rows = [replace(row, typed=True) for row in rows]
    rows += [
        Target("wildcards: file in any bytes", near_bytes(lines), _wildcards("w.txt")),
        Target("wildcards: YAML", near_text(LISTS), _wildcards("w.yaml")),
        Target("wildcards: JSON", near_json([{"a": ["b", {"c": ["d"]}]}]), _wildcards("w.json")),
        # Each pattern is tried in a process of its own, which takes a tenth of a second.
        Target("caption: pattern", _patterns(), plain(_pattern), share=0.3, typed=True),
    ]
    return rows


def _patterns() -> st.SearchStrategy[list[str]]:
    """Short ones: a pattern that needs 5 s is refused by then, which is no fault."""
    near = near_text(["(o)hwx", "[a-z]+,", "(?i)photo"]).map(lambda text: text[:12])
    return st.tuples(near, near_text([r"\1", "y"])).map(list)


def _pattern(given: Any) -> object:
    return preview({"a.jpg": "ohwx, a"}, Edit("regex", *texts_of(given, 2)))


def _edited(given: Any) -> object:
    kind, text, by = texts_of(given, 3)
    if kind == "regex":
        return None
    return preview(CAPTION, Edit(kind, text, by))  # type: ignore[arg-type]


def _filled(caption: str) -> str:
    check_places(caption)
    return fill(caption, dict.fromkeys(PLACES, "x"))


def _settings(prompt: str) -> object:
    rest, found = split_settings(prompt)
    return rest, with_settings(REQUEST, found, CHOICES)


def _networks(prompt: str) -> object:
    return lora_stems(prompt), hypernetworks(prompt), split_lora_tags(prompt)


@contextmanager
def _expanding(folder: Path) -> Iterator[Call]:
    _plant(folder)
    yield lambda prompt: Expander([folder], ANN).expand(prompt, "1")


def _wildcards(name: str) -> Callable[[Path], AbstractContextManager[Call]]:
    @contextmanager
    def opened(folder: Path) -> Iterator[Call]:
        _plant(folder)

        def call(given: Any) -> object:
            (folder / name).write_bytes(as_bytes(given))
            expander = Expander([folder], ANN)
            return expander.expand("__w__ __w/a__ __*__", "1"), read_text_file(folder / name)

        yield call

    return opened


def _plant(folder: Path) -> None:
    for name in ("colours.txt", "deep/colours.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("red\n{dark|pale} blue\n", encoding="utf-8")
