"""Why a photo is left out: a code for programs, a sentence for people."""

from __future__ import annotations

from typing import Literal

from lib_t2p.plurals import counted

Code = Literal[
    "",
    "corrupt",
    "no_face",
    "other_person",
    "too_small",
    "blurred",
    "several_people",
    "near_duplicate",
    "not_needed",
    "dark",
    "bright",
    "flat",
    "cut",
    "excluded",
]
"""Empty for photos that are used."""

Note = Literal["compressed", "enlarged", "noisy", "covered", "profile", "text", "colours"]
NOTES: dict[Note, str] = {
    "compressed": "heavily compressed",
    "enlarged": "enlarged from fewer pixels",
    "noisy": "noisy",
    "covered": "something may cover the face",
    "profile": "profile",
    "text": "text in the picture",
    "colours": "its colour profile cannot be used",
}
"""What is told of a photo without leaving it out."""

SHORT: dict[str, str] = {
    "corrupt": "cannot be read",
    "no_face": "no face found",
    "other_person": "another person",
    "too_small": "face too small",
    "blurred": "face blurred",
    "several_people": "several people",
    "near_duplicate": "near-duplicate",
    "not_needed": "more than wanted",
    "dark": "face too dark",
    "bright": "face too bright",
    "flat": "no contrast",
    "cut": "face cut off",
    "excluded": "left out by you",
}
"""Two or three words, as the contact sheet shows them."""


def no_face() -> str:
    """Nothing that looks like a face."""
    return "No face was found."


def no_face_in_light(mean: float) -> str:
    """Mean grey level of the whole picture, 0 to 255."""
    what = "dark" if mean < 128 else "bright"
    return f"No face was found: the picture is too {what} (mean {mean:.0f} of 255)."


def no_face_in_blur(sharpness: float, least: float) -> str:
    """Sharpness of the sharpest part of the whole picture."""
    return (
        f"No face was found: nothing in the picture is sharp ({sharpness:.1f}, at least "
        f"{least:.0f} is usual)."
    )


def no_face_in_flat(contrast: float) -> str:
    """Grey levels between the darkest and the brightest twentieth of the whole picture."""
    return f"No face was found: the picture has no contrast ({contrast:.0f} grey levels)."


def with_turn_hint(reason: str) -> str:
    """A reason that may be due to how the photo lies, with what to do about it."""
    return (
        f"{reason} It may lie on its side or upside down: if it does, turn it upright in an image "
        "program and import it again."
    )


def other_person(distance: float, limit: float) -> str:
    """Distances of identities."""
    return f"The face is another person's (distance {distance:.2f}, limit {limit:.2f})."


def face_too_small(width: float, least: float) -> str:
    """Widths in pixels of the original."""
    return f"The face is {width:.0f} px wide; {least:.0f} px are needed."


def crop_too_small(side: float, resolution: int, limit: float) -> str:
    """Sides in pixels, the limit as a factor."""
    return (
        f"The crop of {side:.0f} px would be enlarged {resolution / side:.1f} times to "
        f"{resolution} px; the limit is {limit:g}."
    )


def blurred(sharpness: float, limit: float) -> str:
    """Both in the unit of `face_sharpness`."""
    return f"The face is blurred (sharpness {sharpness:.1f}, at least {limit:.1f} is needed)."


def several_people(count: int) -> str:
    """`count` includes the person."""
    return f"There are {count} people, and no crop shows this one alone."


def near_duplicate(other: str, mirrored: bool) -> str:
    """`other` is the photo that is kept instead."""
    how = "the mirror image of" if mirrored else "almost the same picture as"
    return f"It is {how} {other}, which is larger or sharper."


def dark(mean: float, limit: float) -> str:
    """Mean grey levels of the face, 0 to 255."""
    return f"The face is too dark (mean {mean:.0f} of 255, at least {limit:.0f} is needed)."


def bright(mean: float, clipped: float) -> str:
    """Mean grey level, and the share of the face without any detail."""
    return f"The face is too bright (mean {mean:.0f} of 255, {clipped:.0%} without detail)."


def flat(contrast: float, limit: float) -> str:
    """Grey levels between the darkest and the brightest twentieth."""
    return f"The face has no contrast ({contrast:.0f} grey levels, {limit:.0f} are needed)."


def cut(share: float) -> str:
    """Share of the face outside the picture."""
    part = "An eye" if share >= 1 else f"{share:.0%} of the face"
    return f"{part} is cut off by the picture's edge."


def excluded() -> str:
    """The person's own decision."""
    return "You left it out."


def not_needed(wanted: int) -> str:
    """`wanted` is the number of photos asked for."""
    return f"{counted(wanted, 'photo was')} wanted, and others add more variety or are better."
