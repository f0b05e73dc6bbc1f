from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from generation_fakes import make_plan

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.plan_files import GridPlan
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores
from lib_t2p.scores.verdict.summaries import Candidate
from lib_t2p.scores.verdict.verdict import judge
from lib_t2p.workspace.person import PersonFolder

REAL = RealPhotos(3, 10, 0, (0.3, 0.32, 0.35, 0.4), (0.2, 0.22, 0.25, 0.3, 0.35), False)


def _plan(
    person: PersonFolder, stems: tuple[str, ...] = ("e05", "e06"), seeds: int = 8
) -> GridPlan:
    return make_plan(
        person,
        models=tuple(GridModel(Path(stem), stem) for stem in stems),
        x=Axis("saved_model", stems),
        y=Axis("lora_weight", (1.0,)),
        prompts=("photo of {trigger}",),
        seeds=tuple(range(1, seeds + 1)),
    )


def _scores(
    plan: GridPlan,
    means: dict[str, float],
    *,
    noise: float = 0.02,
    faces: dict[str, int] | None = None,
    near: float = 0.5,
    seed: int = 0,
    real: RealPhotos = REAL,
) -> Scores:
    """Distances around `means` (stem -> distance); `faces` limits a stem's pictures with a face."""
    rng = np.random.default_rng(seed)
    shared = 0.05 * rng.standard_normal(len(plan.seeds))
    cells = []
    for stem, mean in means.items():
        for n, picture_seed in enumerate(plan.seeds):
            distance = mean + shared[n] + noise * rng.standard_normal()
            found = n < (faces or {}).get(stem, len(plan.seeds))
            cells.append(
                CellScore(
                    id=f"{stem}{n}",
                    model=stem,
                    weight=1.0 if stem else 0.0,
                    prompt=0,
                    seed=picture_seed,
                    faces=int(found),
                    distances=(distance,) if found else None,
                    distance=distance if found else None,
                    nearest_training=near if found else None,
                    sharpness=10.0 if found else None,
                    picture="",
                )
            )
    return Scores("fake painter", "d", "e", 0.6, "r", real, tuple(cells))


def test_a_clear_winner_is_called_the_best_with_its_uncertainty(person: PersonFolder) -> None:
    plan = _plan(person)
    verdict = judge(plan, _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.4}), name="NASA portrait")
    assert verdict.best == verdict.leader == Candidate("e06", 1.0)
    assert verdict.ties == ()
    assert verdict.gained
    assert verdict.sentence.startswith("e06 at weight 1 looks most like NASA portrait (distance 0.")
    assert "95 % interval 0." in verdict.sentence
    assert "lower is closer; without LoRA 0." in verdict.sentence


def test_equal_models_are_named_as_ties(person: PersonFolder) -> None:
    plan = _plan(person)
    verdict = judge(plan, _scores(plan, {"": 0.8, "e05": 0.4, "e06": 0.4}))
    assert verdict.best is None
    assert len(verdict.ties) == 1
    assert "comes closest to nasa-portrait" in verdict.sentence
    assert "cannot be told apart from" in verdict.sentence
    assert "on 8 pictures" in verdict.sentence


def test_equal_models_seldom_have_a_best_one(person: PersonFolder) -> None:
    stems = ("e01", "e02", "e03", "e04")
    plan = _plan(person, stems)
    means = {"": 0.8, **dict.fromkeys(stems, 0.4)}
    verdicts = [judge(plan, _scores(plan, means, seed=n)) for n in range(60)]
    assert sum(v.best is not None for v in verdicts) <= 3


def test_many_ties_are_counted(person: PersonFolder) -> None:
    stems = tuple(f"e{n:02d}" for n in range(1, 8))
    plan = _plan(person, stems)
    verdict = judge(plan, _scores(plan, {"": 0.8, **dict.fromkeys(stems, 0.4)}, noise=0.05))
    assert len(verdict.ties) == 6
    assert "and 3 more on 8 pictures" in verdict.sentence


def test_a_model_that_is_no_closer_than_no_lora_is_not_the_best(person: PersonFolder) -> None:
    plan = _plan(person, ("e05",))
    verdict = judge(plan, _scores(plan, {"": 0.8, "e05": 0.8}))
    assert verdict.best is None
    assert verdict.gained is False
    assert "no difference from no LoRA was seen" in verdict.sentence


def test_few_faces_keep_a_close_model_from_leading(person: PersonFolder) -> None:
    plan = _plan(person)
    scores = _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}, faces={"e06": 6})
    verdict = judge(plan, scores)
    assert verdict.leader == Candidate("e05", 1.0)
    assert any("fewer than 80%" in n and "e06 at weight 1" in n for n in verdict.notes)


def test_no_faces_at_all_give_no_recommendation(person: PersonFolder) -> None:
    plan = _plan(person)
    scores = _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}, faces={"e05": 2, "e06": 0})
    verdict = judge(plan, scores)
    assert verdict.leader is verdict.best is None
    assert "No saved model can be recommended: a face was found in at most 25%" in verdict.sentence


def test_too_few_pictures_decide_nothing(person: PersonFolder) -> None:
    plan = _plan(person, seeds=2)
    verdict = judge(plan, _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}))
    assert verdict.best is None
    assert verdict.gained is None
    assert "too few seeds for an interval" in verdict.sentence
    assert "too few seeds to compare with no LoRA" in verdict.sentence


def test_no_face_without_lora_is_said(person: PersonFolder) -> None:
    plan = _plan(person)
    scores = _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}, faces={"": 0})
    verdict = judge(plan, scores)
    assert verdict.best == Candidate("e06", 1.0)
    assert verdict.sentence.endswith("no face was found without LoRA).")


def test_faces_missing_without_lora_are_noted(person: PersonFolder) -> None:
    plan = _plan(person)
    scores = _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}, faces={"": 3})
    verdict = judge(plan, scores)
    assert "too few seeds to compare with no LoRA" in verdict.sentence
    assert any("found in 3 of 8" in note for note in verdict.notes)


@pytest.mark.parametrize(
    ("near", "words"), [(0.5, "No sign of memorisation"), (0.1, "Left out for memorisation: e05")]
)
def test_memorisation_is_judged_by_the_real_photos(
    person: PersonFolder, near: float, words: str
) -> None:
    plan = _plan(person)
    verdict = judge(plan, _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.4}, near=near))
    assert verdict.memorisation.startswith(words)
    assert verdict.candidates[1].memorised == (0 if near > 0.2 else 8)


def test_variants_of_one_photo_leave_memorisation_unjudged(person: PersonFolder) -> None:
    plan = _plan(person)
    real = replace(REAL, heldout_are_variants=True)
    verdict = judge(plan, _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.4}, near=0.01, real=real))
    assert "not judged by the faces: the held-out photos are variants" in verdict.memorisation
    assert verdict.candidates[1].memorised is None


def test_the_spread_between_seeds_is_within_prompts(person: PersonFolder) -> None:
    plan = _plan(person, ("e05",), seeds=4)
    scores = _scores(plan, {"": 0.8, "e05": 0.5}, noise=0.0)
    values = [c.distance for c in scores.cells if c.model and c.distance is not None]
    spread = judge(plan, scores).candidates[0].seed_spread
    assert spread is not None
    assert math.isclose(spread, float(np.std(values)))


def _with(scores: Scores, stem: str, **numbers: float) -> Scores:
    cells = [replace(c, **numbers) if c.model == stem else c for c in scores.cells]  # type: ignore[arg-type]
    return replace(scores, cells=tuple(cells))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"repeated": 0.5}, "50% of the pairs of its seeds show the same picture"),
        ({"copied": 0.9}, "100% of its pictures show a training photo again"),
    ],
)
def test_a_model_that_repeats_photos_is_never_the_best(
    person: PersonFolder, numbers: dict[str, float], words: str
) -> None:
    plan = _plan(person)
    scores = _with(_scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}), "e06", **numbers)
    verdict = judge(plan, scores)
    assert verdict.leader == Candidate("e05", 1.0)
    assert [candidate for candidate, _ in verdict.barred] == [Candidate("e06", 1.0)]
    assert any(words in note for note in verdict.notes)
    assert "Left out for memorisation: e06 at weight 1." in verdict.memorisation


def test_pictures_that_are_alike_without_lora_too_say_nothing_against_a_model(
    person: PersonFolder,
) -> None:
    plan = _plan(person)
    scores = _with(_scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}), "e06", repeated=0.9)
    assert judge(plan, _with(scores, "", repeated=0.8)).leader == Candidate("e06", 1.0)


def test_a_model_that_repeats_at_full_weight_is_left_out_at_lower_ones(
    person: PersonFolder,
) -> None:
    plan = replace(_plan(person), y=Axis("lora_weight", (0.7, 1.0)))
    scores = _with(_scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}), "e06", repeated=0.9)
    lower = [replace(c, weight=0.7, repeated=0.0, id=f"{c.id}w") for c in scores.cells if c.model]
    verdict = judge(plan, replace(scores, cells=(*scores.cells, *lower)))
    assert verdict.leader is not None
    assert verdict.leader.model == "e05"
    reasons = dict(verdict.barred)
    assert reasons[Candidate("e06", 0.7)] == "it repeats photos at weight 1"


def test_within_the_spread_of_real_photos_variety_decides(person: PersonFolder) -> None:
    plan = _plan(person)
    real = replace(REAL, distances=(0.3, 0.35, 0.4, 0.45, 0.5))
    scores = _scores(plan, {"": 0.8, "e05": 0.40, "e06": 0.3}, noise=0.005, real=real)
    verdict = judge(plan, _with(_with(scores, "e05", copied=0.2), "e06", copied=0.7))
    assert verdict.leader == Candidate("e05", 1.0)
    assert verdict.ties == (Candidate("e06", 1.0),)
    assert any("as near to nasa-portrait as real photos are" in note for note in verdict.notes)


def test_outside_the_spread_of_real_photos_the_nearest_is_taken(person: PersonFolder) -> None:
    plan = _plan(person)
    real = replace(REAL, distances=(0.1, 0.12, 0.11, 0.13, 0.12))
    scores = _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.5}, real=real)
    verdict = judge(plan, _with(_with(scores, "e05", copied=0.2), "e06", copied=0.7))
    assert verdict.leader == Candidate("e06", 1.0)


def test_one_seed_has_no_interval_and_says_so(person: PersonFolder) -> None:
    plan = _plan(person, seeds=1)
    verdict = judge(plan, _scores(plan, {"": 0.8, "e05": 0.6, "e06": 0.3}))
    assert verdict.best is None
    assert any(note.startswith("1 seed cannot show how much is chance") for note in verdict.notes)


def test_only_copying_models_give_no_recommendation(person: PersonFolder) -> None:
    plan = _plan(person, ("e06",))
    scores = _with(_scores(plan, {"": 0.8, "e06": 0.3}), "e06", repeated=0.9)
    verdict = judge(plan, scores)
    assert verdict.leader is None
    assert "e06 at weight 1 repeat" in verdict.sentence
