"""What requests about photos, captions, portraits and nights carry; see `bodies`."""

from __future__ import annotations

from pydantic import BaseModel, Field

from lib_t2p.api.bodies import NewSweep, PictureValues, Values
from lib_t2p.class_images import PROMPT as CLASS_PROMPT
from lib_t2p.painting import PictureSettings, fields_of

STEPS = fields_of(PictureSettings)["steps"].help


class Decision(BaseModel, extra="forbid"):
    """What a person decides about photos."""

    verb: str = Field(description="leave_out, put_in or forget")
    photos: list[str] = Field(description="names of the person's photos")


class Tile(BaseModel, extra="forbid"):
    """Who the dataset is about."""

    number: int = Field(description="of the people in the photos, from 1")


class FaceAnswer(BaseModel, extra="forbid"):
    """A yes or no to a face of doubt."""

    photo: str = Field(description="name of the photo")
    face: int = Field(description="number of the face in the photo, from 0, largest first")
    is_person: bool


class CropChoice(BaseModel, extra="forbid"):
    """What of a photo is used."""

    photo: str = Field(description="name of the photo")
    box: list[float] | None = Field(
        None, description="left, top, right, bottom in pixels of the upright photo; null plans it"
    )


class Caption(BaseModel, extra="forbid"):
    """A caption, with places such as {token}."""

    caption: str = Field(description="empty for none")
    photo: str = Field("", description="name of the photo; empty for the template of all")


class CaptionEdit(BaseModel, extra="forbid"):
    """One change of many captions."""

    kind: str = Field(description="prefix, suffix, replace, regex, remove_tag or set")
    text: str = Field(description="looked for or added")
    by: str = Field("", description="what takes its place, for replace and regex")
    photos: list[str] = Field(default_factory=list, description="only these; all when empty")
    preview: bool = Field(False, description="tell what would change, and change nothing")


class Describing(BaseModel, extra="forbid"):
    """Captions by a model that looks at the pictures."""

    how: str = Field(description="tagger, blip, or host: the interrogator of the open WebUI")
    folder: str = Field("", description="of the model, an allowed path; not for host")
    threshold: float = Field(0.35, description="0 to 1, least chance of a tagger's tag")


class NewClassImages(PictureValues, extra="forbid"):
    """Regularisation images to be painted with a base checkpoint."""

    checkpoint: str = Field(description="title as listed by /checkpoints, or an allowed path")
    prompt: str = Field(CLASS_PROMPT, description="with {class_word}, variants and wildcards")
    count: int = Field(0, description="1 to 5000; 0 for as many as a build needs")
    seed: int = Field(1, description="of the first picture; the others count on")
    steps: int = Field(25, description=STEPS)
    options: Values = Field(default_factory=dict, description="of the build that is counted for")


class Deletion(BaseModel, extra="forbid"):
    """A person's deletion; it cannot be undone."""

    agreed: int = Field(description="how many things /belongings listed")
    loras: list[str] = Field(default_factory=list, description="paths of LoRAs that go as well")


class Rule(BaseModel, extra="forbid"):
    """Which pictures are kept."""

    most_distance: float | None = Field(
        default=None, description="0 to 2; null takes the embedder's"
    )
    least_training: float | None = Field(
        default=None, description="0 to 2; null takes the photos' own"
    )
    one_face: bool = True
    everything: bool = False


class NewPortraits(PictureValues, extra="forbid"):
    """A series of portraits."""

    name: str = Field("", description="unique among the person's series; made when empty")
    checkpoint: str = Field(description="title as listed by /checkpoints, or an allowed path")
    prompt: str = Field(description="with variants, wildcards, {trigger}, <lora:stem:weight>")
    dataset: int = Field(0, description="version to compare with; 0 compares with none")
    seed: int = Field(0, description="of the first picture, 0 to 4294967295")
    steps: int = Field(25, description=STEPS)
    count: int = Field(8, description="pictures; 0 for no limit")
    minutes: float = Field(0.0, description="0 for no limit")
    rule: Rule = Rule()


class More(BaseModel, extra="forbid"):
    """How a series goes on."""

    count: int = Field(8, description="further pictures; 0 for no limit")
    minutes: float = Field(0.0, description="further minutes; 0 for no limit")


class Move(BaseModel, extra="forbid"):
    """Where a picture goes."""

    picture: str = Field(description="its name without ending")
    place: str = Field(description="kept or bin")


class Emptying(BaseModel, extra="forbid"):
    """Deleting what is in the bin; it cannot be undone."""

    agreed: int = Field(description="how many pictures the bin holds")


class NewNight(BaseModel, extra="forbid"):
    """From photos to a report in one night."""

    sweep: NewSweep = Field(description="what is trained and compared; its name is not used")
    name: str = Field("", description="of the night; made when empty")
    sources: list[str] = Field(default_factory=list, description="folders or files of photos")
    dataset: int = Field(0, description="version to train on; 0 builds a new one")
    dataset_options: Values = Field(default_factory=dict)
    sampler: str = Field("grid", description="grid, random or tpe; empty trains all to the end")
    trials: int = Field(0, description="runs that the sampler begins; 0 is every combination")
    finish_by: float | None = Field(None, description="Unix seconds")


class Pausing(BaseModel, extra="forbid"):
    """How long the queue is held."""

    until: str = Field("", description="such as 07:30; empty until it is resumed")


class Moving(BaseModel, extra="forbid"):
    """Another place in the queue."""

    to: str = Field(description="front, back, up, down or before")
    other: str = Field("", description="the job before which it goes")


class Keeping(BaseModel, extra="forbid"):
    """A LoRA to be kept."""

    name: str = Field(description="stem of a saved model")
    stem: str = Field("", description="new name; the old one when empty")
    weight: float = Field(0.0, description="preferred weight for the card; 0 for none")
