"""Operations that treat every number alike."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from videostyle.coreml.ops.arguments import OPERATIONS, Arguments, Held, operation

_ONE: dict[str, Callable[[Any], Any]] = {
    "abs": tf.abs,
    "exp": tf.exp,
    "identity": tf.identity,
    "relu": tf.nn.relu,
    "relu6": tf.nn.relu6,
    "sigmoid": tf.sigmoid,
    "silu": tf.nn.silu,
    "softplus": tf.nn.softplus,
    "softsign": tf.nn.softsign,
    "sqrt": tf.sqrt,
    "square": tf.square,
    "tanh": tf.tanh,
}

_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "add": tf.add,
    "maximum": tf.maximum,
    "minimum": tf.minimum,
    "mul": tf.multiply,
    "pow": tf.pow,
    "real_div": tf.divide,
    "sub": tf.subtract,
}

_DTYPES = {"fp16": tf.float32, "fp32": tf.float32, "int32": tf.int32, "bool": tf.bool}


def _of_one(function: Callable[[Any], Any]) -> Callable[[Arguments], Held]:
    def run(a: Arguments) -> Held:
        return a["x"].like(function(a["x"].tensor))

    return run


def _of_two(function: Callable[[Any, Any], Any]) -> Callable[[Arguments], Held]:
    def run(a: Arguments) -> Held:
        x, y = a["x"], a["y"]
        last = x.channels_last or y.channels_last
        if last:
            x, y = _in_line(x), _in_line(y)
        return Held(function(x.tensor, y.tensor), last)

    return run


def _in_line(held: Held) -> Held:
    """Bring a value that is broadcast, such as [C, 1, 1], into the order channels last."""
    if held.channels_last or held.rank == 0:
        return held
    shape = (1,) * (4 - held.rank) + tuple(held.tensor.shape)
    return Held(Held(tf.reshape(held.tensor, shape)).last(), channels_last=True)


OPERATIONS.update({name: _of_one(function) for name, function in _ONE.items()})
OPERATIONS.update({name: _of_two(function) for name, function in _TWO.items()})


@operation("leaky_relu")
def _leaky_relu(a: Arguments) -> Held:
    return a["x"].like(tf.nn.leaky_relu(a["x"].tensor, float(a.constant("alpha", 0.01))))


@operation("elu")
def _elu(a: Arguments) -> Held:
    x, alpha = a["x"].tensor, float(a.constant("alpha", 1.0))
    return a["x"].like(tf.where(x > 0, x, alpha * tf.math.expm1(x)))


@operation("prelu")
def _prelu(a: Arguments) -> Held:
    x, slope = a.picture(), a["alpha"].tensor  # [N, H, W, C], [C]
    return Held(tf.maximum(x, 0.0) + slope * tf.minimum(x, 0.0), channels_last=True)


@operation("sigmoid_hard")
def _sigmoid_hard(a: Arguments) -> Held:
    slope, shift = float(a.constant("alpha", 0.2)), float(a.constant("beta", 0.5))
    return a["x"].like(tf.clip_by_value(a["x"].tensor * slope + shift, 0.0, 1.0))


@operation("linear_activation")
def _linear(a: Arguments) -> Held:
    slope, shift = float(a.constant("alpha")), float(a.constant("beta", 0.0))
    return a["x"].like(a["x"].tensor * slope + shift)


@operation("scaled_tanh")
def _scaled_tanh(a: Arguments) -> Held:
    gain, slope = float(a.constant("alpha", 1.0)), float(a.constant("beta", 1.0))
    return a["x"].like(gain * tf.tanh(slope * a["x"].tensor))


@operation("clip")
def _clip(a: Arguments) -> Held:
    low, high = float(a.constant("alpha")), float(a.constant("beta"))
    return a["x"].like(tf.clip_by_value(a["x"].tensor, low, high))


@operation("rsqrt")
def _rsqrt(a: Arguments) -> Held:
    return a["x"].like(tf.math.rsqrt(a["x"].tensor + float(a.constant("epsilon", 1e-12))))


@operation("inverse")
def _inverse(a: Arguments) -> Held:
    return a["x"].like(1.0 / (a["x"].tensor + float(a.constant("epsilon", 1e-4))))


@operation("cast")
def _cast(a: Arguments) -> Held:
    if a.output_dtype not in _DTYPES:
        raise a.refuse(f"casts to {a.output_dtype}")
    return a["x"].like(tf.cast(a["x"].tensor, _DTYPES[a.output_dtype]))
