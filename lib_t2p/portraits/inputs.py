"""Pictures that a person gives to a series: copied, upright and free of EXIF and GPS."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps

from lib_t2p.errors import FaultsError, InputError
from lib_t2p.files import write_bytes
from lib_t2p.pictures import open_picture
from lib_t2p.portraits.plan import PortraitPlan
from lib_t2p.workspace import PortraitsFolder

MOST_SIDE = 8192


def with_inputs_kept(folder: PortraitsFolder, plan: PortraitPlan) -> PortraitPlan:
    """Copy the pictures that a plan names into its series; gives the plan with the copies.

    Raises:
        FaultsError: all that cannot be read, at once.
        WorkspaceError: the disk is full.
    """
    request, faults = plan.request, []

    def kept(path: str) -> Path:
        try:
            return keep_picture(folder.inputs, Path(path))
        except InputError as error:
            faults.append(str(error))
            return Path(path)

    scripts = tuple(
        replace(call, pictures=tuple((key, str(kept(path))) for key, path in call.pictures))
        for call in request.scripts
    )
    start = request.start
    if start:
        path = kept(start.path)
        if not faults:
            start = replace(start, path=str(path), print=path.stem)
    if faults:
        raise FaultsError("These pictures cannot be used", faults)
    return replace(plan, request=replace(request, scripts=scripts, start=start))


def keep_picture(inputs: Path, path: Path) -> Path:
    """Copy one picture as PNG, named after its content.

    Raises:
        InputError: it is gone, no picture, or too large.
    """
    png = _plain_png(path)
    target = inputs / f"{hashlib.sha256(png).hexdigest()}.png"
    if not target.exists():
        write_bytes(target, png)
    return target


def picture_stem(path: Path) -> str:
    """The name that `keep_picture` gives the copy of a picture; raises as it does."""
    return hashlib.sha256(_plain_png(path)).hexdigest()


def _plain_png(path: Path) -> bytes:
    try:
        with open_picture(path) as opened:
            if max(opened.size) > MOST_SIDE:
                raise InputError(f"{path} is larger than {MOST_SIDE} px: make it smaller.")
            upright = opened.convert("RGB")
            ImageOps.exif_transpose(upright, in_place=True)
            plain = Image.new("RGB", upright.size)
            plain.paste(upright)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"{path} cannot be read as a picture: choose another one.") from error
    buffer = io.BytesIO()
    plain.save(buffer, "PNG")
    return buffer.getvalue()
