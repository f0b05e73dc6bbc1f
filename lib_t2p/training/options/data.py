"""What is trained on."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.training.options.option import option


@dataclass(frozen=True)
class DataOptions:
    """Folders, sizes, buckets and captions."""

    train_data_dir: str = option(
        "img",
        "Training folder",
        "Holds `<repeats>_<token> <class>` folders. A relative path lies in the run's dataset.",
    )
    reg_data_dir: str = option(
        "",
        "Regularisation folder",
        "Holds `<repeats>_<class>` folders; `reg` is the dataset's own. Empty: none.",
        level="simple",
    )
    prior_loss_weight: float = option(
        1.0,
        "Regularisation weight",
        "How much the loss of a regularisation image counts.",
        minimum=0.0,
        maximum=10.0,
    )
    resolution: str = option(
        "512,512",
        "Resolution",
        "Width,height of training; buckets keep to this area.",
        unit="px",
        level="simple",
    )
    enable_bucket: bool = option(
        False, "Use buckets", "Keep each picture's shape; else all are cropped to the resolution."
    )
    min_bucket_reso: int = option(
        256,
        "Smallest bucket side",
        "Shortest side of a bucket.",
        unit="px",
        minimum=16,
        maximum=4096,
    )
    max_bucket_reso: int = option(
        1024,
        "Largest bucket side",
        "Longest side of a bucket.",
        unit="px",
        minimum=16,
        maximum=8192,
    )
    bucket_reso_steps: int = option(
        64,
        "Bucket step",
        "Sides of buckets are multiples of it.",
        unit="px",
        minimum=8,
        maximum=512,
    )
    bucket_no_upscale: bool = option(
        False,
        "Never enlarge",
        "A picture smaller than the resolution gets a bucket of its own size.",
    )
    flip_aug: bool = option(
        False,
        "Mirror at random",
        "Half of the pictures are shown mirrored; faces are not symmetric, so rarely of use.",
    )
    caption_extension: str = option(
        ".caption",
        "Caption files",
        "Extension of caption files; without one the folder's name counts.",
    )
    shuffle_caption: bool = option(
        False, "Shuffle captions", "Mix the order of the comma-separated parts at each step."
    )
    keep_tokens: int = option(
        0,
        "Keep first parts",
        "So many parts of a caption stay in front when shuffled.",
        minimum=0,
        maximum=50,
    )
    caption_dropout_rate: float = option(
        0.0, "Drop captions", "Share of steps that see an empty caption.", minimum=0.0, maximum=1.0
    )
    cache_latents: bool = option(
        False, "Cache latents", "Encode each picture once; faster and smaller."
    )
    vae_batch_size: int = option(
        1, "Encoding batch", "Pictures encoded at a time while caching.", minimum=1, maximum=64
    )
    cache_text_encoder_outputs: bool = option(
        False,
        "Cache text-encoder outputs",
        "Encode each caption once; only when the text encoder is not trained.",
    )
