import numpy as np
import pytest
from PIL import Image

from lib_t2p.vision.faces.blazeface import anchors, decode
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.results import Picture


def resized(picture: Picture, side: int) -> Picture:
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS))


def test_one_anchor_decodes_to_its_box() -> None:
    centres = anchors()
    assert centres.shape == (2304, 2)
    assert centres[49].tolist() == [6.0, 6.0]
    logits = np.full(2304, -100.0, np.float32)
    logits[49] = 2.0
    raw = np.zeros((2304, 16), np.float32)
    raw[49, :6] = [1, 2, 20, 10, -3, -4]
    (face,) = decode(logits, raw, centres, 0.6)
    assert (face.box.left, face.box.top, face.box.right, face.box.bottom) == (-3, 3, 17, 13)
    assert face.keypoints[0] == (3.0, 2.0)
    assert face.score == pytest.approx(0.8808, abs=1e-3)


def test_the_portrait_has_one_face_in_its_place(tools: VisionTools, astronaut: Picture) -> None:
    (face,) = tools.detector.detect(astronaut)
    assert (face.box.left + face.box.right) / 2 == pytest.approx(225, abs=8)
    assert (face.box.top + face.box.bottom) / 2 == pytest.approx(122, abs=8)
    assert 90 < face.box.width < 130
    right_eye, left_eye, nose = face.keypoints[:3]
    assert right_eye[0] < nose[0] < left_eye[0]
    assert nose[1] > right_eye[1]


@pytest.mark.parametrize("side", [64, 96, 512])
def test_a_tight_crop_of_any_size_shows_its_face(
    tools: VisionTools, astronaut: Picture, side: int
) -> None:
    picture = resized(astronaut[40:200, 140:300], side)
    (face,) = tools.detector.detect(picture)
    assert face.box.width / side == pytest.approx(0.68, abs=0.08)


def test_a_face_that_fills_the_picture_is_found(tools: VisionTools, astronaut: Picture) -> None:
    assert len(tools.detector.detect(resized(astronaut[66:180, 168:282], 96))) == 1


def test_a_small_face_in_a_large_photo_is_found(tools: VisionTools, astronaut: Picture) -> None:
    photo = np.full((3000, 4000, 3), 90, np.uint8)
    photo[1000:1512, 2000:2512] = astronaut
    (face,) = tools.detector.detect(photo)
    assert (face.box.left + face.box.right) / 2 == pytest.approx(2225, abs=20)


def test_a_cup_of_coffee_has_no_face(tools: VisionTools, coffee: Picture) -> None:
    assert tools.detector.detect(coffee) == []


def test_two_people_are_two_faces_largest_first(
    tools: VisionTools, astronaut: Picture, hopper: Picture
) -> None:
    faces = tools.detector.detect(np.concatenate([astronaut, hopper[:512]], axis=1))
    assert [f.box.left > 512 for f in faces] == [True, False]
    assert faces[0].box.width > faces[1].box.width
