"""MIL's operations as OpenVINO's, by name: what the portable runtime can do.

Each module of this room adds to `OPERATIONS`. An operation is a function of its `Arguments`.
"""

from videostyle.coreml.ops.arguments import OPERATIONS, Arguments

__all__ = ["OPERATIONS", "Arguments", "load_operations"]


def load_operations() -> None:
    """Import the modules that fill `OPERATIONS`."""
    from videostyle.coreml.ops import (  # noqa: F401
        activation,
        convolution,
        elementwise,
        linear,
        norms,
        resampling,
        shaping,
    )
