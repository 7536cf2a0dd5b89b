"""Operations that treat every number alike."""

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino.opset15 as op

from videostyle.coreml.ops.arguments import OPERATIONS, Arguments, operation

_ONE: dict[str, Callable[[Any], Any]] = {
    "abs": op.abs,
    "atan": op.atan,
    "ceil": op.ceiling,
    "cos": op.cos,
    "erf": op.erf,
    "exp": op.exp,
    "floor": op.floor,
    "identity": lambda x: x,
    "round": lambda x: op.round(x, "half_to_even"),
    "sign": op.sign,
    "sin": op.sin,
    "sqrt": op.sqrt,
    "square": lambda x: op.multiply(x, x),
}

_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "add": op.add,
    "equal": op.equal,
    "floor_div": lambda x, y: op.floor(op.divide(x, y)),
    "greater": op.greater,
    "greater_equal": op.greater_equal,
    "less": op.less,
    "less_equal": op.less_equal,
    "maximum": op.maximum,
    "minimum": op.minimum,
    "mod": op.floor_mod,
    "mul": op.multiply,
    "pow": op.power,
    "real_div": op.divide,
    "sub": op.subtract,
}

# float16 is computed with in float32; that the values are rounded is the `half` arithmetic's part.
_DTYPES = {"fp16": "f32", "fp32": "f32", "int32": "i32", "bool": "boolean"}


def _of_one(function: Callable[[Any], Any]) -> Callable[[Arguments], Any]:
    return lambda a: function(a["x"])


def _of_two(function: Callable[[Any, Any], Any]) -> Callable[[Arguments], Any]:
    return lambda a: function(a["x"], a["y"])


OPERATIONS.update({name: _of_one(function) for name, function in _ONE.items()})
OPERATIONS.update({name: _of_two(function) for name, function in _TWO.items()})


@operation("rsqrt")
def _rsqrt(a: Arguments) -> Any:
    return op.divide(np.float32(1), op.sqrt(op.add(a["x"], a.number("epsilon", 1e-12))))


@operation("inverse")
def _inverse(a: Arguments) -> Any:
    return op.divide(np.float32(1), op.add(a["x"], a.number("epsilon", 1e-4)))


@operation("log")
def _log(a: Arguments) -> Any:
    return op.log(op.add(a["x"], a.number("epsilon", 1e-45)))


@operation("select")
def _select(a: Arguments) -> Any:
    return op.select(a["cond"], a["a"], a["b"])


@operation("cast")
def _cast(a: Arguments) -> Any:
    if a.output_dtype not in _DTYPES:
        raise a.refuse(f"casts to {a.output_dtype}")
    return op.convert(a["x"], _DTYPES[a.output_dtype])
