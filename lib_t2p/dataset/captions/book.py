"""A person's captions, as they are edited; every build reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.typed_paths import is_file, shortened
from lib_t2p.workspace import PersonFolder

SCHEMA = 1
MOST_PAST = 30
"""Steps that can be undone."""
MOST_LETTERS = 2000
"""Of one caption; the trainer reads at most 225 tokens."""


@dataclass(frozen=True)
class Step:
    """What captions were before a change.

    Attributes:
        label: what was done, such as `add prefix`.
        default: as it was.
        own: captions of the photos that changed, as they were; None where there was none.
    """

    label: str
    default: str
    own: Mapping[str, str | None]


@dataclass(frozen=True)
class CaptionBook:
    """Captions by photo. They may hold places such as `{token}`, see `template.fill`.

    Attributes:
        default: for photos without one of their own; empty means the folder name alone.
        own: photo name to caption.
        past: what can be undone, oldest first.
    """

    default: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    past: tuple[Step, ...] = ()

    def of(self, photo: str) -> str:
        """The caption of a photo with its places not yet filled; empty for none."""
        return self.own.get(photo, self.default)

    def with_default(self, default: str, label: str) -> CaptionBook:
        """Another default; photos' own captions go."""
        gone = Step(label, self.default, dict(self.own))
        return CaptionBook(_checked(default), {}, self._after(gone))

    def changed(self, captions: Mapping[str, str], label: str) -> CaptionBook:
        """These photos have these captions from now on; the same book when nothing differs."""
        new = {p: _checked(c) for p, c in captions.items() if _checked(c) != self.of(p)}
        if not new:
            return self
        before = Step(label, self.default, {photo: self.own.get(photo) for photo in new})
        return replace(self, own={**self.own, **new}, past=self._after(before))

    def undone(self) -> CaptionBook:
        """As it was before the last change.

        Raises:
            InputError: there is nothing to undo.
        """
        if not self.past:
            raise InputError("No change of captions is left to undo.")
        last = self.past[-1]
        own = dict(self.own)
        for photo, caption in last.own.items():
            if caption is None:
                own.pop(photo, None)
            else:
                own[photo] = caption
        return CaptionBook(last.default, own, self.past[:-1])

    def _after(self, step: Step) -> tuple[Step, ...]:
        return (*self.past, step)[-MOST_PAST:]


def read_captions(person: PersonFolder) -> CaptionBook:
    """Read them; none before the first.

    Raises:
        WorkspaceError: damaged, or written by a newer version.
    """
    if not person.captions.exists():
        return CaptionBook()
    record = read_record(person.captions, SCHEMA)
    try:
        return CaptionBook(
            default=str(record["default"]),
            own={str(p): str(c) for p, c in record["own"].items()},
            past=tuple(_step(entry) for entry in record["past"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise WorkspaceError(
            f"{person.captions} is damaged ({error!r}): delete it and write the captions again."
        ) from error


def write_captions(person: PersonFolder, book: CaptionBook) -> None:
    """Write them whole.

    Raises:
        InputError: a caption is of a photo that the person does not have.
    """
    _check_photos(person, book.own)
    record = {
        "default": book.default,
        "own": dict(sorted(book.own.items())),
        "past": [vars(step) for step in book.past],
    }
    write_record(person.captions, SCHEMA, record)


def _check_photos(person: PersonFolder, photos: Iterable[str]) -> None:
    missing = sorted(name for name in photos if not is_file(person.photos / name))
    if missing:
        named = ", ".join(map(shortened, missing[:5]))
        raise InputError(
            f"{person.slug} has no photo named {named}: the gallery and "
            "`dataset inspect` list them."
        )


def _checked(caption: str) -> str:
    # kohya reads the first line only.
    text = " ".join(caption.split())
    if len(text) > MOST_LETTERS:
        raise InputError(
            f"A caption of {len(text)} letters is too long: {MOST_LETTERS} are the most."
        )
    return text


def _step(entry: Mapping[str, object]) -> Step:
    own = entry["own"]
    if not isinstance(own, dict):
        raise TypeError("own is no table")
    kept = {str(p): None if c is None else str(c) for p, c in own.items()}
    return Step(str(entry["label"]), str(entry["default"]), kept)
