"""The inside of a drawn head: a pasted grey photo face, or drawn features."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.build_base.canvas import Canvas, Colour, Mask
from tools.build_base.looks import Look, Rgb

Box = tuple[float, float, float, float]
"""Centre x, centre y, half width, half height of the head in pixels."""


def paste_face(
    rng: np.random.Generator,
    canvas: Canvas,
    box: Box,
    skin: Rgb,
    face: NDArray[np.float64],
    light: Mask,
) -> None:
    """Tint a grey face (25 x 25, 0 to 1) with the skin's colour and blend it into the head."""
    x, y, w, h = box
    turned = face[:, ::-1] if rng.random() < 0.5 else face
    size = (int(w * 2.0), int(h * 1.9))
    large = cv2.resize(turned.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    grey: Mask = np.asarray(large + 0.45 * (large - cv2.GaussianBlur(large, (0, 0), 3.2)), "f4")
    rows, columns = grey.shape[0] // 4, grey.shape[1] // 4
    middle = max(float(np.median(grey[rows:-rows, columns:-columns])), 0.15)
    tone: Mask = np.clip(grey / middle, 0.12, 1.3) ** np.float32(rng.uniform(0.6, 0.85))
    field = np.ones((canvas.side, canvas.side), np.float32)
    _place(field, tone, int(y - h * 0.85), int(x - w))
    shadow = np.clip(1 - field, 0, 1)[..., None] * np.array([0, 0.08, 0.12])
    colour = np.clip(skin * field[..., None], 0, 255) * (1 - shadow)
    mask = canvas.ellipse((x, y + h * 0.05), (w * 0.88, h * 0.85))
    canvas.paint(mask, colour * np.clip(light, 0.85, 1.15)[..., None], soft=w * 0.10)


def draw_face(
    rng: np.random.Generator, canvas: Canvas, box: Box, look: Look, skin: Colour, light: float
) -> None:
    """Draw eyes, brows, nose, mouth and cheeks."""
    for side in (-1, 1):
        _eye(rng, canvas, box, look, skin, side)
    _nose(canvas, box, look, 1 if light < 0 else -1)
    _mouth(canvas, box, look)
    x, y, w, h = box
    for side in (-1, 1):
        cheek = canvas.ellipse((x + side * w * 0.5, y + h * 0.3), (w * 0.2, h * 0.14))
        canvas.paint(cheek, look.skin * np.array([1.06, 0.85, 0.82]), soft=4, opacity=0.3)


def _eye(
    rng: np.random.Generator, canvas: Canvas, box: Box, look: Look, skin: Colour, side: int
) -> None:
    x, y, w, h = box
    eye = (x + side * w * 0.43, y - h * 0.06)
    opening = rng.uniform(0.055, 0.085)
    canvas.paint(canvas.ellipse(eye, (w * 0.26, h * 0.13)), skin * 0.86, soft=3)
    white = canvas.ellipse(eye, (w * 0.19, h * opening))
    canvas.paint(white, np.array((232, 228, 224)), soft=0.7)
    iris = canvas.ellipse(eye, (w * 0.09, h * min(opening, 0.075)))
    canvas.paint(iris, look.iris, soft=0.6)
    canvas.paint(canvas.ellipse(eye, (w * 0.045, h * 0.04)), np.array((12, 10, 10)), soft=0.5)
    glint = canvas.ellipse((eye[0] - w * 0.03, eye[1] - h * 0.02), (w * 0.02, h * 0.016))
    canvas.paint(glint, np.array((250, 250, 250)), soft=0.4)
    lid = canvas.ellipse(
        eye,
        (w * 0.2, h * (opening + 0.01)),
        arc=(190, 350),
        thickness=int(rng.integers(1, 4)),
    )
    canvas.paint(lid, look.skin * 0.25, soft=0.6)
    brow = canvas.ellipse(
        (eye[0], eye[1] - h * 0.1),
        (w * 0.27, h * 0.1),
        angle=side * rng.uniform(0, 8),
        arc=(205, 335),
        thickness=int(rng.integers(2, 5)),
    )
    canvas.paint(brow, look.hair * 0.55, soft=0.9, opacity=0.8)


def _nose(canvas: Canvas, box: Box, look: Look, side: int) -> None:
    x, y, w, h = box
    bridge = ((x + side * w * 0.08, y - h * 0.06), (x + side * w * 0.14, y + h * 0.28))
    canvas.paint(canvas.line(*bridge, 3), look.skin * 0.6, soft=2.5, opacity=0.45)
    tip = canvas.ellipse((x, y + h * 0.27), (w * 0.13, h * 0.06))
    canvas.paint(tip, look.skin * 1.12, soft=2, opacity=0.5)
    for nostril in (-1, 1):
        hole = canvas.ellipse((x + nostril * w * 0.1, y + h * 0.32), (w * 0.045, h * 0.025))
        canvas.paint(hole, look.skin * 0.4, soft=0.8, opacity=0.8)


def _mouth(canvas: Canvas, box: Box, look: Look) -> None:
    x, y, w, h = box
    centre = (x, y + h * 0.54)
    width = w * (0.3 + 0.14 * look.smile)
    tint = (0.86, 0.55, 0.55) if look.female else (0.85, 0.66, 0.62)
    lips = look.skin * np.array(tint, np.float32)
    lower = canvas.ellipse(centre, (width, h * 0.07 * (1 + 0.5 * look.smile)), arc=(0, 180))
    upper = canvas.ellipse(centre, (width, h * 0.035))
    canvas.paint(np.maximum(lower, upper), lips, soft=0.8)
    if look.smile > 0.5:
        teeth = canvas.ellipse(centre, (width * 0.82, h * 0.075), arc=(0, 180))
        canvas.paint(teeth, np.array((236, 232, 226)), soft=0.6)
    else:
        curve = h * 0.05 * (0.3 + look.smile)
        line = canvas.ellipse((x, centre[1] - h * 0.02), (width, curve), arc=(10, 170), thickness=2)
        canvas.paint(line, lips * 0.4, soft=0.6)


def _place(field: Mask, patch: NDArray[np.float32], top: int, left: int) -> None:
    height, width = field.shape
    t, le = max(0, top), max(0, left)
    b, r = min(height, top + patch.shape[0]), min(width, left + patch.shape[1])
    field[t:b, le:r] = patch[t - top : b - top, le - left : r - left]
