"""Normalisation and sums over axes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino.opset15 as op

from videostyle.coreml.ops.arguments import Arguments, operation, whole
from videostyle.coreml.ops.convolution import spatial


@operation("instance_norm")
def _instance_norm(a: Arguments) -> Any:
    normed = op.mvn(
        a.picture(), whole([2, 3]), True, float(a.number("epsilon", 1e-5)), "inside_sqrt"
    )
    return _scaled(a, normed, [1, -1, 1, 1])


@operation("layer_norm")
def _layer_norm(a: Arguments) -> Any:
    x, rank = a["x"], len(a.shape())
    axes = sorted(axis % rank for axis in a.numbers("axes", list(range(rank))))
    normed = op.mvn(x, whole(axes), True, float(a.number("epsilon", 1e-5)), "inside_sqrt")
    sides = [side if axis in axes else 1 for axis, side in enumerate(a.shape())]
    return _scaled(a, normed, sides)


def _scaled(a: Arguments, normed: Any, shape: list[int]) -> Any:
    for name, combine in (("gamma", op.multiply), ("beta", op.add)):
        if name in a:
            normed = combine(normed, op.reshape(a[name], whole(shape), False))
    return normed


@operation("batch_norm")
def _batch_norm(a: Arguments) -> Any:
    """As one product and one sum, which OpenVINO joins with a convolution before them."""
    mean, variance = (np.asarray(a.constant(n), np.float64) for n in ("mean", "variance"))
    gamma, beta = (
        np.asarray(a.constant(name, default), np.float64)
        for name, default in (("gamma", 1.0), ("beta", 0.0))
    )
    gain = gamma / np.sqrt(variance + float(a.number("epsilon", 1e-5)))
    return op.add(op.multiply(a["x"], spatial(gain)), spatial(beta - mean * gain))


_REDUCTIONS: dict[str, Callable[..., Any]] = {
    "l1_norm": op.reduce_l1,
    "l2_norm": op.reduce_l2,
    "log_sum": lambda x, axes, keep: op.log(op.reduce_sum(x, axes, keep)),
    "max": op.reduce_max,
    "mean": op.reduce_mean,
    "min": op.reduce_min,
    "prod": op.reduce_prod,
    "sum": op.reduce_sum,
    "sum_square": lambda x, axes, keep: op.reduce_sum(op.multiply(x, x), axes, keep),
}


def _reduction(function: Callable[..., Any]) -> Callable[[Arguments], Any]:
    def run(a: Arguments) -> Any:
        axes = a.numbers("axes", list(range(len(a.shape()))))
        return function(a["x"], whole(axes), bool(a.constant("keep_dims", False)))

    return run


for _name, _function in _REDUCTIONS.items():
    operation(f"reduce_{_name}")(_reduction(_function))
