"""What a person does with people, photos and datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.actions.photos.captioning import (
        DESCRIBERS,
        LIMIT,
        CaptionLine,
        Change,
        captions_of,
        edit_captions,
        preview_edit,
        set_caption,
        set_template,
        submit_description,
        undo_captions,
    )
    from lib_t2p.actions.photos.datasets import (
        PhotoState,
        adjust_crop,
        answer_face,
        choose_tile,
        compare_versions,
        decide,
        options_of_version,
        photo_state,
        submit_inspection,
        submit_rebuild,
        version_of,
    )
    from lib_t2p.actions.photos.deleting import WORDS, Belonging, belongings, delete_person, total
    from lib_t2p.actions.photos.new_people import list_people, new_person
    from lib_t2p.actions.photos.regularisation import (
        check_class_set,
        class_sets,
        submit_class_images,
        submit_class_photos,
        wanted_class_pictures,
    )

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
