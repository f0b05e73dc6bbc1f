"""Other people's extensions inside the WebUI: whether they are there, and how they are asked.

Read in the source of AUTOMATIC1111 1.6 to 1.10 and Forge: an always-on script finds its arguments
in `p.script_args` between its `args_from` and `args_to`.
"""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lib_t2p.errors import PaintingError
from lib_t2p.json_io import loads
from lib_t2p.painting import ADETAILER, CONTROLNET, CellRequest, Extension, ScriptCall

_NO_UNIT = {"enabled": False}
"""Forge takes nothing but units in ControlNet's places."""


def extensions_there() -> dict[str, Extension]:
    """ControlNet and ADetailer with what they list, if the WebUI has them."""
    found: dict[str, Extension] = {}
    for title, lists in ((CONTROLNET, _controlnet_lists), (ADETAILER, _adetailer_lists)):
        script = _script(_runner(img2img=False), title)
        if script is not None:
            found[title] = lists(script)
    return found


def script_faults(request: CellRequest) -> list[str]:
    """Why the extensions of a request cannot take part."""
    there = extensions_there() if request.scripts else {}
    faults = []
    for call in request.scripts:
        if call.title not in there:
            faults.append(
                f"{call.title} is not installed in the WebUI: install it, or leave it out."
            )
            continue
        models = there[call.title].models
        faults += [
            f"{call.title} lists no model {model!r}: put it into its folder, or choose another one."
            for model in _models_of(call)
            if model not in models
        ]
        faults += [
            f"The picture {path} for {call.title} is gone: choose another one."
            for _, path in call.pictures
            if not Path(path).is_file()
        ]
    return faults


def attach_scripts(job: Any, request: CellRequest) -> None:
    """Let the extensions of a request take part in a job of the WebUI, and no others.

    Raises:
        PaintingError: one of them is not there.
    """
    if not request.scripts:
        return
    whole = _runner(img2img=request.start is not None)
    scripts = [_found(whole, call.title) for call in request.scripts]
    runner = copy.copy(whole)
    runner.alwayson_scripts = scripts
    # Filled as methods are called; shared with the page's own runner otherwise.
    if hasattr(runner, "callback_map"):
        runner.callback_map = {}
    args: list[Any] = [None] * max(script.args_to for script in scripts)
    args[0] = 0
    for script, call in zip(scripts, request.scripts, strict=True):
        args[script.args_from : script.args_to] = _filled(script, call)
    job.scripts = runner
    job.script_args = tuple(args)


def _filled(script: Any, call: ScriptCall) -> list[Any]:
    given: list[Any] = loads(call.args)
    for key, path in call.pictures:
        place, name = key.split(".", 1)
        given[int(place)][name] = base64.b64encode(Path(path).read_bytes()).decode()
    places = script.args_to - script.args_from
    if len(given) > places:
        raise PaintingError(
            f"{call.title} has room for {places} and is given {len(given)}: raise the number of "
            "units in its settings."
        )
    nothing = _NO_UNIT if call.title == CONTROLNET else None
    return given + [copy.copy(nothing) for _ in range(places - len(given))]


def _models_of(call: ScriptCall) -> Iterable[str]:
    key = "model" if call.title == CONTROLNET else "ad_model"
    return [one[key] for one in loads(call.args) if isinstance(one, dict)]


def _runner(*, img2img: bool) -> Any:
    from modules import scripts

    return scripts.scripts_img2img if img2img else scripts.scripts_txt2img


def _script(runner: Any, title: str) -> Any | None:
    known: Sequence[Any] = getattr(runner, "alwayson_scripts", ())
    return next((one for one in known if str(one.title()).lower() == title.lower()), None)


def _found(runner: Any, title: str) -> Any:
    script = _script(runner, title)
    if script is None or script.args_from is None:
        raise PaintingError(f"{title} is not ready in the WebUI: open its page once.")
    return script


def _controlnet_lists(script: Any) -> Extension:
    # What the extension's own file imported; its modules have other names in each WebUI.
    names = type(script).title.__globals__
    state: Any = names["global_state"]
    if hasattr(state, "get_all_controlnet_names"):
        models, modules = state.get_all_controlnet_names(), state.get_all_preprocessor_names()
    else:
        models = list(state.cn_models)
        modules = [str(p.label) for p in names["Preprocessor"].get_sorted_preprocessors()]
    return Extension(tuple(m for m in models if m != "None"), tuple(modules))


def _adetailer_lists(script: Any) -> Extension:
    models = type(script).title.__globals__["model_mapping"]
    return Extension(tuple(m for m in models if m != "None"))
