import numpy as np
import pytest
from PIL import Image, ImageEnhance

from lib_t2p.vision.burnt import burnt_share
from lib_t2p.vision.results import Picture


def flat(*colour: int) -> Picture:
    return np.full((20, 30, 3), colour, np.uint8)


@pytest.mark.parametrize(
    ("colour", "share"),
    [
        ((255, 255, 255), 0.0),  # a white backdrop
        ((0, 0, 0), 0.0),  # a black shadow
        ((18, 4, 2), 0.0),  # a warm shadow
        ((200, 150, 130), 0.0),  # skin
        ((255, 235, 215), 1.0),  # skin that is blown out
        ((255, 0, 160), 1.0),  # neon
        ((0, 200, 180), 1.0),  # a strong colour without any red
    ],
)
def test_only_colours_that_ran_out_of_range_are_burnt(
    colour: tuple[int, int, int], share: float
) -> None:
    assert burnt_share(flat(*colour)) == share


def test_it_is_the_share_of_the_pixels() -> None:
    picture = flat(120, 110, 100)
    picture[:5] = (255, 40, 0)
    assert burnt_share(picture) == pytest.approx(0.25)


def test_a_real_photo_is_hardly_burnt_and_more_so_with_each_push(astronaut: Picture) -> None:
    image = Image.fromarray(astronaut)
    pushed = [
        np.asarray(ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(f)).enhance(f))
        for f in (1.0, 1.3, 1.8)
    ]
    shares = [burnt_share(picture) for picture in pushed]
    assert shares[0] < 0.01
    assert 0.2 < shares[1] < shares[2]
