"""What requests carry. Plain models that pydantic 1.10 and 2 read alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, create_model

from lib_t2p.class_images import PROMPT as CLASS_PROMPT
from lib_t2p.grids import DENOISING
from lib_t2p.painting import PictureSettings, fields_of

Values = dict[str, Any]
_KINDS: dict[str, type] = {"int": int, "float": float, "str": str}
_PICTURE = fields_of(PictureSettings)

if TYPE_CHECKING:
    PictureValues = BaseModel
else:
    PictureValues = create_model(
        "PictureValues",
        **{
            name: (_KINDS[row.kind], Field(row.default, description=row.help))
            for name, row in _PICTURE.items()
        },
    )
"""What a picture is painted with: each field of the one table."""


def picture_of(body: PictureValues) -> dict[str, Any]:
    """The fields of a picture by name, without what the body has besides."""
    return {name: getattr(body, name) for name in _PICTURE}


class NewPerson(BaseModel, extra="forbid"):
    """A person to make; all four texts as in the Dataset tab."""

    name: str = Field(description="1 to 80 characters")
    trigger: str = Field(description="the token that stands for the person, without spaces")
    class_word: str = Field(description="what the person is, such as woman")
    consent: str = Field(
        description="who may use the likeness and why; kept with the person, and written into "
        "each LoRA trained from now on (ss_training_comment), where everybody who has the file "
        "can read it"
    )
    consent_in_files: bool = Field(True, description="false keeps the note out of the LoRAs")


class PhotoSources(BaseModel, extra="forbid"):
    """Photos to import."""

    sources: list[str] = Field(description="folders or files on the host's computer")


class NewDataset(BaseModel, extra="forbid"):
    """A dataset version to build."""

    options: Values = Field(default_factory=dict, description="such as framing, resolution")


class NewRun(BaseModel, extra="forbid"):
    """A training to check or to queue."""

    name: str = Field(description="unique among the person's runs")
    checkpoint: str = Field(description="title as listed by /checkpoints, or an allowed path")
    recipe: str = Field("guide-final", description="name of a recipe")
    settings: Values = Field(default_factory=dict, description="what differs from the recipe")
    dataset: int | None = Field(None, description="version; the newest when not given")
    trainer: str = Field("builtin", description="builtin or sd-scripts-<tag>")


class NewSweep(BaseModel, extra="forbid"):
    """A sweep to forecast or to queue."""

    checkpoint: str = Field("", description="as of a run; empty when an axis names them")
    name: str = Field("", description="made of what differs when empty")
    ready: str = Field("", description="name of a ready sweep")
    recipe: str = Field("", description="name of a recipe")
    settings: Values = Field(default_factory=dict, description="what differs from the recipe")
    axes: dict[str, list[Any]] = Field(default_factory=dict, description="option -> its values")
    mode: str | None = Field(None, description="product or one_at_a_time")
    repeats: int | None = Field(None, description="times each run is trained")
    dataset: int | None = Field(None, description="version; the newest when not given")
    trainer: str = Field("builtin", description="builtin or sd-scripts-<tag>")


class NewGrid(PictureValues, extra="forbid"):
    """A grid to draw: saved models down, LoRA weights across, unless the axes say otherwise."""

    name: str = Field(description="unique among the person's grids")
    checkpoint: str = Field(description="title as listed by /checkpoints")
    models: list[str] = Field(default_factory=list, description="stems of saved models")
    sweep: str = Field("", description="compare the last saved model of each of its runs instead")
    x: str = Field("lora_weight", description="columns, such as cfg=1-15 (+2)")
    y: str = Field("saved_model", description="rows, as x")
    z: str = Field("", description="blocks of rows, as x; none when empty")
    weights: list[float] = Field(default_factory=lambda: [0.9], description="LoRA weights")
    prompts: list[str] = Field(description="{trigger} stands for the person's")
    seeds: list[int] = Field(description="0 to 4294967295")
    start: str = Field("", description="picture that img2img begins with, an allowed path")
    denoising: float = Field(DENOISING.default, description=DENOISING.help)


class MoreValues(BaseModel, extra="forbid"):
    """Values to add to a grid: only the new cells are painted."""

    kind: str = Field(description="of an axis of the grid, or prompt or seed")
    values: str | list[str] = Field(description="such as 1-15 (+2); prompts and models as a list")


class Stop(BaseModel, extra="forbid"):
    """When to stop."""

    when: str = Field("now", description="now or after_save")


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
