"""The backend for Core ML models: Apple's runtime on a Mac, the portable one elsewhere."""

from pathlib import Path

import numpy as np

from videostyle.backends.base import check_frames
from videostyle.coreml.native import NativeModel, is_native
from videostyle.coreml.package import Package
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import ConfigError
from videostyle.graphs.levels import levels_words
from videostyle.graphs.reading import Reading


def _choice_words(package: Package) -> str:
    return f", {package.choice}" if package.choice else ""


class CoreMLBackend:
    """Runs a Core ML model. Its batch is 1, so several frames are painted side by side."""

    name = "coreml"

    def __init__(
        self,
        model: Path,
        compute_units: str = "all",
        threads: int | None = None,
        reading: Reading | None = None,
    ) -> None:
        """Load a package.

        Args:
            model: the `.mlpackage` or `.mlmodel`.
            compute_units: one of `COMPUTE_UNITS`; only Apple's runtime has a choice.
            threads: processor threads that the portable runtime may use, or None.
            reading: what the user says about a model that says too little.

        Raises:
            ConfigError: compute units were chosen, and this isn't a Mac.
            ModelLoadError: the package can't be used.
            MissingDependencyError: coremltools isn't installed.
        """
        if not is_native() and compute_units != "all":
            raise ConfigError(f"compute units '{compute_units}' can be chosen on macOS only")
        self._model: NativeModel | PortableModel
        if is_native():
            self._model = NativeModel(model, compute_units, reading)
            self.description = (
                f"coreml (Apple's runtime, compute units: {compute_units}"
                f"{_choice_words(self._model.package)})"
            )
        else:
            self._model = PortableModel(model, reading=reading, threads=threads)
            self.frames_at_once = self._model.frames_at_once
            self.description = (
                f"coreml (portable runtime on OpenVINO, not Apple's; "
                f"{self._model.program.kind} weights, float arithmetic"
                f"{levels_words(self._model)}{_choice_words(self._model.package)})"
            )

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        check_frames(frames)
        if isinstance(self._model, PortableModel):
            return self._model.stylize(frames)
        return np.stack([self._model.predict(frame) for frame in frames])
