"""Chooses which Python, whose torch and which checkout an environment of sd-scripts gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lib_t2p.environment.borrowing import Borrowed, borrowed
from lib_t2p.environment.definitions import ROOT
from lib_t2p.environment.interpreters import (
    Version,
    check_fit,
    dotted,
    interpreter_for,
    version_of,
)
from lib_t2p.environment.lenders import Lender, lender_at, places
from lib_t2p.environment.repairing import site_packages
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.sd_scripts import Checkout, SdScripts, find_checkout
from lib_t2p.environment.tags import Tag, tag_named
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python
from lib_t2p.typed_paths import home_path

OWN = "own"
"""What a person types instead of a lender when the environment shall have its own torch."""


@dataclass(frozen=True)
class Wish:
    """What a person asked for.

    Attributes:
        tag: one of `TAGS`.
        python: an interpreter; empty leaves the choice to us.
        borrow: an environment or interpreter whose torch is borrowed, or `own`; empty leaves the
            choice to us.
        root: holds `requirements/` and `.envs/`.
        environ: the variables of the process.
        lenders: where torch may be borrowed when nobody is named, the best first.
    """

    tag: str
    python: str = ""
    borrow: str = ""
    root: Path = ROOT
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    lenders: tuple[Path, ...] | None = None


@dataclass(frozen=True)
class SetUpChoice:
    """What is going to be made.

    Attributes:
        tag: the release.
        python: the interpreter that makes the environment.
        version: (major, minor) of that.
        lender: whose torch is borrowed; None installs its own.
        why_own: why none is borrowed.
        checkout: the sd-scripts that is there already; None gets one.
    """

    tag: Tag
    python: Path
    version: Version
    lender: Lender | None
    why_own: str
    checkout: Checkout | None


def choose(wish: Wish) -> SetUpChoice:
    """Choose, by looking only.

    Raises:
        SetupError: what was asked for does not fit together; says why.
    """
    tag = tag_named(wish.tag)
    python = home_path(wish.python, SetupError) if wish.python else None
    version = version_of(python) if python else None
    if version:
        check_fit(tag, version)
    lender, why_own = _lender(wish, tag, version)
    if python is None or version is None:
        if lender:
            python, version = lender.python, lender.version
        else:
            python, version = interpreter_for(tag)
    checkout = find_checkout(tag.name, root=wish.root, environ=wish.environ)
    return SetUpChoice(tag, python, version, lender, why_own, checkout)


def _lender(wish: Wish, tag: Tag, version: Version | None) -> tuple[Lender | None, str]:
    if wish.borrow == OWN:
        return None, "you asked for a torch of its own"
    if wish.borrow:
        lender = lender_at(home_path(wish.borrow, SetupError))
        fault = lender.misfit(tag, version)
        if fault:
            raise SetupError(
                f"sd-scripts {tag.name} cannot borrow the torch of {wish.borrow}: {fault}. Name "
                f"another environment, or `--borrow-torch {OWN}`."
            )
        return lender, ""
    return _first_that_fits(wish, tag, version)


def _first_that_fits(wish: Wish, tag: Tag, version: Version | None) -> tuple[Lender | None, str]:
    reasons = []
    for place in places(wish.root) if wish.lenders is None else wish.lenders:
        try:
            lender = lender_at(place)
        except SetupError:
            reasons.append(f"{place} has no torch")
            continue
        fault = lender.misfit(tag, version)
        if not fault:
            return lender, ""
        reasons.append(f"{place} does not fit, {fault}")
    return None, "; ".join(reasons) or "there is no environment to borrow one from"


def foreign(wish: Wish) -> SdScripts | None:
    """The sd-scripts that a person made and named along with its Python: not ours to build."""
    if wish.python or wish.borrow:
        return None
    tag = tag_named(wish.tag).name
    found = find_checkout(tag, root=wish.root, environ=wish.environ)
    python = found.interpreter if found else None
    return (
        SdScripts(tag, found.folder, python, found.recognised.exact) if found and python else None
    )


def kept(wish: Wish) -> Wish:
    """The wish with what an environment that is there already was made of, where nothing is asked.

    Without this, a repair could take another torch than the build did.
    """
    env = Places(tag_named(wish.tag).name, wish.root).env
    if wish.python or wish.borrow or not env.exists():
        return wish
    loan = borrowed(env)
    if loan:
        return replace(wish, borrow=str(loan.python)) if _still_lends(loan, wish.tag) else wish
    if not any((packages / "torch").exists() for packages in site_packages(env)):
        return wish
    return replace(wish, borrow=OWN, python=str(base_python(env) or ""))


def _still_lends(loan: Borrowed, tag: str) -> bool:
    try:
        return not lender_at(loan.python).misfit(tag_named(tag))
    except SetupError:
        return False


def is_as_chosen(env: Path, choice: SetUpChoice) -> bool:
    """Whether an environment on disk has the chosen Python and torch, so that it can be kept."""
    loan = borrowed(env)
    if (loan.folder if loan else None) != (choice.lender.folder if choice.lender else None):
        return False
    return python_of(env) == choice.version and venv_python(env).exists()


def python_of(env: Path) -> Version | None:
    """The Python that a virtual environment was made with, from its `pyvenv.cfg`."""
    values = _config(env)
    numbers = values.get("version", values.get("version_info", "")).split(".")[:2]
    return (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else None


def base_python(env: Path) -> Path | None:
    """The interpreter that made a virtual environment, when it is still there."""
    values, version = _config(env), python_of(env)
    if not version or "home" not in values:
        return None
    home = Path(values["home"])
    named = [Path(values["executable"])] if "executable" in values else []
    found = [*named, home / f"python{dotted(version)}", home / "python.exe"]
    return next((python for python in found if python.is_file()), None)


def _config(env: Path) -> dict[str, str]:
    try:
        lines = (env / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}


def torch_words(choice: SetUpChoice) -> str:
    """Whose torch it will be, in words."""
    if choice.lender is None:
        return f"torch of its own, since {choice.why_own}"
    return f"torch {choice.lender.torch} of {choice.lender.folder}, Python {dotted(choice.version)}"
