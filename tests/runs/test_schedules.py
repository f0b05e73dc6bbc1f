"""Learning-rate schedules."""

from __future__ import annotations

import pytest

from lib_t2p.settings.settings import settings_from

pytest.importorskip("torch")

from lib_t2p.runs.trainers.builtin.optimizers import factor


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("constant_with_warmup", [0.0, 0.5, 1.0, 1.0, 1.0]),
        ("linear", [0.0, 0.5, 1.0, 0.5, 0.0]),
        ("cosine", [0.0, 0.5, 1.0, 0.5, 0.0]),
        ("polynomial", [0.0, 0.5, 1.0, 0.5 + 5e-8, 1e-7]),
    ],
)
def test_a_schedule_rises_then_falls(name: str, expected: list[float]) -> None:
    settings = settings_from({"lr_scheduler": name, "lr_warmup_steps": 10})
    steps = (0, 5, 10, 35, 60)
    found = [factor(s, settings=settings, warmup=10, steps=60, rate=1.0) for s in steps]
    assert found == pytest.approx(expected, abs=1e-9)


def test_schedules_equal_those_of_transformers() -> None:
    transformers = pytest.importorskip("transformers")
    import torch

    for name in ("linear", "cosine", "cosine_with_restarts", "polynomial"):
        values = {"lr_scheduler": name, "lr_scheduler_num_cycles": 3, "lr_scheduler_power": 1.0}
        settings = settings_from(values)
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.01)
        extra = {"num_cycles": 3} if name == "cosine_with_restarts" else {}
        theirs = transformers.get_scheduler(name, optimizer, 4, 30, scheduler_specific_kwargs=extra)
        for step in range(30):
            ours = 0.01 * factor(step, settings=settings, warmup=4, steps=30, rate=0.01)
            assert theirs.get_last_lr()[0] == pytest.approx(ours, abs=1e-9), (name, step)
            optimizer.step()
            theirs.step()
