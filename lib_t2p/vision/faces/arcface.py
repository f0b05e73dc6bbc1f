"""Identity of a face by an insightface recognition model (ONNX), when the person has its file.

J. Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition" (2019). Such files
take aligned faces of 112 x 112 pixels, RGB, (value - 127.5) / 127.5; ones converted from MXNet do
that arithmetic themselves.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from lib_t2p.vision.faces.alignment import SIDE, aligned_face, unit
from lib_t2p.vision.faces.model_files import ARCFACE, ModelFile, unusable
from lib_t2p.vision.faces.package_files import require_module
from lib_t2p.vision.results import Embedding, Face, Picture

SAME_COSINE = 0.28
"""From which insightface's own example calls two faces the same person's."""
_OPERATION = b'"'
"""Tag of `op_type` in ONNX's NodeProto: field 4, with a length."""


class ArcFaceEmbedder:
    """Mostly 512 numbers of length 1 per face; distances are Euclidean, 0 to 2.

    The identity is the mean of the face's and of its mirror image's, as dlib's is here.
    """

    same_person = sqrt(2 - 2 * SAME_COSINE)

    def __init__(self, file: ModelFile) -> None:
        require_module("onnxruntime", "onnxruntime")
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as state

        self.name = f"arcface-mirrored {file.mark}"
        options = onnxruntime.SessionOptions()
        # The same numbers whatever the machine's cores; cells are shared out among processes.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._net: Any = onnxruntime.InferenceSession(
                file.content, options, providers=["CPUExecutionProvider"]
            )
        except (
            state.Fail,
            state.InvalidProtobuf,
            state.InvalidGraph,
            state.NotImplemented,
        ) as error:
            raise unusable(file, ARCFACE, str(error)) from error
        self._input = self._net.get_inputs()[0]
        if list(self._input.shape[1:]) != [3, SIDE, SIDE]:
            raise unusable(file, ARCFACE, f"it takes {self._input.shape}, not (n, 3, 112, 112)")
        self._scaled = _scales_itself(file.content)

    def embed(self, picture: Picture, face: Face) -> Embedding:
        """The identity of one face.

        Args:
            picture: RGB uint8, height x width x 3.
            face: in pixels of `picture`.

        Returns:
            Shape (size,), float32, length 1.
        """
        chip = aligned_face(picture, face).astype(np.float32)
        values = chip if self._scaled else (chip - 127.5) / 127.5
        # One at a time: many such files have a fixed batch of 1.
        vectors = [
            unit(self._net.run(None, {self._input.name: np.ascontiguousarray(one)})[0])
            for one in (v.transpose(2, 0, 1)[None] for v in (values, values[:, ::-1]))
        ]
        return unit(np.mean(vectors, axis=0))


def _scales_itself(content: bytes) -> bool:
    """Whether the file subtracts and multiplies before its first convolution."""
    before = content[: content.find(_OPERATION + b"\x04Conv")]
    return _OPERATION + b"\x03Sub" in before and _OPERATION + b"\x03Mul" in before
