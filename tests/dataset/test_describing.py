from pathlib import Path

import numpy as np
import pytest
from dataset_fakes import RED, draw_photo
from tiny_blip import write_blip
from tiny_onnx import write_tagger

from lib_t2p.dataset.captions.book import read_captions
from lib_t2p.dataset.crop_planning import PhotoFaces, PlannedCrop, plan_crops
from lib_t2p.dataset.describing import DescribedCrop, describe_photos, describer_of
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.results import Box, Picture
from lib_t2p.workspace.person import PersonFolder


def colour(red: int, green: int, blue: int) -> Picture:
    return np.full((40, 20, 3), (red, green, blue), np.uint8)


def crop() -> PlannedCrop:
    found = plan_crops(PhotoFaces(400, 300, Box(150, 120, 230, 200)), DatasetOptions(resolution=64))
    assert isinstance(found, tuple)
    return found[0]


def test_a_tagger_names_what_is_seen_without_traits(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    folder = write_tagger(tmp_path / "tagger")
    describe = describer_of("tagger", folder, 0.7)
    # Half of the square is white, which counts for each tag alike.
    assert describe(colour(255, 0, 0)) == "{token} {class}, red coat"
    assert describe(colour(0, 255, 250)) == "{token} {class}, blue dress"
    assert describer_of("tagger", folder, 0.2)(colour(255, 90, 0)) == (
        "{token} {class}, red coat, blue dress"
    )


@pytest.mark.parametrize("how", ["tagger", "blip"])
def test_a_folder_without_a_model_is_one_sentence(how: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        describer_of(how, tmp_path, 0.5)


def test_tags_of_another_model_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    tags = "tag_id,name,category,count\n0,dress,0,9\n"
    describe = describer_of("tagger", write_tagger(tmp_path / "t", tags=tags), 0.5)
    with pytest.raises(InputError, match="another model"):
        describe(colour(1, 2, 3))


def test_a_damaged_model_is_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    folder = write_tagger(tmp_path / "t")
    (folder / "model.onnx").write_bytes(b"\x08\x07nothing")
    with pytest.raises(InputError, match="no ONNX model"):
        describer_of("tagger", folder, 0.5)


def test_photos_get_their_captions_in_one_step_to_undo(person: PersonFolder) -> None:
    for n in range(3):
        draw_photo(person.photos / f"p{n}.png", n, (RED, 150, 120, 80))
    (person.photos / "gone.png").write_bytes(b"no picture")
    crops = [DescribedCrop(name, crop()) for name in ("p0.png", "p1.png", "p2.png", "gone.png")]
    reporter = SilentReporter()
    sizes = []

    def describe(picture: Picture) -> str:
        sizes.append(picture.shape)
        return f"{{token}}, {len(sizes)}"

    assert describe_photos(person, crops, describe, reporter) == 3
    assert sizes == [(512, 512, 3)] * 3
    assert len(reporter.warnings) == 1
    book = read_captions(person)
    assert [book.of(f"p{n}.png") for n in range(3)] == ["{token}, 1", "{token}, 2", "{token}, 3"]
    assert book.undone().own == {}


def test_blip_says_the_same_each_time(tmp_path: Path) -> None:
    folder = write_blip(tmp_path / "blip")
    describe = describer_of("blip", folder, 0.5)
    assert describe(colour(200, 10, 10)) == describe(colour(200, 10, 10))
    assert "{token} {class}" in describe(colour(200, 10, 10))
