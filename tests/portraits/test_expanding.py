from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from portrait_fakes import wildcard_file

from lib_t2p.errors import InputError
from lib_t2p.portraits.expanding import Expander
from lib_t2p.workspace.people import Person
from lib_t2p.workspace.series_folders import OUR_WILDCARDS

pytestmark = pytest.mark.slow

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
    wildcard_file(tmp_path, "place/city", "# a remark", "#", "## one more", "Bonn, __time__")
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


@pytest.mark.parametrize("pattern", ["place/*", "place/**", "*/city", "**", "pl*/c*"])
def test_a_pattern_of_wildcards_finds_its_files(pattern: str, tmp_path: Path) -> None:
    wildcard_file(tmp_path, "place/city", "Bonn")
    one = expander(tmp_path)
    assert one.expand(f"in __{pattern}__", "1") == "in Bonn"
    assert not one.unknown


def test_the_prompt_that_the_shell_offers_is_expanded() -> None:
    from lib_t2p.cli.portraits_commands import DEFAULT_PROMPT

    one = expander()
    assert "__" not in one.expand(DEFAULT_PROMPT, "1")
    assert not one.unknown


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


@pytest.mark.parametrize(
    "prompt",
    [
        'a t-shirt with the text "#python" in black, smiling',
        "hex #ff0000 dress, smile",
        "C# programmer, smile",
        "// not a remark, smile",
        "a /* b */ c, https://example.org/a//b",
        "#1 fan\n# second line\tafter a tab",
        "costs $$$ or $5, 100% sure",
        " blanks  stay  ",
        "escaped \\{braces\\} and \\| bars",
    ],
)
def test_nothing_that_is_typed_is_cut(prompt: str) -> None:
    assert expander().expand(prompt, "1") == prompt


@pytest.mark.parametrize(
    ("prompt", "results"),
    [
        ('{"#a"|"#b"}', ['"#a"', '"#b"']),
        ("#1 fan, {a|b}", ["#1 fan, a", "#1 fan, b"]),
        ("{[a|b]|[c|d]}", ["[a|b]", "[c|d]"]),
        ("{x|[a|b]}", ["x", "[a|b]"]),
        ("{(a|b)|c}", ["(a|b)", "c"]),
        ("{[a:b:0.5]|[{c|c}|d]}", ["[a:b:0.5]", "[c|d]"]),
        ("{a (|b}", ["a (", "b"]),
        ("{a\\(|b\\)}", ["a\\(", "b\\)"]),
        ("{[a|b}", ["[a", "b"]),
        ("{0.5::[a|b]|0.5::c}", ["[a|b]", "c"]),
        (
            "photo of {[red|blue] hair|[old|young] woman}",
            ["photo of [red|blue] hair", "photo of [old|young] woman"],
        ),
        ("${x={a|b}}${x}", ["a", "b"]),
        ("{5$|100%}", ["5$", "100%"]),
        ("50%{a|b}", ["50%a", "50%b"]),
        ("%{a ... $$ {b|c}}", ["a b ", "a c "]),
        ("{@_@|>_<}", ["@_@", ">_<"]),
        ("{!important|~10 people}", ["!important", "~10 people"]),
        ("{a\\{b\\}|c}", ["a\\{b\\}", "c"]),
        ("{a\\|b|c}", ["a\\|b", "c"]),
        ("<checkpoint:photo\\{a|b}>", ["<checkpoint:photo\\a>", "<checkpoint:photo\\b>"]),
        ("{<lora:a|b:1>|c}", ["<lora:a|b:1>", "c"]),
    ],
)
def test_variants_are_split_where_they_end(prompt: str, results: list[str]) -> None:
    assert {expander().expand(prompt, str(n)) for n in range(40)} == set(results)


def test_signs_in_wildcard_files_are_kept_and_remarks_told(tmp_path: Path) -> None:
    lines = (
        "# a remark",
        "#selfie vibe",
        'poster with "#python" text',
        "cost $5 // 100%",
        "${x=a}",
    )
    wildcard_file(tmp_path, "tags", *lines)
    one = expander(tmp_path)
    found = {one.expand("a __tags__", str(n)) for n in range(80)}
    assert found == {"a #selfie vibe", 'a poster with "#python" text', "a cost $5 // 100%", "a "}
    assert ["1 line is a remark" in sentence for sentence in one.told] == [True]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"caf\xe9 de flore\r\n", {"café de flore"}),
        ("\ufefffirst\n".encode(), {"first"}),
        ("first line\nsecond\n".encode("utf-16"), {"first line", "second"}),
        ("first line\nsecond\n".encode("utf-16-be"), {"first line", "second"}),
        ("über\rœuvre".encode("utf-32"), {"über", "œuvre"}),
        ("москва\n東京\u2028塔".encode(), {"москва", "東京\u2028塔"}),
    ],
)
def test_wildcard_files_are_read_in_the_encoding_they_have(
    content: bytes, found: set[str], tmp_path: Path
) -> None:
    (tmp_path / "place.txt").write_bytes(content)
    one = expander(tmp_path)
    assert {one.expand("__place__", str(n)) for n in range(40)} == found
    assert not one.unknown
    assert bool(one.told) is (b"\xe9 " in content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("москва".encode("cp1251"), "encoding cannot be told"),
        ("東京タワー".encode("shift-jis"), "encoding cannot be told"),
        (b"\xff\xfea", "damaged"),
        (b"a\0b\0\0\0c", "null characters"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_costs_only_itself(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "odd.txt").write_bytes(content)
    (tmp_path / "other.txt").write_text("fine", encoding="utf-8")
    (tmp_path / "odd.yaml").write_bytes(b"a: [\xff")
    one = expander(tmp_path)
    with pytest.raises(InputError, match=rf"odd\.txt.*{reason}"):
        one.expand("__odd__", "1")
    assert one.expand("__other__", "1") == "fine"
    assert one.expand("__o*__", "1") == "fine"
    assert [("odd.txt" in told, "odd.yaml" in told) for told in one.told] == [
        (False, True),
        (True, False),
    ]


@pytest.mark.parametrize("prompt", ["${x=a}", "${x=a}${y=b}", " ${x=!{a|b}} "])
def test_a_prompt_that_only_sets_variables_is_empty(prompt: str) -> None:
    assert expander().expand(prompt, "1").strip() == ""


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("a \ud800", "half a character at place 3"),
        ("{" * 60 + "a" + "}" * 60, "braces within braces 60 deep"),
        ("${x=${x}} ${x}", "contains itself"),
        ("{" + "9" * 400 + "::a|b}", "cannot be expanded"),
    ],
)
def test_what_the_library_cannot_follow_is_one_sentence(prompt: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        expander().expand(prompt, "1")
    assert "\n" not in str(caught.value)


def test_wildcards_that_multiply_are_stopped(tmp_path: Path) -> None:
    for n in range(30):
        wildcard_file(tmp_path, f"w{n}", f"__w{n + 1}__ __w{n + 1}__")
    wildcard_file(tmp_path, "w30", "end")
    with pytest.raises(InputError, match="looks up more than"):
        expander(tmp_path).expand("__w0__", "1")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bom", {"first"}),
        ("utf16", {"first line", "second"}),
        ("cp1252", {"café de flore"}),
        ("hashtag", {"#selfie vibe", 'poster with "#python" text'}),
    ],
)
def test_public_wildcard_files(shared: Path, name: str, found: set[str]) -> None:
    cases = shared / "cases"
    folders = (cases / "15-wildcard-files-in-other-encodings", cases / "16-hash-sign-in-a-prompt")
    if not all(folder.is_dir() for folder in folders):
        pytest.skip("../shared/cases is not here")
    one = expander(*folders)
    assert {one.expand(f"__{name}__", str(n)) for n in range(40)} == found


def test_public_prompts_keep_their_signs_and_brackets(shared: Path) -> None:
    cases = shared / "cases"
    if not cases.is_dir():
        pytest.skip("../shared/cases is not here")
    one = expander()
    typed = (cases / "16-hash-sign-in-a-prompt" / "prompts.txt").read_text(encoding="utf-8")
    for prompt in typed.splitlines():
        first = prompt.replace('{"#python"|"#geek"}', '"#python"').replace("{a|b}", "a")
        assert first in {one.expand(prompt, str(n)) for n in range(20)}
    brackets = cases / "17-alternation-within-variants" / "prompts.txt"
    for line in brackets.read_text(encoding="utf-8").splitlines():
        template, _, wanted = line.partition("->")
        template = template.split(":")[0].strip()
        found = {one.expand(template, str(n)) for n in range(40)}
        assert found == {part.strip() for part in wanted.split(" or ")}
