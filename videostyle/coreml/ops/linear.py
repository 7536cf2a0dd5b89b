"""Full connections and products of matrices."""

from typing import Any

import openvino.opset15 as op

from videostyle.coreml.ops.arguments import Arguments, operation


@operation("linear")
def _linear(a: Arguments) -> Any:
    y = op.matmul(a["x"], a["weight"], False, True)  # the weight is [outputs, inputs]
    return op.add(y, a["bias"]) if "bias" in a else y


@operation("matmul")
def _matmul(a: Arguments) -> Any:
    turn_x, turn_y = (bool(a.constant(f"transpose_{side}", False)) for side in "xy")
    return op.matmul(a["x"], a["y"], turn_x, turn_y)
