"""Embedders whose files the person has; here files of a few numbers stand for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from face_onnx import recogniser, red_detector

from lib_t2p.errors import InputError, SetupError
from lib_t2p.vision.faces.alignment import EYES_NOSE_MOUTH, aligned_face
from lib_t2p.vision.faces.tools import VisionTools, load_tools
from lib_t2p.vision.results import Box, Face, Picture

YUNET, SFACE = "face_detection_yunet_2023mar.onnx", "face_recognition_sface_2021dec.onnx"
ARCFACE = "w600k_r50.onnx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "Modèles de visages"
    found.mkdir()
    (found / YUNET).write_bytes(red_detector())
    (found / SFACE).write_bytes(recogniser())
    (found / ARCFACE).write_bytes(recogniser(512, seed=3))
    return found


def faces(seed: int) -> Picture:
    """A coarse random picture with one red square."""
    coarse = np.random.default_rng(seed).integers(0, 200, (8, 10, 3), dtype=np.uint8)
    picture = coarse.repeat(16, axis=0).repeat(16, axis=1)
    picture[..., 0] //= 4
    picture[32:64, 96:128] = (255, 0, 0)
    return picture


def placed(turn: float = 0.0, scale: float = 1.0) -> Face:
    way = scale * np.exp(1j * turn)
    points = (EYES_NOSE_MOUTH @ np.array([1, 1j]) - (56 + 72j)) * way + (80 + 64j)
    return Face(Box(40, 20, 120, 100), 1.0, tuple((p.real, p.imag) for p in points))


def test_a_face_is_aligned_whatever_its_turn_and_size(astronaut: Picture) -> None:
    points = EYES_NOSE_MOUTH + (40, 30)
    plain = aligned_face(astronaut, Face(Box(0, 0, 1, 1), 1.0, tuple(map(tuple, points))))
    assert np.abs(plain.astype(int) - astronaut[30:142, 40:152]).mean() < 0.5
    flipped = np.ascontiguousarray(astronaut[::-1, ::-1])
    turned = np.array([511, 511]) - points
    same = aligned_face(flipped, Face(Box(0, 0, 1, 1), 1.0, tuple(map(tuple, turned))))
    assert np.abs(same.astype(int) - plain).mean() < 0.5


def test_yunet_finds_faces_with_their_points(folder: Path) -> None:
    (face,) = load_tools("sface", folder).detector.detect(faces(1))
    assert (face.box.left, face.box.top, face.box.width) == pytest.approx((96, 32, 32), abs=0.01)
    assert face.score == pytest.approx(1.0, abs=0.01)
    assert np.array(face.keypoints) == pytest.approx(
        np.array([[105.6, 41.6], [118.4, 41.6], [112, 48], [112, 54.4]]), abs=0.01
    )


def test_yunet_gives_pixels_of_a_picture_that_it_reduced(folder: Path) -> None:
    large = np.repeat(np.repeat(faces(1), 10, axis=0), 10, axis=1)
    detector = load_tools("sface", folder).detector
    boxes = [face.box for face in detector.detect(large)]
    assert min(box.left for box in boxes) == pytest.approx(960, abs=80)
    assert max(box.right for box in boxes) == pytest.approx(1280, abs=80)
    assert detector.detect(np.zeros((64, 64, 3), np.uint8)) == []


@pytest.mark.parametrize(("kind", "size"), [("sface", 128), ("arcface", 512)])
def test_identities_have_length_one_and_a_mirror_image_is_the_same(
    kind: str, size: int, folder: Path
) -> None:
    embedder = load_tools(kind, folder).embedder
    picture = faces(2)
    one = embedder.embed(picture, placed())
    assert (one.shape, one.dtype) == ((size,), np.float32)
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-5)
    assert np.linalg.norm(one - embedder.embed(faces(3), placed())) > 0.3
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    points = [(159 - x, y) for x, y in placed().keypoints]
    points[:2] = points[1::-1]
    same = embedder.embed(mirrored, Face(Box(40, 20, 120, 100), 1.0, tuple(points)))
    assert np.linalg.norm(one - same) < 0.1


def test_known_thresholds_as_distances(folder: Path) -> None:
    assert load_tools("sface", folder).embedder.same_person == pytest.approx(1.128, abs=1e-3)
    assert load_tools("arcface", folder).embedder.same_person == pytest.approx(1.2)


def test_files_that_scale_their_input_themselves_get_it_unscaled(folder: Path) -> None:
    plain = load_tools("arcface", folder).embedder.embed(faces(2), placed())
    (folder / ARCFACE).write_bytes(recogniser(512, seed=3, scales_itself=True))
    assert load_tools("arcface", folder).embedder.embed(faces(2), placed()) == pytest.approx(
        plain, abs=1e-4
    )


def test_other_content_is_another_embedder_and_what_is_loaded_stays(folder: Path) -> None:
    before = load_tools("sface", folder)
    identity = before.embedder.embed(faces(2), placed())
    (folder / SFACE).write_bytes(recogniser(seed=9))
    after = load_tools("sface", folder)
    assert SFACE in before.embedder.name
    assert before.embedder.name != after.embedder.name
    assert before.detector.name == after.detector.name
    (folder / SFACE).unlink()
    assert np.array_equal(before.embedder.embed(faces(2), placed()), identity)


def _missing(folder: Path) -> None:
    (folder / SFACE).unlink()


def _twice(folder: Path) -> None:
    (folder / SFACE.replace("2021", "2022")).write_bytes(b"x")


def _broken(folder: Path) -> None:
    (folder / SFACE).write_bytes(recogniser()[:3000])


def _gone(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_missing, "holds no file of OpenCV's SFace: put face_recognition_sface"),
        (_twice, "holds 2 files of OpenCV's SFace"),
        (_broken, "cannot be used as OpenCV's SFace"),
        (_gone, "The folder of face models, .* cannot be read"),
    ],
)
def test_what_is_wrong_with_the_files_is_said(harm: object, said: str, folder: Path) -> None:
    harm(folder)  # type: ignore[operator]
    with pytest.raises(SetupError, match=said):
        load_tools("sface", folder).embedder.embed(faces(2), placed())


def test_a_file_for_other_pictures_is_refused(folder: Path) -> None:
    (folder / ARCFACE).write_bytes(red_detector())
    with pytest.raises(SetupError, match=r"w600k_r50.onnx cannot be used .* 640"):
        load_tools("arcface", folder)
    (folder / ARCFACE).write_bytes(b"not a model")
    with pytest.raises(SetupError, match=r"w600k_r50.onnx cannot be used"):
        load_tools("arcface", folder)


def test_unknown_embedders_and_no_folder_are_refused() -> None:
    with pytest.raises(InputError, match="choose dlib, sface, arcface"):
        load_tools("facenet")
    with pytest.raises(InputError, match="name their folder in the settings"):
        load_tools("sface")


def test_dlib_needs_no_folder(tools: VisionTools) -> None:
    assert load_tools().embedder.name == tools.embedder.name
