from dataclasses import replace

import numpy as np
import pytest

from lib_t2p.buckets import bucket_sizes, place
from lib_t2p.dataset.crop_planning import (
    CropFault,
    PhotoFaces,
    PlannedCrop,
    plan_crops,
    rules_for,
)
from lib_t2p.dataset.cropping import head_of
from lib_t2p.dataset.masking import mask_others
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.vision.results import Box

ALONE = PhotoFaces(3000, 2000, Box(1400, 600, 1700, 900))
COUPLE = PhotoFaces(2000, 1200, Box(600, 400, 900, 700), (Box(850, 400, 1150, 700),))


def planned(photo: PhotoFaces, options: DatasetOptions, **given: object) -> tuple[PlannedCrop, ...]:
    found = plan_crops(photo, options, **given)  # type: ignore[arg-type]
    assert not isinstance(found, CropFault), found
    return found


@pytest.mark.parametrize("resolution", [512, 768, 1024, 1280])
@pytest.mark.parametrize("framing", ["face", "bust", "whole"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_crop_has_the_shape_of_a_bucket_of_the_trainer(
    resolution: int, framing: str, turned: bool
) -> None:
    photo = PhotoFaces(2000, 3000, Box(800, 700, 1100, 1000)) if turned else ALONE
    options = DatasetOptions.from_mapping(
        {"resolution": resolution, "framing": framing, "shape": "buckets", "most_enlarging": 9.0}
    )
    (crop,) = planned(photo, options)
    rules = rules_for(resolution)
    assert crop.size in bucket_sizes(rules)
    where = place(crop.size, rules)
    assert where is not None
    # The trainer neither scales nor cuts what has the size of its bucket.
    assert where.bucket == where.resized == crop.size
    assert (crop.size[0] > crop.size[1]) is not turned
    assert crop.crop.side / crop.crop.height == pytest.approx(crop.size[0] / crop.size[1])
    head = head_of(photo.face, photo.width, photo.height)
    box = crop.crop.box
    # Crops are recorded to a hundredth of a pixel.
    assert box.top <= head.top + 0.02
    assert box.left <= head.left + 0.02
    assert box.right >= head.right - 0.02
    assert box.bottom >= head.bottom - 0.02


def test_further_framings_have_their_own_repeats() -> None:
    options = DatasetOptions(framing="bust", repeats=10, face_repeats=4, whole_repeats=2)
    found = planned(ALONE, options)
    assert [(crop.framing, crop.repeats) for crop in found] == [
        ("bust", 10),
        ("face", 4),
        ("whole", 2),
    ]
    assert found[1].crop.side < found[0].crop.side < found[2].crop.side


def test_repeats_of_the_main_framing_are_not_a_further_one() -> None:
    assert len(planned(ALONE, DatasetOptions(framing="bust", bust_repeats=3))) == 1


SMALL = PhotoFaces(400, 390, Box(150, 100, 250, 200))


def test_small_photos_are_left_out_kept_smaller_or_enlarged() -> None:
    options = DatasetOptions(resolution=1024, most_enlarging=1.5)
    left = plan_crops(SMALL, options)
    assert isinstance(left, CropFault)
    assert left.code == "too_small"
    (small,) = planned(SMALL, replace(options, small_photos="smaller"))
    assert small.size == (320, 320)
    assert small.enlarging <= 1.0
    (large,) = planned(SMALL, replace(options, small_photos="enlarge"))
    assert large.size == (1024, 1024)


def test_a_photo_below_the_smallest_bucket_is_left_out() -> None:
    tiny = PhotoFaces(200, 200, Box(50, 50, 150, 150))
    options = DatasetOptions(resolution=1024, small_photos="smaller")
    assert isinstance(plan_crops(tiny, options), CropFault)


def test_others_are_avoided_or_masked_as_asked() -> None:
    avoided = plan_crops(COUPLE, DatasetOptions())
    assert isinstance(avoided, CropFault)
    assert avoided.code == "several_people"
    (masked,) = planned(COUPLE, DatasetOptions(others="blur"))
    assert len(masked.masked) == 1


@pytest.mark.parametrize("how", ["blur", "fill"])
def test_a_mask_hides_the_other_head_and_not_the_own(how: str) -> None:
    options = DatasetOptions(resolution=256, others=how)  # type: ignore[arg-type]
    (crop,) = planned(COUPLE, options)
    noise = np.random.default_rng(1).integers(0, 256, (256, 256, 3)).astype(np.uint8)
    own = head_of(COUPLE.face, COUPLE.width, COUPLE.height)
    hidden = mask_others(noise, crop, own, options.others)
    scale = 256 / crop.crop.side

    def spread(box: Box, picture: np.ndarray) -> float:
        x = int(((box.left + box.right) / 2 - crop.crop.left) * scale)
        y = int(((box.top + box.bottom) / 2 - crop.crop.top) * scale)
        return float(picture[y - 4 : y + 4, x - 4 : x + 4].std())

    other = Box(1050, 400, 1150, 700)
    assert spread(other, hidden) < 0.4 * spread(other, noise)
    assert spread(COUPLE.face, hidden) == spread(COUPLE.face, noise)


def test_a_crop_by_hand_is_taken_in_the_wanted_shape() -> None:
    (crop,) = planned(ALONE, DatasetOptions(), by_hand=(1200.0, 400.0, 2000.0, 1100.0))
    assert crop.by_hand
    assert crop.crop.side == crop.crop.height == 700
    box = crop.crop.box
    assert ((box.left + box.right) / 2, (box.top + box.bottom) / 2) == (1600, 750)
