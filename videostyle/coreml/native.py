"""Apple's own runtime, through coremltools: on macOS only.

Written from coremltools 9.0's documentation and source, and never run, for lack of a Mac. So it is
kept as small as possible.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.coreml.convert_config import COMPUTE_UNITS
from videostyle.coreml.coremltools import import_coremltools
from videostyle.coreml.package import Package, read_package
from videostyle.coreml.runtime import check_image
from videostyle.errors import BackendError, ConfigError
from videostyle.graphs.reading import Reading

NOT_RUN = "Core ML predicts on macOS only"


def is_native() -> bool:
    """Whether Apple's runtime is available."""
    return sys.platform == "darwin"


class NativeModel:
    """A package that Apple's runtime has compiled and loaded.

    Attributes:
        package: what it says about itself.
        mlmodel: coremltools' `MLModel`.
    """

    def __init__(
        self, path: str | Path, compute_units: str = "all", reading: Reading | None = None
    ) -> None:
        """Compile and load a package.

        Args:
            path: the `.mlpackage`.
            compute_units: one of `COMPUTE_UNITS`.
            reading: which style of several to paint.

        Raises:
            BackendError: this is no Mac, or Core ML refuses the package.
            ModelLoadError: the package is missing, damaged or of another kind.
        """
        if compute_units not in COMPUTE_UNITS:
            raise ConfigError(
                f"compute units '{compute_units}' are unknown; choose one of "
                f"{', '.join(COMPUTE_UNITS)}"
            )
        if not is_native():
            raise BackendError(NOT_RUN)
        self.package: Package = read_package(path, reading)
        ct = import_coremltools()
        units = {
            "all": ct.ComputeUnit.ALL,
            "cpu": ct.ComputeUnit.CPU_ONLY,
            "cpu-and-gpu": ct.ComputeUnit.CPU_AND_GPU,
            "cpu-and-ne": ct.ComputeUnit.CPU_AND_NE,
        }
        try:
            self.mlmodel = ct.models.MLModel(str(path), compute_units=units[compute_units])
        except Exception as error:  # coremltools raises whatever Core ML says
            raise BackendError(f"{path}: Core ML refuses it: {error}") from error

    def predict(self, image: np.ndarray) -> np.ndarray:
        """Paint one picture; see `PortableModel.predict`."""
        from PIL import Image

        check_image(image, self.package)
        try:
            given: dict[str, Any] = {self.package.input_name: Image.fromarray(image)}
            if self.package.choice:
                given[self.package.choice.name] = self.package.choice.weights
            result = self.mlmodel.predict(given)
        except Exception as error:
            raise BackendError(f"{self.package.path}: Core ML failed: {error}") from error
        return np.asarray(result[self.package.output_name].convert("RGB"))
