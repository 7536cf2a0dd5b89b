"""The backend for `.mlpackage` files: Apple's runtime on a Mac, the portable one elsewhere."""

from pathlib import Path

import numpy as np

from videostyle.backends.base import check_frames
from videostyle.coreml.native import NativeModel, is_native
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import ConfigError
from videostyle.models.tensorflow import import_tensorflow, limit_threads


class CoreMLBackend:
    """Runs a Core ML package, one frame at a time: its batch is 1."""

    name = "coreml"

    def __init__(self, model: Path, compute_units: str = "all", threads: int | None = None) -> None:
        """Load a package.

        Args:
            model: the `.mlpackage`.
            compute_units: one of `COMPUTE_UNITS`; only Apple's runtime has a choice.
            threads: processor threads that the portable runtime may use, or None.

        Raises:
            ConfigError: compute units were chosen, and this isn't a Mac.
            ModelLoadError: the package can't be used.
            MissingDependencyError: coremltools isn't installed.
        """
        if not is_native() and compute_units != "all":
            raise ConfigError(f"compute units '{compute_units}' can be chosen on macOS only")
        self._model: NativeModel | PortableModel
        if is_native():
            self._model = NativeModel(model, compute_units)
            self.description = f"coreml (Apple's runtime, compute units: {compute_units})"
        else:
            limit_threads(import_tensorflow("coreml"), threads)
            self._model = PortableModel(model)
            self.description = (
                f"coreml (portable runtime on TensorFlow, not Apple's; "
                f"{self._model.program.kind} weights, float arithmetic)"
            )

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        check_frames(frames)
        return np.stack([self._model.predict(frame) for frame in frames])
