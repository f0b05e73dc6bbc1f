"""Drawing head-and-shoulder portraits with detail enough to teach a small model faces."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.build_base.canvas import Canvas, Colour, Mask
from tools.build_base.faces import draw_face, paste_face
from tools.build_base.looks import Look, random_look

OVERSAMPLING = 2
PHOTO_FACE_SHARE = 0.75
"""Share of portraits whose face comes from scikit-image's lfw_subset (25 px, grey)."""


@dataclass(frozen=True)
class Head:
    """Where the head is: centre and half axes in pixels of the canvas; light from -0.5 to 0.5."""

    x: float
    y: float
    width: float
    height: float
    light: float


def draw_portrait(
    rng: np.random.Generator, faces: NDArray[np.float64], side: int
) -> tuple[NDArray[np.uint8], str]:
    """Draw one portrait.

    Args:
        rng: decides everything.
        faces: grey faces, count x 25 x 25, 0 to 1.
        side: pixels of the square picture.

    Returns:
        RGB picture (side, side, 3) and its caption.
    """
    look = random_look(rng)
    canvas = Canvas(side * OVERSAMPLING, look.background)
    _background(rng, canvas)
    head = _place_head(rng, canvas.side)
    light = 1 + head.light * (canvas.x - head.x) / head.width * 0.35
    light = light - 0.10 * (canvas.y - head.y) / head.height
    hair = _hair_colour(rng, canvas, head, look, light)
    _hair_behind(rng, canvas, head, look, hair)
    _body(rng, canvas, head, look, light)
    skin = _head(rng, canvas, head, look, light)
    photo_face = rng.random() < PHOTO_FACE_SHARE
    box = (head.x, head.y, head.width, head.height)
    if photo_face:
        paste_face(rng, canvas, box, look.skin, faces[rng.integers(len(faces))], light)
    else:
        draw_face(rng, canvas, box, look, skin, head.light)
    _beard(canvas, head, look)
    _hair_in_front(rng, canvas, head, look, hair)
    _glasses(canvas, head, look)
    picture = _developed(rng, canvas.pixels, side)
    return picture, look.caption(rng, smile_shown=not photo_face)


def _background(rng: np.random.Generator, canvas: Canvas) -> None:
    slope = rng.normal(size=2) * 0.25
    across, down = canvas.x / canvas.side - 0.5, canvas.y / canvas.side - 0.5
    canvas.pixels *= (1 + slope[0] * across + slope[1] * down)[..., None]
    canvas.pixels *= (1 + 0.06 * canvas.noise(rng, rng.uniform(8, 50)))[..., None]
    if rng.random() < 0.35:
        left = rng.uniform(0, canvas.side)
        strip = canvas.rectangle(left, 0, left + rng.uniform(10, 70), canvas.side)
        canvas.paint(strip, np.array(rng.uniform(30, 220, 3)), soft=rng.uniform(1, 4))


def _place_head(rng: np.random.Generator, side: int) -> Head:
    scale = rng.uniform(1.0, 1.4)
    return Head(
        x=side * (0.5 + rng.uniform(-0.07, 0.07)),
        y=side * (0.49 + rng.uniform(-0.05, 0.05)),
        width=side * 0.235 * scale * rng.uniform(0.93, 1.07),
        height=side * 0.31 * scale * rng.uniform(0.95, 1.05),
        light=rng.uniform(-0.5, 0.5),
    )


def _hair_colour(
    rng: np.random.Generator, canvas: Canvas, head: Head, look: Look, light: Mask
) -> Colour:
    lines = rng.normal(size=(canvas.side // 10, canvas.side)).astype(np.float32)
    size = (canvas.side, canvas.side)
    lines = cv2.resize(lines, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    strands = 1 + 0.28 * lines * rng.uniform(0.4, 1)
    fall = 1.15 - 0.175 * (canvas.y - head.y + head.height) / head.height
    shade = strands * np.clip(fall, 0.5, 1.3) * np.clip(light, 0.6, 1.4)
    return np.asarray(look.hair * shade[..., None], np.float32)


def _hair_behind(
    rng: np.random.Generator, canvas: Canvas, head: Head, look: Look, hair: Colour
) -> None:
    x, y, w, h = head.x, head.y, head.width, head.height
    if look.hair_kind in ("long", "bob"):
        length = h * (2.2 if look.hair_kind == "long" else 1.25) * rng.uniform(0.85, 1.1)
        crown = canvas.ellipse((x, y - h * 0.15), (w * 1.42, h * 1.22))
        fall = canvas.rectangle(x - w * 1.42, y - h * 0.15, x + w * 1.42, y - h * 0.2 + length)
        canvas.paint(np.maximum(crown, fall), hair * 0.85, soft=2.5)
    elif look.hair_kind == "curly":
        mask = canvas.ellipse((x, y - h * 0.2), (w * 1.5, h * 1.25))
        for angle in rng.uniform(0, 2 * np.pi, 40):
            curl = (x + np.cos(angle) * w * 1.4, y - h * 0.2 + np.sin(angle) * h * 1.15)
            mask = np.maximum(mask, canvas.ellipse(curl, (w * 0.24, w * 0.24)))
        canvas.paint(mask, hair * (1 + 0.25 * canvas.noise(rng, 5))[..., None], soft=1.5)
    elif look.hair_kind == "short":
        canvas.paint(canvas.ellipse((x, y - h * 0.22), (w * 1.15, h * 1.02)), hair, soft=2)


def _body(rng: np.random.Generator, canvas: Canvas, head: Head, look: Look, light: Mask) -> None:
    x, y, w, h = head.x, head.y, head.width, head.height
    neck = w * (0.52 if look.female else 0.66)
    throat = canvas.rectangle(x - neck, y + h * 0.5, x + neck, canvas.side)
    canvas.paint(throat, look.skin * 0.78, soft=2)
    cloth = 1 + 0.05 * canvas.noise(rng, 4) + 0.12 * canvas.noise(rng, 24)
    shoulders = canvas.ellipse((x, y + h * 2.35), (w * rng.uniform(2.2, 2.9), h * 1.15))
    field = look.clothes * (cloth * np.clip(light, 0.75, 1.25))[..., None]
    canvas.paint(shoulders, field, soft=1.2)
    if look.outfit == "suit":
        for side in (-1, 1):
            lapel = [(x, y + h * 1.9), (x + side * w * 0.35, y + h * 1.2)]
            lapel.append((x + side * w * 0.9, y + h * 1.5))
            canvas.paint(canvas.polygon(lapel), look.clothes * 0.6, soft=0.8)
    elif look.outfit == "round collar":
        outer = canvas.ellipse((x, y + h * 1.32), (w * 1.15, h * 0.34))
        inner = canvas.ellipse((x, y + h * 1.22), (w * 0.85, h * 0.24))
        ring = np.clip(outer - inner, 0, 1)
        canvas.paint(ring, np.array(rng.uniform(20, 220, 3)), soft=0.8)
    elif look.outfit == "shirt":
        opening = [(x - neck * 0.9, y + h * 1.1), (x, y + h * 1.75), (x + neck * 0.9, y + h * 1.1)]
        canvas.paint(canvas.polygon(opening), look.skin * 0.85, soft=0.8)
    else:
        canvas.paint(
            canvas.ellipse((x, y + h * 1.2), (w * 0.8, h * 0.4)), look.skin * 0.88, soft=0.8
        )


def _head(rng: np.random.Generator, canvas: Canvas, head: Head, look: Look, light: Mask) -> Colour:
    x, y, w, h = head.x, head.y, head.width, head.height
    for side in (-1, 1):
        ear = canvas.ellipse((x + side * w, y + h * 0.05), (w * 0.13, h * 0.17))
        canvas.paint(ear, look.skin * 0.85)
    round_off = 0.22 * ((canvas.x - x) / w) ** 2 + 0.10 * ((canvas.y - y) / h) ** 2
    shade = np.clip(light - round_off, 0.45, 1.35)
    skin = look.skin * (shade * (1 + 0.015 * canvas.noise(rng, 3)))[..., None]
    skull = canvas.ellipse((x, y - h * 0.05), (w, h * 0.95))
    jaw = canvas.ellipse((x, y + h * 0.25), (w * 0.8, h * 0.78))
    canvas.paint(np.maximum(skull, jaw), skin, soft=1.2)
    return np.asarray(skin, np.float32)


def _beard(canvas: Canvas, head: Head, look: Look) -> None:
    if not look.beard:
        return
    x, y, w, h = head.x, head.y, head.width, head.height
    outer = canvas.ellipse((x, y + h * 0.55), (w * 0.75, h * 0.42))
    inner = canvas.ellipse((x, y + h * 0.36), (w * 0.7, h * 0.3))
    canvas.paint(np.clip(outer - inner, 0, 1), look.hair * 0.7, soft=2.5, opacity=0.7)


def _hair_in_front(
    rng: np.random.Generator, canvas: Canvas, head: Head, look: Look, hair: Colour
) -> None:
    if look.hair_kind == "bald":
        return
    x, y, w, h = head.x, head.y, head.width, head.height
    centre = (x + w * rng.uniform(-0.2, 0.2), y - h * 0.72)
    depth = h * rng.uniform(0.28, 0.46)
    fringe = canvas.ellipse(centre, (w * 1.12, depth), angle=rng.uniform(-12, 12))
    crown = canvas.ellipse((x, y - h * 0.75), (w * 1.12, h * 0.5))
    above = np.maximum(fringe * (canvas.y < y - h * 0.25), crown * (canvas.y < y - h * 0.62))
    canvas.paint(np.asarray(above, np.float32), hair, soft=1.8)
    if look.hair_kind in ("long", "bob"):
        for side in (-1, 1):
            lock = canvas.ellipse((x + side * w * 1.14, y), (w * 0.26, h * 0.85))
            canvas.paint(lock, hair * 0.95, soft=2)


def _glasses(canvas: Canvas, head: Head, look: Look) -> None:
    if not look.glasses:
        return
    x, w = head.x, head.width
    eyes = head.y - head.height * 0.06
    mask = canvas.line((x - w * 0.13, eyes), (x + w * 0.13, eyes), 2)
    for side in (-1, 1):
        lens = ((x + side * w * 0.43), eyes)
        rim = canvas.ellipse(lens, (w * 0.3, head.height * 0.16), thickness=2)
        mask = np.maximum(mask, rim)
    canvas.paint(mask, np.array((25, 22, 22)), soft=0.6)


def _developed(rng: np.random.Generator, pixels: Colour, side: int) -> NDArray[np.uint8]:
    tint = rng.uniform(0.85, 1.12) * (1 + rng.normal(size=3) * 0.03)
    pixels = np.clip(pixels * tint, 0, 255).astype(np.float32)
    if rng.random() < 0.5:
        full = pixels.shape[0]
        turn = cv2.getRotationMatrix2D((full / 2, full / 2), rng.uniform(-8, 8), 1.04)
        size = (full, full)
        pixels = np.asarray(cv2.warpAffine(pixels, turn, size, borderMode=cv2.BORDER_REFLECT))
    small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
    return np.clip(small, 0, 255).astype(np.uint8)
