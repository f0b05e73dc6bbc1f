"""Finding model files inside installed packages without importing the packages."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from lib_t2p.errors import SetupError


def require_module(module: str, package: str) -> None:
    """Raise a `SetupError` that names `package` when `module` is not installed."""
    if find_spec(module) is None:
        raise SetupError(_missing(package))


def model_file(module: str, package: str, inside: str) -> Path:
    """Path of a file that `package` ships.

    The module is located, never imported: its own imports (TensorFlow, pkg_resources) are not
    wanted here.

    Args:
        module: top-level module of the package.
        package: name on the package index, for the error.
        inside: path of the file below the module's folder, with `/`.

    Raises:
        SetupError: the package or the file is missing.
    """
    spec = find_spec(module)
    if spec is None or not spec.origin:
        raise SetupError(_missing(package))
    path = Path(spec.origin).parent.joinpath(*inside.split("/"))
    if not path.is_file():
        raise SetupError(
            f"The package {package} lacks its file {inside}: repair the core environment."
        )
    return path


def _missing(package: str) -> str:
    return f"The package {package} is not installed: repair the core environment (t2p.py repair)."
