"""One side of `benchmarks.dataset_cropping`: another tool's own code, run by its own Python.

    python crop_peer.py webui|sd_scripts CHECKOUT PHOTOS TARGET FACES

Knows nothing of our package. Faces come from FACES, since neither tool's network may be here:
{file name: [left, top, right, bottom, right eye x, y, left eye x, y] in pixels of the upright
photo}. Prints the seconds that the photos took, without starting Python or importing.
"""

from __future__ import annotations

import json
import runpy
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

SIDE = 512
KEYPOINTS, RIGHT_EYE, LEFT_EYE = 28, 11, 19
"""As `tools/detect_face_rotate.py` reads them."""
Faces = dict[str, list[float]]


def webui(checkout: Path, photos: Path, target: Path, faces: Faces) -> float:
    """Open, `autocrop.crop_image` as the Extras tab's auto focal point crop calls it, save."""
    import cv2
    from PIL import Image, ImageOps

    sys.path.insert(0, str(checkout))
    stand_in("pkg_resources", parse_version=lambda text: tuple(map(int, text.split(".")[:2])))
    from modules.textual_inversion import autocrop

    # The defaults of postprocessing_focal_crop.py; the file of the network is never opened.
    settings = autocrop.Settings(SIDE, SIDE, 0.5, 0.15, 0.9, dnn_model_path="given")
    now: list[Any] = []

    class Given:
        def __init__(self, size: tuple[int, int]) -> None:
            self.scale = size[0] / now[1]

        def detect(self, _: object) -> tuple[int, Any]:
            left, top, right, bottom = (self.scale * v for v in faces[now[0]][:4])
            return 1, np.array([[left, top, right - left, bottom - top]])

    detector = type("Detector", (), {"create": lambda *given: Given(given[2])})
    setattr(cv2, "FaceDetectorYN", detector)  # noqa: B010
    began = time.perf_counter()
    for path in sorted(photos.iterdir()):
        with Image.open(path) as opened:
            image = (ImageOps.exif_transpose(opened) or opened).convert("RGB")
        now[:] = [path.name, image.width]
        autocrop.crop_image(image, settings)[0].save(target / f"{path.stem}.png")
    return time.perf_counter() - began


def sd_scripts(checkout: Path, photos: Path, target: Path, faces: Faces) -> float:
    """`detect_face_rotate.py --rotate --resize_face_size 256 --crop_size 512,512`."""
    import glob
    from argparse import Namespace

    sys.path.insert(0, str(checkout))
    # The tool will list the same folder in the same order.
    names = iter([Path(path).name for path in glob.glob(str(photos / "*.jpg"))])  # noqa: PTH207

    def detector(_: object) -> list[dict[str, Any]]:
        *box, right_x, right_y, left_x, left_y = faces[next(names)]
        points = np.zeros((KEYPOINTS, 3))
        points[RIGHT_EYE, :2], points[LEFT_EYE, :2] = (right_x, right_y), (left_x, left_y)
        return [{"bbox": [*box, 1.0], "keypoints": points}]

    stand_in("anime_face_detector", create_detector=lambda _: detector)
    tool = runpy.run_path(str(checkout / "tools" / "detect_face_rotate.py"), run_name="tool")
    options = {**vars(tool["setup_parser"]().parse_args([])), "src_dir": photos, "rotate": True}
    options |= {"dst_dir": target, "resize_face_size": SIDE // 2, "crop_size": f"{SIDE},{SIDE}"}
    began = time.perf_counter()
    tool["process"](Namespace(**options))
    return time.perf_counter() - began


def stand_in(name: str, **members: object) -> None:
    """A module where the tool imports one that is not here."""
    module = ModuleType(name)
    for member, value in members.items():
        setattr(module, member, value)
    sys.modules[name] = module


def main() -> None:
    """Run one side on a folder of photos."""
    side, checkout, photos, target = sys.argv[1], *map(Path, sys.argv[2:5])
    faces: Faces = json.loads(Path(sys.argv[5]).read_text(encoding="utf-8"))
    # What belongs to the tool's own options, not to ours.
    del sys.argv[1:]
    target.mkdir(parents=True)
    seconds = {"webui": webui, "sd_scripts": sd_scripts}[side](checkout, photos, target, faces)
    told = {"seconds": seconds, "written": len(list(target.iterdir()))}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
