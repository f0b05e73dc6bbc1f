"""Identity of a face by OpenCV's SFace, when the person has its file."""

from __future__ import annotations

from math import sqrt
from typing import Any

import cv2
import numpy as np

from lib_t2p.vision.faces.alignment import aligned_face, unit
from lib_t2p.vision.faces.model_files import SFACE, ModelFile, unusable
from lib_t2p.vision.results import Embedding, Face, Picture

SAME_COSINE = 0.363
"""OpenCV's own threshold for "the same person" (`objdetect/face_recognize` tutorial, on LFW)."""


class SFaceEmbedder:
    """128 numbers of length 1 per face; distances are Euclidean, 0 to 2.

    The identity is the mean of the face's and of its mirror image's, as dlib's is here.
    """

    same_person = sqrt(2 - 2 * SAME_COSINE)

    def __init__(self, file: ModelFile) -> None:
        self.name = f"sface-mirrored {file.mark}"
        content = np.frombuffer(file.content, np.uint8)
        try:
            self._net: Any = cv2.FaceRecognizerSF.create("onnx", content, np.zeros(0, np.uint8))
        except cv2.error as error:
            raise unusable(file, SFACE, str(error)) from error
        self._file = file

    def embed(self, picture: Picture, face: Face) -> Embedding:
        """The identity of one face.

        Args:
            picture: RGB uint8, height x width x 3.
            face: in pixels of `picture`.

        Returns:
            Shape (128,), float32, length 1.
        """
        chip = cv2.cvtColor(aligned_face(picture, face), cv2.COLOR_RGB2BGR)
        both = (chip, np.ascontiguousarray(chip[:, ::-1]))
        try:
            # The network's own memory is handed out: the second call would write over the first.
            vectors = [unit(self._net.feature(one).copy()) for one in both]
        except cv2.error as error:
            raise unusable(self._file, SFACE, str(error)) from error
        return unit(np.mean(vectors, axis=0))
