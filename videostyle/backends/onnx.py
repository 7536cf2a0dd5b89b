"""The backend for ONNX networks: OpenVINO reads and runs them."""

from pathlib import Path

import numpy as np

from videostyle.backends.base import check_frames
from videostyle.graphs.levels import levels_words
from videostyle.graphs.openvino import import_openvino
from videostyle.graphs.reading import Reading
from videostyle.onnx.model import OnnxModel


class OnnxBackend:
    """Runs an ONNX network, several frames side by side."""

    name = "openvino"

    def __init__(
        self,
        model: Path,
        precision: str = "auto",
        threads: int | None = None,
        reading: Reading | None = None,
    ) -> None:
        """Read a network.

        Args:
            model: the `.onnx` file.
            precision: auto (fp32, since what a stranger's network bears is not known), fp32 or
                bf16.
            threads: of the processor that it may use, or None.
            reading: what the user says about a network that says too little.

        Raises:
            ModelLoadError: the file can't be used.
            MissingDependencyError: OpenVINO isn't installed.
        """
        precision = "fp32" if precision == "auto" else precision
        self._model = OnnxModel(model, reading, threads, precision)
        self.frames_at_once = self._model.frames_at_once
        version = import_openvino().__version__.split("-")[0]
        self.description = f"openvino {version} on CPU in {precision}{levels_words(self._model)}"

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        check_frames(frames)
        return self._model.stylize(frames)
