"""The layers of old `.mlmodel` networks, by name, as the MIL operations that do the same.

Each module of this room adds to `LAYERS`. A layer is a function of its message and the `Steps` that
it adds to.
"""

from videostyle.coreml.layers.steps import LAYERS, Steps

__all__ = ["LAYERS", "Steps", "load_layers"]


def load_layers() -> None:
    """Import the modules that fill `LAYERS`."""
    from videostyle.coreml.layers import (  # noqa: F401
        activation,
        arithmetic,
        convolution,
        reduction,
        resampling,
        shaping,
    )
