"""Normalisation and sums over axes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from videostyle.coreml.ops.arguments import Arguments, Function, Held, operation


@operation("instance_norm")
def _instance_norm(a: Arguments) -> Held:
    x = a.picture()
    mean, variance = tf.nn.moments(x, [1, 2], keepdims=True)  # [N, 1, 1, C]
    return Held(_scaled(a, x, mean, variance), channels_last=True)


@operation("batch_norm")
def _batch_norm(a: Arguments) -> Held:
    x = a.picture()
    return Held(_scaled(a, x, a["mean"].tensor, a["variance"].tensor), channels_last=True)


def _scaled(a: Arguments, x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor) -> tf.Tensor:
    gamma, beta = (a[name].tensor if name in a else None for name in ("gamma", "beta"))
    return tf.nn.batch_normalization(
        x, mean, variance, beta, gamma, float(a.constant("epsilon", 1e-5))
    )


def _reduction(function: Callable[..., Any]) -> Function:
    def run(a: Arguments) -> Held:
        x = a["x"]
        axes = a.numbers("axes", list(range(x.rank)))
        keep = bool(a.constant("keep_dims", False))
        if keep:
            return x.like(function(x.tensor, [x.axis(axis) for axis in axes], keepdims=True))
        return Held(function(x.first(), np.array(axes), keepdims=False))

    return run


for _name, _function in {
    "mean": tf.reduce_mean,
    "sum": tf.reduce_sum,
    "max": tf.reduce_max,
    "min": tf.reduce_min,
}.items():
    operation(f"reduce_{_name}")(_reduction(_function))
