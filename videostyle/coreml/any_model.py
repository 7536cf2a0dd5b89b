"""Opening any model that is checked, and what `check` needs of it."""

from pathlib import Path
from typing import Protocol

import numpy as np

from videostyle.coreml.model_files import SUFFIXES as COREML_SUFFIXES
from videostyle.errors import ModelLoadError
from videostyle.frames import Size
from videostyle.graphs.activations import Activation
from videostyle.graphs.reading import Reading

ONNX_SUFFIX = ".onnx"
SUFFIXES = (*COREML_SUFFIXES, ONNX_SUFFIX)


class AnyModel(Protocol):
    """A Core ML or ONNX model that is ready to run here.

    Attributes:
        path: the file.
    """

    path: Path

    @property
    def kind(self) -> str:
        """fp32, fp16, or the form of the compressed weights."""

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The only sizes that it takes; empty if it takes any."""

    @property
    def output(self) -> Size | None:
        """The only size that it returns, or None."""

    @property
    def specification(self) -> int | None:
        """The version of a Core ML file's format."""

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind of operation occurs."""

    @property
    def levels(self) -> str:
        """The range of its values, as `--levels` names it."""

    @property
    def levels_guessed(self) -> bool:
        """Whether neither the file nor the user gives that range."""

    def predict_levels(self, image: np.ndarray) -> np.ndarray:
        """Paint uint8 [H, W, 3]; returns float32 [H', W', 3] in levels."""

    def activations(self, image: np.ndarray) -> list[Activation]:
        """The results of every operation for one picture."""


def is_any_model(path: str | Path) -> bool:
    """Whether a name has the suffix of a model that others may have made."""
    return Path(path).suffix in SUFFIXES


def open_any_model(path: str | Path, reading: Reading | None = None) -> AnyModel:
    """Open a Core ML or ONNX model.

    Raises:
        ModelLoadError: it can't be used.
        ConfigError: it can't be read that way.
        MissingDependencyError: coremltools or OpenVINO isn't installed.
    """
    path = Path(path)
    if path.suffix == ONNX_SUFFIX:
        from videostyle.onnx.model import OnnxModel

        return OnnxModel(path, reading)
    if path.exists() and path.is_file() and path.suffix not in COREML_SUFFIXES:
        raise ModelLoadError(f"{path}: is none of {', '.join(SUFFIXES)}, which can be checked")
    from videostyle.coreml.runtime import PortableModel

    return PortableModel(path, reading=reading)
