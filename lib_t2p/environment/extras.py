"""Packages that only some settings need, and `env add`, which installs one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.environment.borrowing import (
    borrow,
    borrowed,
    give_back,
    name_operators,
    names_operators,
)
from lib_t2p.environment.builder import Builder, Note
from lib_t2p.environment.definitions import ROOT, Environment, Paths, Stage
from lib_t2p.environment.sd_environment import NO_DEPS, Places
from lib_t2p.environment.sd_scripts import environment_fault
from lib_t2p.environment.tags import tag_named
from lib_t2p.errors import SetupError


@dataclass(frozen=True)
class Extra:
    """A package that an option of sd-scripts asks for.

    Attributes:
        package: what it is called by pip.
        module: what Python imports.
        pin: how it is installed; empty when `env add` cannot, since it depends on the torch there
            or has to be compiled.
        options: of pip; what it needs beside itself is there already unless they are empty.
    """

    package: str
    module: str
    pin: str = ""
    options: tuple[str, ...] = NO_DEPS


EXTRAS = {
    extra.package: extra
    for extra in (
        Extra("bitsandbytes", "bitsandbytes", "bitsandbytes>=0.44"),
        Extra("lycoris_lora", "lycoris", "lycoris_lora>=3.1"),
        Extra("schedulefree", "schedulefree", "schedulefree==1.4"),
        Extra("lion_pytorch", "lion_pytorch", "lion-pytorch"),
        Extra("dadaptation", "dadaptation", "dadaptation==3.2"),
        Extra("prodigyopt", "prodigyopt", "prodigyopt"),
        Extra("prodigy-plus-schedule-free", "prodigyplus", "prodigy-plus-schedule-free"),
        Extra("came_pytorch", "came_pytorch", "came-pytorch"),
        Extra("pytorch_optimizer", "pytorch_optimizer", "pytorch_optimizer"),
        Extra("wandb", "wandb", "wandb", ()),
        Extra("xformers", "xformers"),
        Extra("deepspeed", "deepspeed"),
        Extra("apex", "apex"),
        Extra("intel_extension_for_pytorch", "intel_extension_for_pytorch"),
        Extra("onnxruntime", "onnxruntime"),
        Extra("tvm", "tvm"),
    )
}
"""By pip's name."""

INSTALLABLE = tuple(extra.package for extra in EXTRAS.values() if extra.pin)


def extra_of(module: str) -> Extra:
    """The package of a top-level module; one of the same name when it is not known."""
    known = {extra.module: extra for extra in EXTRAS.values()}
    return known.get(module, Extra(module, module))


def add_command(package: str, tag: str) -> str:
    """What to type to install a package into our environment of a tag."""
    return f"t2p.py env add {package} {tag}"


def add_package(package: str, tag: str, builder: Builder | None = None, root: Path = ROOT) -> Path:
    """Install a package into our own environment of a tag, and nothing else of it.

    Args:
        package: one of `INSTALLABLE`.
        tag: of sd-scripts.
        builder: does the installing.
        root: holds `.envs/`.

    Returns:
        The environment's folder.

    Raises:
        SetupError: no such package or tag, the environment is not ready, or pip could not.
    """
    extra = EXTRAS.get(package)
    if extra is None or not extra.pin:
        known = ", ".join(INSTALLABLE)
        raise SetupError(f"{package} cannot be added: choose one of {known}.")
    places = Places(tag_named(tag).name, root)
    fault = environment_fault(places.tag, root)
    if fault:
        raise SetupError(
            f"{fault}: run `t2p.py env build {places.tag}` first. Packages are added to our own "
            "environment only; one that you named yourself is yours to change."
        )
    builder = builder or Builder()
    loan = borrowed(places.env)
    stage = Stage(extra.package, options=_options(extra, places), packages=(extra.pin,))
    name = f"sd-scripts-{places.tag}"
    # The stamp of its own says that this package is there; the environment keeps its other one.
    environment = Environment(f"{name}-{extra.package}", name, (stage,))

    def hide(paths: Paths, _note: Note) -> None:
        give_back(paths.folder)

    operators = names_operators(places.env)

    def show(paths: Paths, _note: Note) -> None:
        if loan:
            borrow(paths.folder, loan)
        if operators:
            name_operators(paths.folder)

    paths = Paths(root, environment)
    paths.stamp.unlink(missing_ok=True)
    try:
        replace(builder, root=root, prepare=hide, complete=show).ensure(environment)
    finally:
        show(paths, lambda _line: None)
    return places.env


def _options(extra: Extra, places: Places) -> tuple[str, ...]:
    """pip may add what a package needs, but must not change what the tag pins."""
    if extra.options:
        return extra.options
    pins = places.root / "requirements" / f"sd-scripts-{places.tag}.txt"
    return ("--constraint", str(pins))
