"""Activations, by MIL's formulas.

Source: https://apple.github.io/coremltools/source/coremltools.converters.mil.mil.ops.defs.html
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino.opset15 as op

from videostyle.coreml.ops.arguments import OPERATIONS, Arguments, operation

_PLAIN: dict[str, Callable[[Any], Any]] = {
    "relu": op.relu,
    "relu6": lambda x: op.clamp(x, 0.0, 6.0),
    "sigmoid": op.sigmoid,
    "silu": lambda x: op.multiply(x, op.sigmoid(x)),
    "softplus": op.softplus,
    "softsign": op.softsign,
    "tanh": op.tanh,
}


def _plain(function: Callable[[Any], Any]) -> Callable[[Arguments], Any]:
    return lambda a: function(a["x"])


OPERATIONS.update({name: _plain(function) for name, function in _PLAIN.items()})


@operation("leaky_relu")
def _leaky_relu(a: Arguments) -> Any:
    return op.prelu(a["x"], np.array([a.number("alpha", 0.01)]))


@operation("prelu")
def _prelu(a: Arguments) -> Any:
    return op.prelu(a["x"], a["alpha"])  # alpha is [1] or one a channel


@operation("thresholded_relu")
def _thresholded_relu(a: Arguments) -> Any:
    above = op.greater_equal(a["x"], a.number("alpha", 1.0))
    return op.select(above, a["x"], np.float32(0))


@operation("clamped_relu")
def _clamped_relu(a: Arguments) -> Any:
    sloped = op.prelu(a["x"], np.array([a.number("alpha")]))
    return op.minimum(sloped, a.number("beta"))


@operation("elu")
def _elu(a: Arguments) -> Any:
    return op.elu(a["x"], float(a.constant("alpha", 1.0)))


@operation("gelu")
def _gelu(a: Arguments) -> Any:
    mode, x = a.constant("mode", "EXACT"), a["x"]
    if mode == "SIGMOID_APPROXIMATION":
        return op.multiply(x, op.sigmoid(op.multiply(x, np.float32(1.702))))
    return op.gelu(x, "erf" if mode == "EXACT" else "tanh")


@operation("sigmoid_hard")
def _sigmoid_hard(a: Arguments) -> Any:
    return op.hard_sigmoid(a["x"], a.number("alpha", 0.2), a.number("beta", 0.5))


@operation("linear_activation")
def _linear_activation(a: Arguments) -> Any:
    return op.add(op.multiply(a["x"], a.number("alpha", 1.0)), a.number("beta"))


@operation("scaled_tanh")
def _scaled_tanh(a: Arguments) -> Any:
    inner = op.tanh(op.multiply(a["x"], a.number("beta", 1.0)))
    return op.multiply(inner, a.number("alpha", 1.0))


@operation("softplus_parametric")
def _softplus_parametric(a: Arguments) -> Any:
    alpha, beta = (
        np.asarray(a.constant(name), np.float32).reshape(-1, 1, 1) for name in ("alpha", "beta")
    )
    return op.multiply(op.softplus(op.multiply(a["x"], beta)), alpha)


@operation("clip")
def _clip(a: Arguments) -> Any:
    return op.clamp(a["x"], float(a.constant("alpha")), float(a.constant("beta")))


@operation("softmax")
def _softmax(a: Arguments) -> Any:
    return op.softmax(a["x"], int(a.constant("axis", -1)) % len(a.shape()))
