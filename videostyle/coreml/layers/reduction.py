"""Sums, means and extremes over axes."""

from collections.abc import Callable
from typing import Any

from videostyle.coreml.layers.steps import Steps, layer

# The modes and axes of the old `reduce` layer, in the order of their numbers.
_MODES = ("sum", "mean", "prod", "log_sum", "sum_square", "l1_norm", "l2_norm", "max", "min")
_AXES = ([-3, -2, -1], [-2, -1], [-3], [-2], [-1])


@layer("reduce")
def _reduce(params: Any, steps: Steps) -> None:
    if params.mode >= len(_MODES):
        raise ValueError("a reduce layer that looks for the largest place")
    steps.end(f"reduce_{_MODES[params.mode]}", x=steps.x, axes=_AXES[params.axis], keep_dims=True)


def _named(kind: str) -> Callable[[Any, Steps], None]:
    def read(params: Any, steps: Steps) -> None:
        axes = None if params.reduceAll else [steps.axis(int(axis)) for axis in params.axes]
        steps.end(f"reduce_{kind}", x=steps.x, axes=axes, keep_dims=bool(params.keepDims))

    return read


for _name, _kind in {
    "Sum": "sum",
    "Mean": "mean",
    "Max": "max",
    "Min": "min",
    "Prod": "prod",
    "L1": "l1_norm",
    "L2": "l2_norm",
    "SumSquare": "sum_square",
}.items():
    layer(f"reduce{_name}")(_named(_kind))
