"""What a picture to be painted is: cell request, result, painter Protocol. Stdlib only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.painting.compared_pictures import (
        PROMPTS,
        SEEDS,
        ComparedPictures,
        compared_faults,
        compared_from,
    )
    from lib_t2p.painting.extension_fields import ADETAILER, CONTROLNET
    from lib_t2p.painting.extensions import (
        ControlUnit,
        Detailer,
        Extension,
        HasExtensions,
        adetailer_call,
        controlnet_call,
    )
    from lib_t2p.painting.infotext import KEYWORD, put_infotext, write_infotext
    from lib_t2p.painting.lora_tags import hypernetworks, lora_stems, split_lora_tags, without_tags
    from lib_t2p.painting.picture_settings import (
        PictureField,
        PictureSettings,
        fields_of,
        picture_faults,
        picture_values,
    )
    from lib_t2p.painting.png import chunks, read_text, with_text
    from lib_t2p.painting.request import (
        CellRequest,
        HiresFix,
        PaintedCell,
        Painter,
        ScriptCall,
        StartPicture,
        hires_size,
        number_faults,
        request_from_record,
        request_to_record,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
