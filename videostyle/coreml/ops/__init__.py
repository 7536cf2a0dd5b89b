"""MIL's operations in TensorFlow, by name: what the portable runtime can do.

Each module of this room adds to `OPERATIONS`. An operation is a function of its `Arguments`.
"""

from videostyle.coreml.ops.arguments import OPERATIONS, Arguments, Held

__all__ = ["OPERATIONS", "Arguments", "Held", "load_operations"]


def load_operations() -> None:
    """Import the modules that fill `OPERATIONS`."""
    from videostyle.coreml.ops import (  # noqa: F401
        convolution,
        elementwise,
        norms,
        resampling,
        shaping,
    )
