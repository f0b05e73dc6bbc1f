"""Frames of a video in which the picture has changed and is sharp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.errors import PhotoError
from lib_t2p.vision import Picture

SUFFIXES = frozenset(".mp4 .mov .m4v .avi .mkv .webm .mpg .mpeg .wmv .3gp".split())
LOOK_EVERY = 0.25
"""Seconds between frames that are looked at."""
MOST_FRAMES = 300
"""Frames taken from one video; from longer ones they are looked at less often."""
CHANGED = 12.0
"""Mean difference of small grey pictures (0 to 255) from which a frame shows something new."""
SMALL = (64, 36)
SHARP_SIDE = 640
"""Longest side at which frames are compared in sharpness, pixels."""

Grey = NDArray[np.float32]


@dataclass(frozen=True)
class Frame:
    """A frame that was chosen.

    Attributes:
        picture: RGB uint8, as the video's own turn shows it.
        seconds: from the start of the video.
    """

    picture: Picture
    seconds: float


def sample_frames(video: Path, check_stop: Callable[[], None]) -> Iterator[Frame]:
    """Give, for each stretch in which the picture stays alike, its sharpest frame.

    A stretch ends where the picture has changed by `CHANGED`. One frame is in memory besides the
    best one.

    Args:
        video: any file that OpenCV's FFmpeg opens.
        check_stop: called for every frame looked at; may raise to stop.

    Raises:
        PhotoError: there is no video in the file, or none that can be decoded.
    """
    try:
        str(video).encode("utf-8")
    except UnicodeError as error:
        # OpenCV ends the process over such a name.
        raise PhotoError(f"The name of the video {video.name} is no text: rename it.") from error
    capture = cv2.VideoCapture(str(video))
    try:
        if not capture.isOpened():
            raise PhotoError(f"{video.name} has no video stream that can be decoded: convert it.")
        found = False
        for frame in _stretches(_looked_at(capture, check_stop)):
            found = True
            yield frame
        if not found:
            raise PhotoError(f"{video.name} has no frame that can be decoded: convert it.")
    finally:
        capture.release()


def _looked_at(capture: Any, check_stop: Callable[[], None]) -> Iterator[Frame]:
    rate = capture.get(cv2.CAP_PROP_FPS)
    rate = rate if np.isfinite(rate) and 1 <= rate <= 1000 else 25.0
    count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    seconds = count / rate if np.isfinite(count) and count > 0 else 0.0
    step = max(1, round(rate * max(LOOK_EVERY, seconds / MOST_FRAMES)))
    number = 0
    while capture.grab():
        if number % step == 0:
            check_stop()
            whole, image = capture.retrieve()
            if whole and image is not None:
                yield Frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.uint8), number / rate)
        number += 1


def _stretches(frames: Iterator[Frame]) -> Iterator[Frame]:
    best: Frame | None = None
    start: Grey | None = None
    sharpest = -1.0
    for frame in frames:
        small = _small(frame.picture)
        if start is None or float(np.abs(small - start).mean()) >= CHANGED:
            if best is not None:
                yield best
            start, best, sharpest = small, None, -1.0
        sharpness = _sharpness(frame.picture)
        if sharpness > sharpest:
            best, sharpest = frame, sharpness
    if best is not None:
        yield best


def _small(picture: Picture) -> Grey:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, SMALL, interpolation=cv2.INTER_AREA).astype(np.float32)


def _sharpness(picture: Picture) -> float:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    scale = SHARP_SIDE / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())
