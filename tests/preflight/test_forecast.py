"""Steps, buckets and repeats come out as in sd-scripts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from training_fakes import write_pictures

from lib_t2p.preflight.forecast import epoch_batches, step_plan
from lib_t2p.preflight.training_images import (
    BucketRules,
    accepted_range,
    bucket_sizes,
    collect_images,
    place,
)
from lib_t2p.settings.settings import settings_from

GUIDE = BucketRules((768, 768), True, 256, 2048, 64, no_upscale=True)


def plan_of(tmp_path: Path, sizes: list[tuple[int, int]], repeats: int, **values: Any) -> Any:
    write_pictures(tmp_path / "img" / f"{repeats}_blh woman", sizes)
    settings = settings_from({"resolution": 64, **values})
    return step_plan(collect_images(tmp_path / "img", tmp_path / "reg", settings), settings)


def test_the_guides_final_run_takes_2200_steps(tmp_path: Path) -> None:
    write_pictures(tmp_path / "reg" / "1_woman", [(64, 64)] * 330)
    plan = plan_of(tmp_path, [(64, 64)] * 33, 10, train_batch_size=3, max_train_epochs=10)
    assert (plan.train_images, plan.reg_images) == (330, 330)
    assert (plan.steps_per_epoch, plan.steps) == (220, 2200)
    assert plan.minutes(0.87) == pytest.approx(31.9)


@pytest.mark.parametrize(
    ("regs", "repeats", "used"),
    [(4, 1, 12), (12, 1, 12), (30, 1, 12), (5, 3, 12), (4, 7, 14)],
)
def test_regularisation_images_are_filled_up_to_the_number_of_pictures(
    tmp_path: Path, regs: int, repeats: int, used: int
) -> None:
    write_pictures(tmp_path / "reg" / f"{repeats}_woman", [(64, 64)] * regs)
    assert plan_of(tmp_path, [(64, 64)] * 6, 2).reg_images == used


def test_part_filled_buckets_lengthen_an_epoch(tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "train_batch_size": 4,
        "enable_bucket": True,
        "min_bucket_reso": 32,
        "max_bucket_reso": 128,
        "bucket_reso_steps": 16,
    }
    sizes = [(64, 64)] * 5 + [(96, 40)] * 2 + [(40, 96)]
    plan = plan_of(tmp_path, sizes, 1, max_train_epochs=1, **options)
    assert sorted(plan.buckets.values()) == [1, 2, 5]
    assert plan.batches_per_epoch == 4


def test_epochs_follow_from_steps_and_accumulation(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, [(64, 64)] * 5, 1, gradient_accumulation_steps=2, max_train_steps=10)
    assert (plan.batches_per_epoch, plan.steps_per_epoch) == (5, 3)
    assert (plan.epochs, plan.steps) == (4, 10)


def test_an_epoch_shows_each_picture_as_often_as_it_repeats(tmp_path: Path) -> None:
    write_pictures(tmp_path / "img" / "3_blh woman", [(64, 64)] * 5)
    images = collect_images(tmp_path / "img", None, settings_from({"resolution": 64}))
    batches = epoch_batches(images, 4, seed=1, epoch=0)
    assert Counter(i for batch in batches for i in batch) == dict.fromkeys(range(5), 3)
    assert [len(b) for b in batches].count(3) == 1
    assert batches == epoch_batches(images, 4, seed=1, epoch=0)
    assert batches != epoch_batches(images, 4, seed=1, epoch=1)


def test_bucket_sizes_are_those_of_sd_scripts() -> None:
    sizes = bucket_sizes(BucketRules((512, 512), True, 256, 1024, 64))
    assert (512, 512) in sizes
    assert (256, 1024) in sizes
    assert all(w * h <= 512 * 512 and w % 64 == h % 64 == 0 for w, h in sizes)
    assert len(sizes) == 17


@pytest.mark.parametrize(
    ("size", "bucket", "resized"),
    [
        ((700, 500), (640, 448), (700, 500)),
        ((3000, 3000), (768, 768), (768, 768)),
        ((3000, 2000), (832, 576), (864, 576)),
    ],
)
def test_without_enlarging_a_small_photo_keeps_its_own_bucket(
    size: tuple[int, int], bucket: tuple[int, int], resized: tuple[int, int]
) -> None:
    placed = place(size, GUIDE)
    assert placed is not None
    assert (placed.bucket, placed.resized) == (bucket, resized)


def test_a_photo_smaller_than_a_step_has_no_bucket() -> None:
    assert place((700, 40), GUIDE) is None


def test_a_resized_photo_always_covers_its_bucket() -> None:
    for rules in (GUIDE, BucketRules((512, 512), True), BucketRules((96, 64))):
        for width in range(100, 3000, 217):
            for height in range(100, 3000, 173):
                placed = place((width, height), rules)
                assert placed is not None
                assert placed.resized[0] >= placed.bucket[0]
                assert placed.resized[1] >= placed.bucket[1]


def test_captions_come_from_files_else_from_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "img" / "2_blh woman"
    write_pictures(folder, [(64, 64)] * 2)
    (folder / "photo-1.txt").write_text("blh woman, red\nsecond line")
    settings = settings_from({"caption_extension": ".txt"})
    images = collect_images(tmp_path / "img", None, settings)
    assert [i.caption for i in images] == ["blh woman", "blh woman, red"]


def test_hidden_files_and_odd_endings_are_no_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "img" / "2_blh woman"
    write_pictures(folder, [(64, 64)] * 2)
    first = next(folder.iterdir())
    for name in (".hidden.png", "._photo.png", "odd.Png"):
        (folder / name).write_bytes(first.read_bytes())
    assert len(collect_images(tmp_path / "img", None, settings_from({}))) == 2


def test_a_folder_needs_only_its_repeats(tmp_path: Path) -> None:
    write_pictures(tmp_path / "img" / "3", [(64, 64)])
    write_pictures(tmp_path / "img" / "x_woman", [(64, 64)])
    (image,) = collect_images(tmp_path / "img", None, settings_from({}))
    assert (image.repeats, image.caption) == (3, "")


def test_bucket_limits_off_the_step_are_widened(tmp_path: Path) -> None:
    settings = settings_from(
        {
            "resolution": "512",
            "enable_bucket": True,
            "min_bucket_reso": 250,
            "max_bucket_reso": 1000,
        }
    )
    assert accepted_range(settings) == (192, 1024)
    small = {"resolution": "128", "enable_bucket": True, "bucket_no_upscale": True}
    assert accepted_range(settings_from(small)) == (128, 1024)


def test_pictures_kept_back_for_validation_are_not_counted(tmp_path: Path) -> None:
    values = {"validation_split": 0.25, "validation_seed": 3}
    plan = plan_of(tmp_path, [(64, 64)] * 6, 2, max_train_epochs=1, **values)
    assert plan.train_images == 10


def test_several_cards_share_the_batches(tmp_path: Path) -> None:
    write_pictures(tmp_path / "img" / "1_blh woman", [(64, 64)] * 7)
    settings = settings_from({"max_train_epochs": 3, "gradient_accumulation_steps": 2})
    images = collect_images(tmp_path / "img", None, settings)
    assert step_plan(images, settings, processes=2).steps == 6
