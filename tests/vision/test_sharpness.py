import cv2
import numpy as np
from PIL import Image, ImageFilter

from lib_t2p.vision.results import Box, Face, Picture
from lib_t2p.vision.sharpness import face_sharpness, picture_sharpness

FACE = Face(Box(172, 68, 280, 176), 0.9, ())


def blurred(picture: Picture, radius: float) -> Picture:
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius)))


def test_blur_lowers_it_step_by_step(astronaut: Picture) -> None:
    values = [face_sharpness(blurred(astronaut, r), FACE) for r in (0, 1, 2, 4)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 4 * values[2]


def test_light_and_contrast_hardly_change_it(astronaut: Picture) -> None:
    dark = (astronaut * 0.6).astype(np.uint8)
    ratio = face_sharpness(dark, FACE) / face_sharpness(astronaut, FACE)
    assert 0.85 < ratio < 1.15


def test_noise_on_a_blurred_face_does_not_pass_for_detail(astronaut: Picture) -> None:
    large = np.asarray(Image.fromarray(astronaut).resize((1024, 1024)))
    face = Face(Box(344, 136, 560, 352), 0.9, ())
    noise = np.random.default_rng(1).normal(0, 12, large.shape)
    noisy = np.clip(blurred(large, 8) + noise, 0, 255).astype(np.uint8)
    assert face_sharpness(noisy, face) < 0.4 * face_sharpness(large, face)


def test_a_flat_picture_has_none() -> None:
    assert face_sharpness(np.full((300, 300, 3), 80, np.uint8), FACE) == 0.0


def test_a_box_over_the_edge_is_measured_inside(astronaut: Picture) -> None:
    assert face_sharpness(astronaut, Face(Box(-50, -40, 90, 100), 0.9, ())) >= 0.0


def test_a_face_smeared_one_way_is_far_less_sharp(astronaut: Picture) -> None:
    kernel = np.eye(9, dtype=np.float32) / 9
    moved = cv2.filter2D(astronaut, -1, kernel).astype(np.uint8)
    assert face_sharpness(moved, FACE) < 0.2 * face_sharpness(astronaut, FACE)


def test_a_sharp_face_with_lines_one_way_keeps_its_detail(astronaut: Picture) -> None:
    striped = astronaut.copy()
    striped[::12] = striped[::12] // 2
    assert face_sharpness(striped, FACE) > 0.5 * face_sharpness(astronaut, FACE)


def test_a_picture_is_as_sharp_as_its_sharpest_part(astronaut: Picture) -> None:
    large = np.asarray(Image.fromarray(astronaut).resize((1024, 1024)))
    soft = blurred(large, 30)
    half = soft.copy()
    half[:, 600:] = large[:, 600:]
    whole, lost, part = (picture_sharpness(picture) for picture in (large, soft, half))
    assert whole is not None
    assert lost is not None
    assert part is not None
    assert lost < 14 < part
    assert part <= whole


def test_of_a_picture_with_nothing_in_it_no_sharpness_is_told() -> None:
    grain = np.random.default_rng(1).integers(78, 83, (300, 400, 3)).astype(np.uint8)
    assert picture_sharpness(grain) is None
    assert picture_sharpness(np.zeros((1, 1, 3), np.uint8)) is None
