"""Arithmetic of one, two or more values, and with constants."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from videostyle.coreml.layers.steps import Steps, layer
from videostyle.coreml.layers.weights import read_weights
from videostyle.coreml.program import Value

_SEVERAL = {"add": "add", "multiply": "mul", "max": "maximum", "min": "minimum"}

_BROADCASTABLE = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "real_div",
    "pow": "pow",
    "max": "maximum",
    "min": "minimum",
    "floorDiv": "floor_div",
    "mod": "mod",
}


def _several(kind: str) -> Callable[[Any, Steps], None]:
    def read(params: Any, steps: Steps) -> None:
        first, *others = steps.inputs
        if not others:  # with the number in the layer itself
            steps.end(kind, x=first, y=params.alpha)
            return
        steps.end(kind, x=_chain(kind, [first, *others[:-1]], steps), y=others[-1])

    return read


def _chain(kind: str, values: list[Value], steps: Steps) -> Value:
    return reduce(lambda x, y: steps.add(kind, x=x, y=y), values)


for _name, _kind in _SEVERAL.items():
    layer(_name)(_several(_kind))
for _name, _kind in _BROADCASTABLE.items():
    layer(f"{_name}Broadcastable")(_several(_kind))


@layer("average")
def _average(params: Any, steps: Steps) -> None:
    steps.end("mul", x=_chain("add", steps.inputs, steps), y=1 / len(steps.inputs))


@layer("scale")
def _scale(params: Any, steps: Steps) -> None:
    scale = _broadcast(params.scale, params.shapeScale)
    if not params.hasBias:
        steps.end("mul", x=steps.x, y=scale)
        return
    product = steps.add("mul", x=steps.x, y=scale)
    steps.end("add", x=product, y=_broadcast(params.bias, params.shapeBias))


@layer("bias")
def _bias(params: Any, steps: Steps) -> None:
    steps.end("add", x=steps.x, y=_broadcast(params.bias, params.shape))


def _broadcast(params: Any, shape: Any) -> np.ndarray:
    """A constant of the shape [1], [C] or [C, H, W], to be combined with [N, C, H, W]."""
    sides = [int(side) for side in shape]
    values = read_weights(params, sides)
    return values.reshape(-1, 1, 1) if len(sides) == 1 else values


@layer("loadConstant")
def _load_constant(params: Any, steps: Steps) -> None:
    data = read_weights(params.data, [int(side) for side in params.shape])
    steps.declare(steps.layer.output[0], data[None] if steps.five_axes else data)


@layer("loadConstantND")
def _load_constant_nd(params: Any, steps: Steps) -> None:
    data = read_weights(params.data, [int(side) for side in params.shape])
    steps.declare(steps.layer.output[0], data)


# The types of a `unary` layer, in the order of their numbers.
_UNARY = ("sqrt", "rsqrt", "inverse", "power", "exp", "log", "abs", "threshold")


@layer("unary")
def _unary(params: Any, steps: Steps) -> None:
    """A function of scale * x + shift; a scale of 0 is none, as protobuf leaves it."""
    x, kind = steps.x, _UNARY[params.type]
    if params.scale not in (0.0, 1.0) or params.shift:
        x = steps.add("linear_activation", x=x, alpha=params.scale or 1.0, beta=params.shift)
    if kind in ("rsqrt", "inverse", "log"):
        steps.end(kind, x=x, epsilon=params.epsilon)
    elif kind == "power":
        steps.end("pow", x=x, y=params.alpha)
    elif kind == "threshold":
        steps.end("maximum", x=x, y=params.alpha)
    else:
        steps.end(kind, x=x)


@layer("batchedMatmul")
def _batched_matmul(params: Any, steps: Steps) -> None:
    if len(steps.inputs) != 2:
        raise ValueError("a batchedMatmul with weights of its own")
    x, y = steps.inputs
    steps.end(
        "matmul", x=x, y=y, transpose_x=bool(params.transposeA), transpose_y=bool(params.transposeB)
    )
