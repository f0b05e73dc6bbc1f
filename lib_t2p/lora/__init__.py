"""LoRA files: header, ss_* metadata, kohya key names, the WebUI's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.lora.card import LoraCard, read_card, write_card
    from lib_t2p.lora.family import by_card, check_family, check_lora, no_lora, way_out
    from lib_t2p.lora.header import (
        AGAIN,
        HeaderError,
        LoraHeader,
        TensorInfo,
        odd_metadata_words,
        read_header,
    )
    from lib_t2p.lora.kept_loras import KEPT, TrialFile, clean_trial, keep, trial_files
    from lib_t2p.lora.keys import (
        ALPHA,
        DOWN,
        UP,
        FamilyName,
        split_key,
        stems,
        text_encoder_targets,
        unet_targets,
    )
    from lib_t2p.lora.metadata import (
        FolderFacts,
        TrainingFacts,
        base_hashes,
        model_hashes,
        spec_metadata,
        training_metadata,
    )
    from lib_t2p.lora.network import network_of
    from lib_t2p.lora.odd_weights import alphas_of, oddities
    from lib_t2p.lora.other_kinds import PARTS
    from lib_t2p.lora.recognising import UNKNOWN, Recognised, recognise_lora
    from lib_t2p.lora.summary import LoraSummary, summarise
    from lib_t2p.lora.trial import FOLDER, install_trial, lora_files, loras_stamp, refuse_stem

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
