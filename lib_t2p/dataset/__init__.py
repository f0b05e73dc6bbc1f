"""Photos in, training folder out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.dataset.building import build_dataset
    from lib_t2p.dataset.coverage import coverage_of, missing_of
    from lib_t2p.dataset.crop_planning import PlannedCrop
    from lib_t2p.dataset.cropping import draw_crop
    from lib_t2p.dataset.describing import (
        SUBJECT,
        DescribedCrop,
        Describer,
        describe_photos,
        describer_of,
    )
    from lib_t2p.dataset.differences import DatasetDifference, difference_of
    from lib_t2p.dataset.enlarging import Enlarged, Enlarger, with_lanczos
    from lib_t2p.dataset.expected import Outcome, PhotoOutlook, counts_of, outlook
    from lib_t2p.dataset.importing import ImportResult, import_photos
    from lib_t2p.dataset.manifest import Manifest, PhotoDecision, State, read_manifest
    from lib_t2p.dataset.options import DatasetOptions, Framing
    from lib_t2p.dataset.photo_choices import (
        FaceId,
        PhotoChoices,
        Rectangle,
        face_from,
        face_text,
        read_choices,
        write_choices,
    )
    from lib_t2p.dataset.reasons import NOTES, SHORT
    from lib_t2p.dataset.rebuilding import rebuild_dataset
    from lib_t2p.dataset.sample_photos import write_demo_photos
    from lib_t2p.dataset.survey import MOST_BORDER, Survey, read_survey
    from lib_t2p.dataset.surveying import survey_photos
    from lib_t2p.dataset.thresholds import grade_of

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
