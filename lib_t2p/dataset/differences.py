"""What differs between two versions of a dataset."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from lib_t2p.dataset.manifest import DrawnCrop, Manifest, PhotoDecision


@dataclass(frozen=True)
class PhotoDifference:
    """A photo that was decided otherwise.

    Attributes:
        photo: its name.
        before, after: state with its reason; empty where the version does not know the photo.
        changed: what else differs of a photo that is in both: `crop`, `size`, `caption`, `repeats`,
            `masked`.
    """

    photo: str
    before: str
    after: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatasetDifference:
    """All that differs.

    Attributes:
        options: name, before, after.
        photos: by name.
        same: photos that are alike in both.
    """

    options: tuple[tuple[str, object, object], ...]
    photos: tuple[PhotoDifference, ...]
    same: int


def difference_of(before: Manifest, after: Manifest) -> DatasetDifference:
    """Compare two versions."""
    old, new = asdict(before.options), asdict(after.options)
    for name in ("trigger", "class_word", "detector", "embedder"):
        old[name], new[name] = getattr(before, name), getattr(after, name)
    options = tuple((n, old.get(n), new[n]) for n in new if old.get(n) != new[n])
    first = {d.photo: d for d in before.decisions}
    second = {d.photo: d for d in after.decisions}
    pairs = [(n, first.get(n), second.get(n)) for n in sorted(first.keys() | second.keys())]
    found = [_compared(name, one, other) for name, one, other in pairs]
    photos = tuple(one for one in found if one is not None)
    return DatasetDifference(options, photos, len(pairs) - len(photos))


def _compared(
    name: str, before: PhotoDecision | None, after: PhotoDecision | None
) -> PhotoDifference | None:
    changed: tuple[str, ...] = ()
    if before is not None and after is not None:
        changed = _changed(before, after)
        if before.state != after.state:
            # Held-out photos are drawn once, whatever the repeats.
            changed = tuple(word for word in changed if word != "repeats")
        is_same = (before.state, before.code) == (after.state, after.code)
        if is_same and not changed:
            return None
    return PhotoDifference(name, _words(before), _words(after), changed)


def _changed(before: PhotoDecision, after: PhotoDecision) -> tuple[str, ...]:
    if "left_out" in (before.state, after.state):
        return ()
    old, new = _by_framing(before), _by_framing(after)
    names = ["framings"] if old.keys() != new.keys() else []
    fields = {"crop": "box", "size": "size", "caption": "caption", "repeats": "repeats"}
    fields["masked"] = "masked"
    for word, field in fields.items():
        both = old.keys() & new.keys()
        if any(getattr(old[framing], field) != getattr(new[framing], field) for framing in both):
            names.append(word)
    return tuple(names)


def _by_framing(decision: PhotoDecision) -> dict[str, DrawnCrop]:
    return {crop.framing: crop for crop in decision.crops}


def _words(decision: PhotoDecision | None) -> str:
    if decision is None:
        return ""
    state = decision.state.replace("_", " ")
    return f"{state}: {decision.reason}" if decision.reason else state
