"""What is trained on."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.lists import INTERPOLATIONS
from lib_t2p.settings.options.option import MIDDLE, NEWEST, option


@dataclass(frozen=True)
class DataOptions:
    """Folders, sizes and buckets."""

    train_data_dir: str = option(
        "img",
        "Training folder",
        "Holds `<repeats>_<token> <class>` folders. A relative path lies in the run's dataset, "
        "whose own folder it is when not given.",
        original=None,
        builtin=True,
        path=True,
    )
    reg_data_dir: str = option(
        "",
        "Regularisation folder",
        "Holds `<repeats>_<class>` folders; `reg` is the dataset's own. Empty: none.",
        level="simple",
        builtin=True,
        path=True,
    )
    prior_loss_weight: float = option(
        1.0,
        "Regularisation weight",
        "How much the loss of a regularisation image counts.",
        minimum=0.0,
        maximum=10.0,
        builtin=True,
    )
    resolution: str = option(
        "512,512",
        "Resolution",
        "Width,height of training; buckets keep to this area. 512,512 when not given.",
        unit="px",
        level="simple",
        original=None,
        builtin=True,
        gui="max_resolution",
    )
    enable_bucket: bool = option(
        False,
        "Use buckets",
        "Keep each picture's shape; else all are cropped to the resolution.",
        builtin=True,
    )
    min_bucket_reso: int = option(
        256,
        "Smallest bucket side",
        "Shortest side of a bucket.",
        unit="px",
        minimum=16,
        maximum=4096,
        builtin=True,
    )
    max_bucket_reso: int = option(
        1024,
        "Largest bucket side",
        "Longest side of a bucket.",
        unit="px",
        minimum=16,
        maximum=8192,
        builtin=True,
    )
    bucket_reso_steps: int = option(
        64,
        "Bucket step",
        "Sides of buckets are multiples of it; sd-scripts wants 64, or 32 for SDXL.",
        unit="px",
        minimum=1,
        maximum=512,
        builtin=True,
    )
    bucket_no_upscale: bool = option(
        False,
        "Never enlarge",
        "A picture smaller than the resolution gets a bucket of its own size.",
        builtin=True,
    )
    resize_interpolation: str | None = option(
        None,
        "Resizing method",
        "How pictures are resized; area to shrink and lanczos to enlarge when empty.",
        choices=INTERPOLATIONS,
        since=NEWEST,
        gui="",
    )
    flip_aug: bool = option(
        False,
        "Mirror at random",
        "Half of the pictures are shown mirrored; faces are not symmetric, so rarely of use.",
        builtin=True,
    )
    color_aug: bool = option(
        False, "Vary colours", "Shift hue and gamma at random; latents cannot be cached then."
    )
    random_crop: bool = option(
        False, "Crop at random", "Crop at a random place; latents cannot be cached then."
    )
    face_crop_aug_range: str = option(
        "",
        "Face crop range",
        "Smallest and largest enlargement of the face, such as 2.0,4.0; file names must tell where "
        "it is.",
        gui="",
    )
    alpha_mask: bool = option(
        False,
        "Transparency as mask",
        "Transparent parts of a picture do not count.",
        since=MIDDLE,
        gui="",
    )
    masked_loss: bool = option(
        False, "Masked loss", "Only what the mask pictures show counts for the loss."
    )
    conditioning_data_dir: str = option(
        "",
        "Mask folder",
        "Mask pictures, named as the training pictures.",
        gui="",
        path=True,
    )
    cache_info: bool = option(
        False, "Cache picture sizes", "Keep captions and sizes in a file, to start faster.", gui=""
    )
    dataset_config: str = option(
        "",
        "Dataset file",
        "A TOML or JSON file of sd-scripts that describes the pictures instead of a folder.",
        path=True,
    )
    in_json: str = option(
        "",
        "Caption file in JSON",
        "Captions of the fine-tuning method.",
        gui="",
        path=True,
    )
    dataset_repeats: int = option(
        1,
        "Repeats of that file",
        "How often each picture of the caption file is shown an epoch.",
        minimum=1,
        maximum=100_000,
        gui="",
    )
    dataset_class: str = option(
        "",
        "Dataset class",
        "A Python class that yields the pictures; it is code, so it needs your trust.",
        gui="",
        trust="code",
    )
    max_data_loader_n_workers: int = option(
        8,
        "Loading processes",
        "Processes that load pictures; 0 loads in the trainer itself, which starts faster.",
        minimum=0,
        maximum=64,
    )
    persistent_data_loader_workers: bool = option(
        False,
        "Keep loading processes",
        "They stay between epochs: faster, but more memory.",
    )
