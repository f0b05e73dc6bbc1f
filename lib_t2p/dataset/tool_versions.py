"""Versions of what decides over photos, for the manifest."""

from __future__ import annotations

from importlib import metadata

import lib_t2p

PACKAGES = (
    "pillow",
    "pillow-heif",
    "numpy",
    "scipy",
    "opencv-python-headless",
    "dlib-bin",
    "ImageHash",
    "onnxruntime",
)


def package_versions() -> dict[str, str]:
    """Our own version and those of the packages that are installed."""
    found = {"text-to-person": lib_t2p.__version__}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
