import pytest
from dataset_fakes import RED, draw_photo

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.captions.book import CaptionBook, read_captions, write_captions
from lib_t2p.dataset.captions.editing import Edit, EditKind, preview, replace_pattern
from lib_t2p.dataset.captions.template import fill, pose_words
from lib_t2p.dataset.captions.traits import neutral_sentence, without_traits
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.workspace.person import PersonFolder

OPTIONS = DatasetOptions(
    resolution=64, repeats=5, least_sharpness=0.0, least_light=0.0, least_contrast=0.0
)


def test_places_are_filled_and_empty_parts_leave_no_commas() -> None:
    values = {"token": "ohwx", "class": "woman", "pose": "", "distance": "close-up"}
    assert fill("{token} {class}, {pose}, {distance}", values) == "ohwx woman, close-up"


@pytest.mark.parametrize("caption", ["{tokn}, a", "{token", "token}", "{}"])
def test_an_unknown_place_is_refused(caption: str) -> None:
    with pytest.raises(InputError, match="the places are"):
        fill(caption, {})


@pytest.mark.parametrize(
    ("yaw", "pitch", "words"),
    [
        (0, 0, "facing the camera"),
        (-25, 0, "head turned to the left"),
        (60, 0, "profile to the right"),
        (5, -30, "facing the camera, looking up"),
    ],
)
def test_poses_have_words(yaw: float, pitch: float, words: str) -> None:
    assert pose_words(yaw, pitch) == words


CAPTIONS = {"a.png": "ohwx woman, red coat, street", "b.png": "ohwx woman, smile"}


@pytest.mark.parametrize(
    ("kind", "text", "by", "after"),
    [
        ("prefix", "photo of", "", "photo of, ohwx woman, red coat, street"),
        ("prefix", "ohwx", "", None),
        ("suffix", "film", "", "ohwx woman, red coat, street, film"),
        ("replace", "red coat", "blue coat", "ohwx woman, blue coat, street"),
        ("replace", ", red coat", "", "ohwx woman, street"),
        ("regex", r"(red|blue) coat", r"\1 jacket", "ohwx woman, red jacket, street"),
        ("remove_tag", "RED coat", "", "ohwx woman, street"),
        ("remove_tag", "coat", "", None),
        ("set", "{token}", "", "{token}"),
    ],
)
def test_edits(kind: EditKind, text: str, by: str, after: str | None) -> None:
    changes = {c.photo: c.after for c in preview(CAPTIONS, Edit(kind, text, by))}
    assert changes.get("a.png") == after


@pytest.mark.parametrize(("text", "by"), [("(", ""), ("a", r"\3"), ("", "x")])
def test_a_pattern_that_is_none_is_said_before_anything_changes(text: str, by: str) -> None:
    with pytest.raises(InputError):
        preview(CAPTIONS, Edit("regex", text, by))


ENDLESS = [
    (r"([\w ,]+)+:", ""),
    (r"(\w+\s?)+$x", ""),
    (r"(a|a)*(a|a)*(a|a)*b", ""),
    (r"^(([a-z ,])+.)+[A-Z]([a-z])+$", ""),
    (r"(?:(?:(?:\w|,| )*)*)*;", "x"),
]


@pytest.mark.parametrize(("pattern", "by"), ENDLESS)
def test_a_pattern_without_an_end_is_ended_and_told(pattern: str, by: str) -> None:
    texts = ["a" * 60 + " woman, red coat, a long street in the evening, rain"]
    with pytest.raises(InputError, match="took longer than 0.5 s, so nothing was changed"):
        replace_pattern(pattern, by, texts, seconds=0.5)


@pytest.mark.parametrize(
    ("pattern", "by"),
    [(r"((a{1000}){1000}){1000}", "x"), (r"a{99999999999}", "x"), (r"(?P<n>\w)(?P=n)", r"\g<n>")],
)
def test_an_odd_pattern_is_tried_or_refused(pattern: str, by: str) -> None:
    try:
        assert preview(CAPTIONS, Edit("regex", pattern, by)) is not None
    except InputError as error:
        assert "no regular expression" in str(error)


def test_a_pattern_sees_letters_of_all_scripts() -> None:
    edit = Edit("regex", r"(?i)ÉTÉ|夏", r"\g<0>\g<0>")
    assert preview({"a": "été, 夏\U0001f600"}, edit)[0].after == "étéété, 夏夏\U0001f600"


def test_changes_are_undone_one_by_one() -> None:
    book = CaptionBook().with_default("{token}", "template")
    book = book.changed({"a": "x", "b": "y"}, "one").changed({"a": "z"}, "two")
    assert (book.of("a"), book.of("b"), book.of("c")) == ("z", "y", "{token}")
    book = book.undone()
    assert (book.of("a"), book.of("b")) == ("x", "y")
    book = book.undone().undone()
    assert (book.of("a"), book.default) == ("", "")
    with pytest.raises(InputError):
        book.undone()


def test_captions_survive_on_disk_with_what_can_be_undone(person: PersonFolder) -> None:
    draw_photo(person.photos / "a.png", 1)
    book = CaptionBook().changed({"a.png": "x \n y"}, "one")
    write_captions(person, book)
    assert read_captions(person) == book
    assert read_captions(person).of("a.png") == "x y"
    with pytest.raises(InputError, match="no photo named"):
        write_captions(person, book.changed({"gone.png": "x"}, "two"))


def test_traits_of_the_person_are_left_out() -> None:
    tags = ["1girl", "solo", "long hair", "blue eyes", "closed eyes", "red dress", "smile",
            "mole under eye", "outdoors", "chair", "dark skin", "bangs"]  # fmt: skip
    kept = ["closed eyes", "red dress", "smile", "outdoors", "chair"]
    assert without_traits(tags) == kept
    said = "a young woman with long brown hair and blue eyes smiling in a park"
    assert neutral_sentence(said, "{token} {class}") == "{token} {class} smiling in a park"
    assert neutral_sentence("two dogs", "{token}") == "{token}, two dogs"


def test_a_version_has_a_caption_beside_each_picture(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    for n in range(8):
        draw_photo(person.photos / f"p{n}.png", n, (RED, 150, 120, 80))
    book = CaptionBook().with_default("{token} {class}, {pose}", "template")
    write_captions(person, book.changed({"p3.png": "{token}, by hand"}, "one"))
    options = DatasetOptions.from_mapping({**vars(OPTIONS), "face_repeats": 2})
    folder = build_dataset(person, options, fakes, reporter)
    decisions = {d.photo: d for d in read_manifest(folder).decisions if d.state == "kept"}
    for decision in decisions.values():
        assert [crop.framing for crop in decision.crops] == ["bust", "face"]
        for crop in decision.crops:
            text = (folder.root / crop.file).with_suffix(".txt").read_text(encoding="utf-8")
            assert text == crop.caption + "\n"
    assert decisions["p0.png"].crops[0].caption == "adal woman, facing the camera"
    if "p3.png" in decisions:
        assert decisions["p3.png"].crops[0].caption == "adal, by hand"
    assert sorted(d.name for d in folder.img.iterdir()) == ["2_adal woman", "5_adal woman"]
    assert list(folder.heldout.glob("*.txt")) == []
