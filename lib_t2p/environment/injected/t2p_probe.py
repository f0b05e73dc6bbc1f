"""Imports what a training imports and says how it went, one line of JSON each.

Started by an environment's own Python: `python t2p_probe.py FOLDER NAME ...`. Names of packages,
or of modules that lie in FOLDER, the checkout; FOLDER may be empty.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence

MARK = "T2P "

FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    SystemExit,
    TypeError,
    ValueError,
)
"""What packages that do not go together were seen to raise, and its kin."""


def look(name: str) -> dict[str, str]:
    """Import one module: its version, or why it cannot be imported."""
    try:
        module = importlib.import_module(name)
    except FAULTS as error:
        text = (str(error).strip().splitlines() or [""])[0]
        return {"name": name, "version": "", "error": f"{type(error).__name__}: {text}"}
    return {"name": name, "version": str(getattr(module, "__version__", "")), "error": ""}


def graphics() -> dict[str, str]:
    """What torch can compute with: `cuda`, `mps` or `cpu`."""
    torch = sys.modules.get("torch")
    if torch is None:
        return {"name": "device", "version": "", "error": ""}
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu" and torch.backends.mps.is_available():
        device = "mps"
    return {"name": "device", "version": device, "error": ""}


def main(arguments: Sequence[str]) -> None:
    """Look at every name, in their order, then at the device."""
    folder, *names = arguments
    # The folder of this file is on the path, and holds files that must not be imported.
    sys.path[0:1] = [folder] if folder else []
    found = [look(name) for name in names]
    for entry in [*found, graphics()]:
        sys.stdout.write(f"\n{MARK}{json.dumps(entry)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
