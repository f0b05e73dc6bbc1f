"""What is written into the LoRA's header about it."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.option import NEWEST, option


@dataclass(frozen=True)
class MetadataOptions:
    """Title, author and the like."""

    training_comment: str = option(
        "",
        "Comment",
        "A note that is written into the LoRA's metadata; the person's consent note when empty, "
        "unless it is kept out of LoRAs.",
        builtin=True,
    )
    metadata_title: str = option(
        "", "Title", "Title in the LoRA's metadata; the file's name when empty.", builtin=True
    )
    metadata_author: str = option("", "Author", "Author in the LoRA's metadata.", builtin=True)
    metadata_description: str = option("", "Description", "Description in the LoRA's metadata.")
    metadata_license: str = option("", "Licence", "Licence in the LoRA's metadata.")
    metadata_tags: str = option("", "Tags", "Tags in the LoRA's metadata, by comma.")
    metadata_usage_hint: str = option(
        "", "Usage hint", "How to use the LoRA, in its metadata.", since=NEWEST, gui=""
    )
    metadata_thumbnail: str = option(
        "", "Thumbnail", "A data URL of a small picture, in the metadata.", since=NEWEST, gui=""
    )
    metadata_merged_from: str = option(
        "", "Merged from", "Names of source models, in the metadata.", since=NEWEST, gui=""
    )
    metadata_trigger_phrase: str = option(
        "", "Trigger phrase", "Words that call the LoRA, in its metadata.", since=NEWEST, gui=""
    )
    metadata_preprocessor: str = option(
        "", "Preprocessor", "How inputs are prepared, in the metadata.", since=NEWEST, gui=""
    )
    metadata_is_negative_embedding: str = option(
        "", "Negative embedding", "`true` for a negative embedding.", since=NEWEST, gui=""
    )
    no_metadata: bool = option(
        False,
        "Leave out metadata",
        "Write only what a WebUI needs to tell the LoRA's family.",
        builtin=True,
        gui="",
    )
