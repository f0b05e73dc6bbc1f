import numpy as np
import pytest

from lib_t2p.vision.boxes import containment, drop_contained, iou, moved, weighted_nms
from lib_t2p.vision.faces.views import cut_view, is_cut, tile_views, whole_views
from lib_t2p.vision.results import Box, Face


def face(left: float, top: float, side: float, score: float) -> Face:
    box = Box(left, top, left + side, top + side)
    return Face(box, score, ((left, top), (left + side, top)))


def test_overlaps_of_known_boxes() -> None:
    a, b = Box(0, 0, 10, 10), Box(5, 0, 15, 10)
    assert iou(a, b) == pytest.approx(1 / 3)
    assert containment(a, Box(2, 2, 4, 4)) == 1.0
    assert iou(a, Box(20, 20, 30, 30)) == 0.0


def test_overlapping_faces_become_their_weighted_mean() -> None:
    merged = weighted_nms([face(0, 0, 10, 0.9), face(2, 0, 10, 0.3), face(50, 50, 9, 0.7)], 0.3)
    assert len(merged) == 2
    assert merged[0].score == 0.9
    assert merged[0].box.left == pytest.approx(0.5)
    assert merged[0].keypoints[0] == pytest.approx((0.5, 0.0))
    assert merged[1].box.left == 50


def test_a_part_of_a_surer_face_is_dropped() -> None:
    assert drop_contained([face(0, 0, 100, 0.9), face(10, 10, 20, 0.8)], 0.7) == [
        face(0, 0, 100, 0.9)
    ]


def test_moving_scales_then_shifts() -> None:
    assert moved(face(2, 4, 10, 0.5), 2, 1, 0).box == Box(5, 8, 25, 28)


def test_every_place_of_a_large_picture_lies_in_a_tile() -> None:
    for x in range(0, 2000, 97):
        for y in range(0, 1300, 97):
            assert any(
                v.left <= x <= v.left + v.side and v.top <= y <= v.top + v.side
                for v in tile_views(2000, 1300)
            )
    assert tile_views(96, 96) == []


def test_a_view_shows_the_picture_where_it_should() -> None:
    picture = np.full((100, 200, 3), 255, np.uint8)
    whole = cut_view(picture, whole_views(200, 100)[0], 192)
    assert whole.shape == (192, 192, 3)
    rows = np.flatnonzero(whole[:, 96, 0] > 128)
    assert (rows[0], rows[-1]) == pytest.approx((48, 143), abs=1)


def test_a_face_cut_by_an_inner_edge_is_known() -> None:
    tile = tile_views(1000, 1000)[0]
    assert is_cut(Box(tile.side - 50, 10, tile.side + 5, 60), tile, 1000, 1000)
    assert not is_cut(Box(-5, 10, 50, 60), tile, 1000, 1000)
