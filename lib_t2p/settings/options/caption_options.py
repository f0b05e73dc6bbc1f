"""Texts of the pictures."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.option import option


@dataclass(frozen=True)
class CaptionOptions:
    """Where captions come from and how they are varied."""

    caption_extension: str = option(
        ".caption",
        "Caption files",
        "Extension of caption files; without one the folder's name counts.",
        builtin=True,
    )
    caption_extention: str = option(
        "", "Caption files (old spelling)", "Old spelling, kept for old files.", gui=""
    )
    caption_separator: str = option(
        ",", "Caption separator", "What stands between the parts of a caption.", gui=""
    )
    shuffle_caption: bool = option(
        False,
        "Shuffle captions",
        "Mix the order of the comma-separated parts at each step.",
        builtin=True,
    )
    keep_tokens: int = option(
        0,
        "Keep first parts",
        "The first n parts of a caption stay in front when shuffled.",
        minimum=0,
        maximum=50,
        builtin=True,
    )
    keep_tokens_separator: str = option(
        "", "Separator of kept parts", "Parts before this text stay in front.", gui=""
    )
    secondary_separator: str = option(
        "", "Second separator", "Binds parts that are shuffled or dropped together.", gui=""
    )
    enable_wildcard: bool = option(
        False, "Caption wildcards", "{a|b} in a caption takes one at random.", gui=""
    )
    caption_prefix: str = option(
        "", "Caption prefix", "Put before every caption.", gui="", builtin=True
    )
    caption_suffix: str = option(
        "", "Caption suffix", "Put behind every caption.", gui="", builtin=True
    )
    caption_dropout_rate: float = option(
        0.0,
        "Drop captions",
        "Share of steps that see an empty caption.",
        minimum=0.0,
        maximum=1.0,
        builtin=True,
    )
    caption_dropout_every_n_epochs: int = option(
        0,
        "Drop captions every",
        "Use empty captions in every n-th epoch; 0 means never.",
        unit="epochs",
        minimum=0,
        maximum=10_000,
        builtin=True,
    )
    caption_tag_dropout_rate: float = option(
        0.0,
        "Drop caption parts",
        "Chance of each comma-separated part to be left out.",
        minimum=0.0,
        maximum=1.0,
        gui="",
        builtin=True,
    )
    token_warmup_min: int = option(
        1,
        "Caption parts at first",
        "How many parts a caption begins with while parts are added.",
        minimum=0,
        maximum=1000,
        gui="",
    )
    token_warmup_step: int | float = option(
        0,
        "All caption parts after",
        "When all parts are there; below 1 it is a share of the training.",
        unit="steps",
        minimum=0,
        maximum=1_000_000,
        gui="",
    )
    max_token_length: int | None = option(
        None,
        "Longest caption",
        "75 when empty.",
        unit="tokens",
        choices=("150", "225"),
        builtin=True,
    )
    weighted_captions: bool = option(
        False, "Weights in captions", "Read (word:1.2) in captions as the WebUI does."
    )
