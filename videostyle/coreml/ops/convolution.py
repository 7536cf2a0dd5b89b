"""Convolutions and pooling, on pictures."""

from typing import Any

import numpy as np
import tensorflow as tf

from videostyle.coreml.ops.arguments import Arguments, Held, operation


@operation("conv")
def _conv(a: Arguments) -> Held:
    weight = np.asarray(a.constant("weight"), np.float32)  # [O, I / groups, KH, KW]
    strides, dilations = a.numbers("strides", [1, 1]), a.numbers("dilations", [1, 1])
    reach = [(side - 1) * step + 1 for side, step in zip(weight.shape[2:], dilations, strict=True)]
    x = a.picture()
    borders = _borders(a, x.shape[1:3], reach, strides)
    if borders != [[0, 0], [0, 0]]:
        x = tf.pad(x, [[0, 0], *borders, [0, 0]])
    y = _grouped(x, weight, int(a.constant("groups", 1)), strides, dilations)
    return Held(_biased(a, y), channels_last=True)


def _biased(a: Arguments, y: Any) -> Any:
    # TensorFlow joins a convolution with this operation, and not with an addition.
    return tf.nn.bias_add(y, a["bias"].tensor) if "bias" in a else y


def _grouped(
    x: Any, weight: np.ndarray, groups: int, strides: list[int], dilations: list[int]
) -> Any:
    outputs, inputs = weight.shape[:2]
    if groups == 1:
        return _plain(x, weight, strides, dilations)
    if inputs == 1 and strides[0] == strides[1]:
        # Depthwise: [C * M, 1, KH, KW] to [KH, KW, C, M].
        kernel = weight.reshape(groups, outputs // groups, *weight.shape[2:])
        return tf.nn.depthwise_conv2d(
            x, kernel.transpose(2, 3, 0, 1), [1, *strides, 1], "VALID", dilations=dilations
        )
    parts = [
        _plain(part, kernel, strides, dilations)
        for part, kernel in zip(tf.split(x, groups, axis=3), np.split(weight, groups), strict=True)
    ]
    return tf.concat(parts, axis=3)


def _plain(x: Any, weight: np.ndarray, strides: list[int], dilations: list[int]) -> Any:
    return tf.nn.conv2d(x, weight.transpose(2, 3, 1, 0), strides, "VALID", dilations=dilations)


def _borders(
    a: Arguments, sides: list[int], reach: list[int], strides: list[int]
) -> list[list[int]]:
    """Rows and columns to add: before and after."""
    kind = a.constant("pad_type", "valid")
    if kind == "custom":
        top, bottom, left, right = a.numbers("pad", [0, 0, 0, 0])
        return [[top, bottom], [left, right]]
    if kind == "valid":
        return [[0, 0], [0, 0]]
    borders = []
    for side, length, step in zip(sides, reach, strides, strict=True):
        total = max((-(-side // step) - 1) * step + length - side, 0)
        small, large = total // 2, total - total // 2
        borders.append([large, small] if kind == "same_lower" else [small, large])
    return borders


@operation("conv_transpose")
def _conv_transpose(a: Arguments) -> Held:
    if int(a.constant("groups", 1)) != 1 or a.numbers("dilations", [1, 1]) != [1, 1]:
        raise a.refuse("has groups or dilations")
    weight = np.asarray(a.constant("weight"), np.float32)  # [I, O, KH, KW]
    strides, x = a.numbers("strides", [1, 1]), a.picture()
    full = [
        (side - 1) * step + length
        for side, step, length in zip(x.shape[1:3], strides, weight.shape[2:], strict=True)
    ]
    y = tf.nn.conv2d_transpose(
        x, weight.transpose(2, 3, 1, 0), [x.shape[0], *full, weight.shape[1]], strides, "VALID"
    )
    y = _cut(a, y, [side * step for side, step in zip(x.shape[1:3], strides, strict=True)])
    return Held(_biased(a, y), channels_last=True)


def _cut(a: Arguments, y: Any, same: list[int]) -> Any:
    """Cut the full result of a transposed convolution down to what its padding leaves."""
    kind, full = a.constant("pad_type", "valid"), list(y.shape[1:3])
    pad = a.numbers("pad", [0, 0, 0, 0]) if kind == "custom" else [0, 0, 0, 0]
    kept = [full[0] - pad[0] - pad[1], full[1] - pad[2] - pad[3]]
    if "output_shape" in a:
        kept = a.numbers("output_shape", [])[2:]
    elif kind == "same":
        kept = same
    starts = [pad[0], pad[2]]
    if kind == "same":
        starts = [max(0, length - keep) // 2 for length, keep in zip(full, kept, strict=True)]
    missing = [
        max(0, start + keep - length)
        for start, keep, length in zip(starts, kept, full, strict=True)
    ]
    y = tf.pad(y, [[0, 0], [0, missing[0]], [0, missing[1]], [0, 0]])
    return y[:, starts[0] : starts[0] + kept[0], starts[1] : starts[1] + kept[1]]


@operation("max_pool", "avg_pool")
def _pool(a: Arguments) -> Held:
    if bool(a.constant("ceil_mode", False)):
        raise a.refuse("rounds its size up")
    is_max = "exclude_padding_from_average" not in a
    sides, strides = a.numbers("kernel_sizes", []), a.numbers("strides", [1, 1])
    x = a.picture()
    borders = [[0, 0], *_borders(a, x.shape[1:3], sides, strides), [0, 0]]
    if is_max:
        padded = tf.pad(x, borders, constant_values=x.dtype.min)
        return Held(tf.nn.max_pool2d(padded, sides, strides, "VALID"), channels_last=True)
    y = tf.nn.avg_pool2d(tf.pad(x, borders), sides, strides, "VALID")
    if bool(a.constant("exclude_padding_from_average", False)):
        y /= tf.nn.avg_pool2d(tf.pad(tf.ones_like(x), borders), sides, strides, "VALID")
    return Held(y, channels_last=True)
