import io

import numpy as np
from PIL import Image

from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.vision.likeness.perceptual_hashes import distance, hash_picture, mirror_distance
from lib_t2p.vision.results import Picture

LIMIT = DatasetOptions().near_duplicate_bits


def saved_again(picture: Picture) -> Picture:
    small = Image.fromarray(picture).resize((440, 440), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=50)
    return np.asarray(Image.open(out))


def test_a_copy_saved_again_is_a_near_duplicate(astronaut: Picture) -> None:
    assert distance(hash_picture(astronaut), hash_picture(saved_again(astronaut))) <= LIMIT


def test_a_mirrored_copy_is_known_by_the_mirrored_hash(astronaut: Picture) -> None:
    one, other = hash_picture(astronaut), hash_picture(astronaut[:, ::-1].copy())
    assert mirror_distance(one, other) <= LIMIT
    assert distance(one, other) > 2 * LIMIT


def test_another_crop_is_no_near_duplicate(astronaut: Picture) -> None:
    one, other = hash_picture(astronaut[:300, 80:380]), hash_picture(astronaut[20:290, 110:380])
    assert min(distance(one, other), mirror_distance(one, other)) > LIMIT
