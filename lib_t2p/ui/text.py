"""Sentences and labels that several parts show; fixed strings, so that they can be localised."""

from __future__ import annotations

from lib_t2p.jobs import JobState
from lib_t2p.plurals import counted as counted  # noqa: PLC0414
from lib_t2p.ui.markup import Tone

NO_PERSON = "Create a person first, or choose one at the top."
NO_PEOPLE_TITLE = "No people yet"
NO_PEOPLE = "Open New person on the left, fill it in and press Create person."
NO_PHOTOS_TITLE = "No photos yet"
NO_PHOTOS = "Add 15 to 40 sharp photos of this person on the left, then press Import photos."
NOT_LOOKED = "Press Look at photos: faces, people and quality will be shown."
NO_CROP_TITLE = "No photo chosen"
NO_CROP = "Press Crop on a photo that is used, in Photos; then drag its frame here."
NO_DATASET_TITLE = "No dataset yet"
NO_DATASET = "Import photos and press Build dataset: each photo will be shown with its decision."
HELD_OUT_ARE_VARIANTS = (
    "Some held-out photos come from the same shot as training photos: likeness is scored, but "
    "memorisation is not judged with this dataset."
)
NO_RUN_TITLE = "No training yet"
NO_RUN = "Choose a base checkpoint and a recipe, then press Start training."
RUN_NEEDS_DATASET = "This person has no dataset: go to the Dataset tab, import photos, build one."
NO_GRID_TITLE = "No grid yet"
NO_GRID = "Tick saved models on the left and press Draw grid."
GRID_NEEDS_MODELS = "This person has no saved models: train a LoRA in the Train tab first."

STATE_WORDS: dict[JobState, tuple[str, Tone]] = {
    JobState.QUEUED: ("waiting", "plain"),
    JobState.RUNNING: ("running", "info"),
    JobState.STOPPING: ("stopping", "warn"),
    JobState.STOPPED: ("stopped", "warn"),
    JobState.FINISHED: ("finished", "good"),
    JobState.FAILED: ("failed", "bad"),
    JobState.LOST: ("lost", "bad"),
}

REPORT_ON_ITS_WAY = "The report is being written from what there is so far; its link appears here."


def duration(seconds: float) -> str:
    """Seconds as people say them: `8 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
