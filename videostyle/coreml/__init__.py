"""Core ML: write a style as a `.mlpackage`, prove it, and run any image-to-image package anywhere.

from videostyle.coreml import load
painting = load("wave.mlpackage").predict(image)       # uint8 [H, W, 3] in and out
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from videostyle.coreml.runtime import PortableModel


def load(path: "str | Path") -> "PortableModel":
    """Open a package in the portable runtime, on any system.

    Raises:
        ModelLoadError: it is missing, damaged, of the wrong kind, or needs what the runtime lacks.
        MissingDependencyError: coremltools isn't installed.
    """
    from videostyle.coreml.runtime import PortableModel

    return PortableModel(path)
