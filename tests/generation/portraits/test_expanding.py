from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from portrait_fakes import wildcard_file

from lib_t2p.errors import InputError
from lib_t2p.generation.portraits.expanding import Expander
from lib_t2p.people import Person
from lib_t2p.workspace_portraits import OUR_WILDCARDS

WHO = Person("Ada", "ohwx", "woman", "myself", "")


def expander(*roots: Path) -> Expander:
    return Expander(list(roots) or [OUR_WILDCARDS], WHO)


def test_trigger_and_class_word_are_filled_in_and_no_variants() -> None:
    assert expander().expand("{trigger} {class_word}, {trigger}", "1") == "ohwx woman, ohwx"


def test_variants_follow_their_weights() -> None:
    counted = Counter(expander().expand("{3::a|1::b|0::c}", str(n)) for n in range(400))
    assert set(counted) == {"a", "b"}
    assert 250 < counted["a"] < 350


def test_variants_and_wildcards_nest_in_folders(tmp_path: Path) -> None:
    wildcard_file(tmp_path, "place/city", "# a remark", "Bonn, __time__")
    wildcard_file(tmp_path, "time", "{noon|night}")
    found = {
        expander(tmp_path).expand("in {__place/city__|a {wood|park}}", str(n)) for n in range(80)
    }
    assert found == {"in Bonn, noon", "in Bonn, night", "in a wood", "in a park"}


def test_the_same_seed_gives_the_same_prompt_in_another_process_too() -> None:
    template = "__scene/*__, __style/photo__, {a|b|c|d|e|f}"
    assert expander().expand(template, "7 3") == expander().expand(template, "7 3")
    assert len({expander().expand(template, f"7 {n}") for n in range(20)}) > 10


def test_a_persons_file_goes_before_ours_of_the_same_name(tmp_path: Path) -> None:
    wildcard_file(tmp_path, "style/framing", "my own framing")
    both = expander(tmp_path, OUR_WILDCARDS)
    assert both.expand("__style/framing__", "1") == "my own framing"
    assert both.expand("__style/photo__", "1") != "__style/photo__"


@pytest.mark.parametrize(
    "prompt",
    [
        "<lora:my__best__one:0.9> a",
        "100% cotton, cost $5",
        "(a:1.2) [b|c] [d:e:0.5], BREAK\nsecond line",
        "weight :: of nothing",
    ],
)
def test_what_belongs_to_the_webui_stays_as_it_is(prompt: str) -> None:
    one = expander()
    assert one.expand(prompt, "1") == prompt
    assert not one.unknown


def test_a_wildcard_inside_a_tag_is_expanded(tmp_path: Path) -> None:
    wildcard_file(tmp_path, "checkpoints/photo", "photo\\real_v5.safetensors")
    tag = "<checkpoint:__checkpoints/photo__>"
    assert expander(tmp_path).expand(tag, "1") == "<checkpoint:photo\\real_v5.safetensors>"


def test_unknown_wildcards_are_remembered() -> None:
    one = expander()
    one.expand("__nowhere__, __no/where__", "1")
    assert list(one.unknown) == ["nowhere", "no/where"]


@pytest.mark.parametrize("prompt", ["{a|b", "{0::a|0::b}", "${x}", "__open"])
def test_what_cannot_be_read_is_told_in_a_sentence(prompt: str) -> None:
    with pytest.raises(InputError, match="The prompt .*cannot"):
        expander().expand(prompt, "1")


def test_a_wildcard_that_contains_itself_is_refused(tmp_path: Path) -> None:
    wildcard_file(tmp_path, "loop", "again __loop__")
    with pytest.raises(InputError, match="contains itself"):
        expander(tmp_path).expand("__loop__", "1")


def test_all_our_wildcards_can_be_expanded() -> None:
    one = expander()
    names = [
        str(p.relative_to(OUR_WILDCARDS).with_suffix("")) for p in OUR_WILDCARDS.rglob("*.txt")
    ]
    assert len(names) > 6
    for name in names:
        wildcard = name.replace("\\", "/")
        for n in range(30):
            assert "__" not in one.expand(f"__{wildcard}__", str(n))
    assert not one.unknown
