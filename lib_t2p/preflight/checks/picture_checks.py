"""Photos, buckets, captions and regularisation images."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.preflight.forecast import StepPlan
from lib_t2p.preflight.training_images import TrainImage
from lib_t2p.settings import Finding, Settings


def regularisation_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Compare the regularisation images with pictures x repeats."""
    if not settings.reg_data_dir or facts.plan is None or facts.regularisation is None:
        return []
    wanted, there = facts.plan.train_images, facts.regularisation
    if not there:
        return [_missing(facts)]
    if settings.prior_loss_weight == 0:
        return [_weightless()]
    if there < wanted:
        return [
            Finding(
                "few-regularisation-images",
                "warning" if there < wanted / 2 else "note",
                f"There are {there} regularisation images for {wanted} pictures x repeats: each "
                f"is shown about {wanted / there:.1f} times an epoch.",
                "The guide used as many as pictures x repeats (330); few that come again and "
                "again are learnt themselves.",
                fix_label=f"Add {wanted - there} images of the class, or lower the repeats",
            )
        ]
    if there > wanted:
        return [
            Finding(
                "unused-regularisation-images",
                "note",
                f"{there - wanted} of {there} regularisation images are never shown: there are "
                f"only {wanted} pictures x repeats.",
                "The others are the same in each epoch.",
                fix_label="Raise the repeats, or leave it so",
            )
        ]
    return []


def _missing(facts: CheckFacts) -> Finding:
    return Finding(
        "no-regularisation-images",
        "warning",
        f"There are no regularisation images in {facts.reg_dir}.",
        "The run goes on without them; in the guide they are the one setting that clearly raised "
        "likeness.",
        {"reg_data_dir": ""},
        "Train without, or put them there as `1_<class>`",
    )


def _weightless() -> Finding:
    return Finding(
        "weightless-regularisation",
        "warning",
        "prior_loss_weight is 0, so that regularisation images are shown and not counted.",
        "They double the steps and teach nothing.",
        {"prior_loss_weight": 1.0},
        "Set prior_loss_weight to 1",
    )


SQUARE = 0.9
"""When so many pictures share one bucket, the others matter little."""


def picture_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check what is trained on."""
    found = []
    if facts.plan is not None:
        found += _part_filled(settings, facts.plan)
    found += _small(settings, [i for i in facts.images if not i.is_reg])
    found += _captions(settings, facts)
    if settings.flip_aug:
        found.append(
            Finding(
                "mirrored-faces",
                "note",
                "flip_aug shows half of the pictures mirrored.",
                "Faces are not symmetric, so partings and moles end up on both sides.",
                {"flip_aug": False},
                "Do not mirror",
            )
        )
    return found


def _part_filled(settings: Settings, plan: StepPlan) -> list[Finding]:
    size, counts = settings.train_batch_size, plan.buckets.values()
    if size == 1 or len(plan.buckets) < 2 or max(counts) >= SQUARE * sum(counts):
        return []
    part = sum(1 for count in counts if count % size)
    full = math.ceil(sum(counts) / size)
    if not part or plan.batches_per_epoch == full:
        return []
    what = (
        f"The pictures fall into {len(plan.buckets)} buckets: {part} of {plan.batches_per_epoch} "
        f"batches of an epoch are only part-filled, where square pictures would fill {full}."
    )
    if settings.max_train_epochs is None:
        fewer = plan.steps / math.ceil(full / settings.gradient_accumulation_steps)
        epochs = plan.steps / plan.steps_per_epoch
        if round(fewer, 1) > round(epochs, 1):
            what += f" The {plan.steps} steps are {epochs:.1f} epochs instead of {fewer:.1f}."
    return [
        Finding(
            "part-filled-buckets",
            "warning",
            what,
            "Pictures of rare shapes get steps of their own and so count for more; with a number "
            "of steps given, each picture is seen less often.",
            {"enable_bucket": False},
            "Crop all to a square",
        )
    ]


def _small(settings: Settings, photos: Sequence[TrainImage]) -> list[Finding]:
    width, height = settings.size
    if settings.enable_bucket and settings.bucket_no_upscale:
        small = [p for p in photos if p.size[0] * p.size[1] < width * height]
        code, why = (
            "small-photos",
            "With bucket_no_upscale each gets a bucket of its own size, so that less detail is "
            "learnt from it than the resolution promises, and batches are part-filled.",
        )
    else:
        small = [p for p in photos if p.placement.resized[0] > p.size[0] * 1.01]
        code, why = "enlarged-photos", "They are enlarged, and the LoRA learns their blur."
    if not small:
        return []
    areas = sorted(p.size[0] * p.size[1] for p in small)
    side = max(64, int(math.sqrt(areas[0])) // 64 * 64)
    # A photo may be large in area and still too narrow for a square crop.
    side = min(side, *(max(64, min(p.size) // 64 * 64) for p in small)) if code[0] == "e" else side
    return [
        Finding(
            code,
            "warning",
            f"{len(small)} of {len(photos)} photos are smaller than {width} x {height} px, the "
            f"smallest has {math.sqrt(areas[0]):.0f} px squared.",
            why,
            {"resolution": f"{side},{side}"},
            f"Train at {side} px, or leave these photos out",
        )
    ]


def _captions(settings: Settings, facts: CheckFacts) -> list[Finding]:
    found = []
    for extension, count in facts.unread_captions:
        found.append(
            Finding(
                "captions-not-read",
                "warning",
                f"{count} caption files end in {extension}, and caption_extension is "
                f"{settings.caption_extension!r}.",
                "They are not read: every picture is called by its folder's name.",
                {"caption_extension": extension},
                f"Read {extension} files",
            )
        )
    if facts.broken_captions:
        names = ", ".join(facts.broken_captions[:5])
        found.append(
            Finding(
                "broken-captions",
                "error" if facts.is_sd_scripts else "warning",
                f"{len(facts.broken_captions)} caption files are empty or not UTF-8: {names}.",
                "sd-scripts ends when it meets one.",
                fix_label="Write a caption into them, or delete them",
            )
        )
    return found
