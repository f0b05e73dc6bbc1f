import numpy as np
from PIL import Image

from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.likeness.same_shot import SAME_SHOT, face_chip, shot_likeness
from lib_t2p.vision.results import Embedding, Picture


def identity(tools: VisionTools, picture: Picture) -> Embedding:
    return tools.embedder.embed(picture, tools.detector.detect(picture)[0])


def variant(picture: Picture) -> Picture:
    """Turned, mirrored and darker."""
    image = Image.fromarray(picture).rotate(6, Image.Resampling.BICUBIC, center=(225, 122))
    dark = np.asarray(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) * 0.8
    return dark.astype(np.uint8)


def test_a_variant_is_the_same_person_and_another_person_is_not(
    tools: VisionTools, astronaut: Picture, hopper: Picture
) -> None:
    one = identity(tools, astronaut)
    assert one.shape == (128,)
    assert one.dtype == np.float32
    assert np.linalg.norm(one - identity(tools, variant(astronaut))) < 0.3
    assert np.linalg.norm(one - identity(tools, hopper)) > tools.embedder.same_person


def test_a_mirror_image_is_nearly_the_same(tools: VisionTools, astronaut: Picture) -> None:
    mirrored = np.ascontiguousarray(astronaut[:, ::-1])
    assert np.linalg.norm(identity(tools, astronaut) - identity(tools, mirrored)) < 0.12


def test_variants_are_of_one_shot_and_two_people_are_not(
    tools: VisionTools, astronaut: Picture, hopper: Picture
) -> None:
    chips = [
        face_chip(p, tools.detector.detect(p)[0]) for p in (astronaut, variant(astronaut), hopper)
    ]
    assert shot_likeness(chips[0], chips[1]) >= SAME_SHOT
    assert shot_likeness(chips[0], chips[2]) < 0.7
