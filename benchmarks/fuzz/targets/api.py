"""Every route of the API, as its own description lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from benchmarks.fuzz import planted
from benchmarks.fuzz.asking import JOBS, Refused, asked
from benchmarks.fuzz.changing import each_odd
from benchmarks.fuzz.odd import near, near_bytes, texts, values
from benchmarks.fuzz.oddities import ODD_NUMBERS, ODD_TEXTS
from benchmarks.fuzz.target import Target
from lib_t2p.api.interface import api_app
from lib_t2p.hosts.standalone.studio_host import TINY_BASE, TINY_TITLE, StudioHost
from lib_t2p.workspace.person import Workspace

ODD = (*ODD_TEXTS, *ODD_NUMBERS, None, [], {}, [None], {"a": 1}, [1] * 1000, "x" * 100_000)

PLACES: dict[str, tuple[str, ...]] = {
    "person": (planted.PERSON,),
    "run": (planted.RUN,),
    "grid": (planted.GRID,),
    "sweep": (planted.SWEEP,),
    "series": (planted.SERIES,),
    "number": ("1", "0", "-1", "9" * 30, "1.5"),
    "other": ("1", "2"),
    "job": JOBS,
}
"""Parts of paths that name something; else any text."""

GOOD: dict[str, Any] = {
    "checkpoint": TINY_TITLE,
    "models": list(planted.STEMS),
    "prompts": ["photo of {trigger}"],
    "prompt": "photo of {trigger} {a|b}",
    "seeds": [1, 2],
    "trigger": "ohwx",
    "class_word": "woman",
    "consent": "she said yes",
    "settings": {"network_dim": 4, "max_train_epochs": 2, "resolution": "64,64"},
    "options": {"resolution": 512, "framing": "face", "repeats": 10},
    "dataset_options": {"resolution": 512},
    "recipe": "demo",
    "axes": {"network_dim": [4, 8]},
    "photo": planted.PHOTOS[0],
    "photos": [planted.PHOTOS[0]],
    "sources": [str(TINY_BASE)],
    "box": [0.0, 0.0, 300.0, 300.0],
    "verb": "leave_out",
    "kind": "lora_weight",
    "values": "0.1-0.3 (+0.1)",
    "caption": "photo of {token} {class}",
    "kind of CaptionEdit": "regex",
    "prompt of NewClassImages": "photo of {class_word}",
    "how": "host",
    "x": "cfg=1-7 (+3)",
    "weights": [0.9],
    "picture": planted.PICTURE,
    "other": JOBS[1],
    "sampler": "grid",
    "folder": "/nowhere/model",
    "mode": "product",
    "when": "now",
    "until": "07:30",
    "to": "front",
    "name of Keeping": planted.STEMS[0],
    "place": "kept",
    "width": 64,
    "height": 64,
    "finish_by": 1e10,
    "agreed": 0,
    "face": 0,
    "weight": 0.8,
    "trainer": "builtin",
    "repeats": 2,
}
"""Values that a route takes, by the name of the field."""


def targets() -> list[Target]:
    """One for each method of each path."""
    from pathlib import Path

    schema = api_app(StudioHost(Workspace(Path("nowhere")))).openapi()
    return [
        Target(
            f"{method.upper()} {path}",
            _inputs(schema, method, path, told),
            asked,
            allowed=(Refused,),
            listed=partial(_listed, schema, method, path, told),
            renewed=300,
            fixed=2,
        )
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    ]


def _listed(schema: Any, method: str, path: str, told: Any) -> Iterator[list[Any]]:
    """Each part of a good path and of a good body exchanged for each oddity."""
    good = re.sub(r"\{(\w+)\}", lambda part: PLACES.get(part[1], ("x",))[0], path)
    for name in re.findall(r"\{(\w+)\}", path):
        for odd in ODD_TEXTS:
            yield [method.upper(), _filled(path, name, odd), {}, {}]
    if "requestBody" in told:
        kind = told["requestBody"]["content"]["application/json"]["schema"]
        for body in each_odd(_example(schema, kind, whole=True), ODD):
            yield [method.upper(), good, {}, body]


def _filled(path: str, name: str, odd: str) -> str:
    known = {**{n: places[0] for n, places in PLACES.items()}, name: odd}
    return re.sub(r"\{(\w+)\}", lambda part: known.get(part[1], "x"), path)


def _inputs(schema: Any, method: str, path: str, told: Any) -> SearchStrategy[Any]:
    queries = {
        p["name"]: st.one_of(texts, values)
        for p in told.get("parameters", ())
        if p["in"] == "query"
    }
    query = st.fixed_dictionaries({}, optional=queries)
    return st.tuples(st.just(method.upper()), _paths(path), query, _bodies(schema, told)).map(list)


def _paths(path: str) -> SearchStrategy[str]:
    parts = re.split(r"\{(\w+)\}", path)
    strategies: list[SearchStrategy[str]] = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            strategies.append(st.just(part))
            continue
        known = st.sampled_from(PLACES.get(part, ("x",)))
        strategies.append(st.one_of(known, known, known, known, texts))
    return st.tuples(*strategies).map("".join)


def _bodies(schema: Any, told: Any) -> SearchStrategy[Any]:
    if "requestBody" not in told:
        return st.one_of(st.none(), st.none(), values)
    kind = told["requestBody"]["content"]["application/json"]["schema"]
    full = _example(schema, kind, whole=True)
    good = [full, full, _example(schema, kind, whole=False)]
    import json

    raw = near_bytes([json.dumps(one).encode("utf-8") for one in good])
    return st.one_of(near(good), near(good), near(good), near(good), st.sampled_from(good), raw)


def _example(schema: Any, kind: Any, *, whole: bool, name: str = "", of: str = "") -> Any:
    if "$ref" in kind:
        kind = schema["components"]["schemas"][kind["$ref"].rpartition("/")[2]]
    if "allOf" in kind:
        return _example(schema, kind["allOf"][0], whole=whole, name=name)
    if "properties" in kind:
        needed = kind["properties"] if whole else kind.get("required", ())
        parts = {one: kind["properties"][one] for one in needed}
        return {
            one: _example(schema, part, whole=whole, name=one, of=kind["title"])
            for one, part in parts.items()
        }
    if f"{name} of {of}" in GOOD or name in GOOD:
        return GOOD.get(f"{name} of {of}", GOOD.get(name))
    if "default" in kind:
        return kind["default"]
    if "anyOf" in kind:
        return _example(schema, kind["anyOf"][0], whole=whole, name=name)
    plain = {"string": "x", "integer": 1, "number": 1.0, "boolean": False, "array": []}
    return plain.get(kind.get("type", ""), {})
