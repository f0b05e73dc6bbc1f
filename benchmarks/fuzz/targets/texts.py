"""Texts that people type."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from hypothesis import strategies as st

from benchmarks.fuzz.odd import near_text, texts
from benchmarks.fuzz.target import Target, plain
from lib_t2p.actions.grids.grid_values import axes_from
from lib_t2p.actions.job_queue import clock_text, parse_when
from lib_t2p.cli.values import numbers, pairs
from lib_t2p.files import slug, slug_ending
from lib_t2p.grids.typed_axes import named_axes, typed_numbers

NOW = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
LISTED: dict[str, tuple[str | float, ...]] = {
    "saved_model": ("a",),
    "lora_weight": (0.5,),
    "prompt": (1,),
    "seed": (1,),
}


def targets() -> list[Target]:
    """One for each way to read a typed text."""
    lists = st.lists(near_text(["network_dim=4", "a.b=[1,2]", "resolution=512"]), max_size=3)
    axes = st.fixed_dictionaries(
        {"x": near_text(["cfg=1-15 (+2)", "lora_weight"]), "y": near_text(["saved_model"])},
        optional={"z": near_text(["seed", "width=64,128", "sampler=a,b"])},
    )
    rows = [
        Target("typed: name to slug", texts, plain(slug)),
        Target("typed: name with ending", texts, plain(lambda t: slug_ending(t, "verdict"))),
        Target("typed: OPTION=VALUE", lists, plain(pairs)),
        Target("typed: numbers", near_text(["1,2,3"]), plain(lambda t: numbers(t, float, "x"))),
        Target("typed: whole numbers", near_text(["1,2"]), plain(lambda t: numbers(t, int, "x"))),
        Target("typed: axes of a sweep", lists, plain(axes_from)),
        Target("typed: axes of a grid", axes, plain(lambda g: named_axes(g, LISTED, "--"))),
        Target("typed: range", near_text(["1-9 (+2)"]), plain(lambda t: typed_numbers(t, "x"))),
        Target(
            "typed: time to come",
            near_text(["22:30", "2026-11-24 22:30", "2026-11-24T22:30+02:00"]),
            plain(lambda t: clock_text(parse_when(t, NOW).timestamp(), NOW)),
        ),
    ]
    return [replace(row, typed=True) for row in rows]
