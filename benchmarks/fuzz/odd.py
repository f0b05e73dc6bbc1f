"""Odd texts, numbers and bytes, and changes of good ones; all as strategies of hypothesis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from benchmarks.fuzz.changing import near_to, near_to_bytes, near_to_text
from benchmarks.fuzz.oddities import ODD_NUMBERS, ODD_TEXTS


def _deep(depth: int, kind: str) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value] if kind == "list" else {"a": value}
    return value


texts: SearchStrategy[str] = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=40),
    st.lists(st.sampled_from(ODD_TEXTS), min_size=1, max_size=4).map("".join),
)
"""Texts, half letters included."""

numbers: SearchStrategy[Any] = st.one_of(
    st.sampled_from(ODD_NUMBERS), st.integers(), st.floats(), st.integers(-5, 5000)
)

scalars: SearchStrategy[Any] = st.one_of(st.none(), st.booleans(), numbers, texts)

values: SearchStrategy[Any] = st.one_of(
    scalars,
    st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)
        ),
        max_leaves=8,
    ),
    st.sampled_from([_deep(300, "list"), _deep(300, "dict"), [], {}, [[]], {"": None}]),
)
"""What JSON can hold."""


_luck = st.randoms(use_true_random=True)
"""Seeded by hypothesis; what comes of it is kept as an input, so it need not shrink."""
_odd = st.tuples(texts, numbers, values)


def near(good: Sequence[Any]) -> SearchStrategy[Any]:
    """Values of JSON near these: one thing or several in them are exchanged, dropped or added."""
    return st.builds(
        near_to, st.sampled_from(list(good)), _luck, st.lists(_odd, min_size=1, max_size=2)
    )


def near_text(good: Sequence[str]) -> SearchStrategy[str]:
    """Texts near these, and any others."""
    changed = st.builds(
        near_to_text,
        st.sampled_from(list(good)),
        _luck,
        st.lists(texts, min_size=1, max_size=3),
    )
    return st.one_of(changed, changed, texts)


def near_json(good: Sequence[Any]) -> SearchStrategy[str]:
    """Texts of JSON near these values, and such texts damaged."""
    made = near(good).map(lambda value: json.dumps(value, ensure_ascii=False))
    return st.one_of(made, made, near_text([json.dumps(value, indent=1) for value in good]))


def near_bytes(good: Sequence[bytes]) -> SearchStrategy[bytes]:
    """Bytes near these: some are turned, cut, doubled or moved; and any others."""
    changed = st.builds(near_to_bytes, st.sampled_from(list(good)), _luck)
    return st.one_of(changed, changed, changed, st.binary(max_size=80))
