"""Convolutions and pooling, on pictures."""

from typing import Any

import numpy as np
import openvino.opset15 as op

from videostyle.coreml.ops.arguments import Arguments, operation, whole


@operation("conv")
def _conv(a: Arguments) -> Any:
    weight, groups = a["weight"], int(a.constant("groups", 1))  # [O, I / groups, KH, KW]
    outputs, inputs, *kernel = weight.get_shape()
    strides, dilations = a.numbers("strides", [1, 1]), a.numbers("dilations", [1, 1])
    reach = [(side - 1) * step + 1 for side, step in zip(kernel, dilations, strict=True)]
    begins, ends = _borders(a, a.shape()[2:], reach, strides)
    if groups == 1:
        y = op.convolution(a.picture(), weight, strides, begins, ends, dilations)
    else:
        weight = op.reshape(weight, whole([groups, outputs // groups, inputs, *kernel]), False)
        y = op.group_convolution(a.picture(), weight, strides, begins, ends, dilations)
    return _biased(a, y)


def _biased(a: Arguments, y: Any) -> Any:
    return op.add(y, op.reshape(a["bias"], whole([1, -1, 1, 1]), False)) if "bias" in a else y


def _borders(
    a: Arguments, sides: list[int], reach: list[int], strides: list[int]
) -> tuple[list[int], list[int]]:
    """Rows and columns to add, before and after."""
    kind = a.constant("pad_type", "valid")
    if kind == "custom":
        top, bottom, left, right = a.numbers("pad", [0, 0, 0, 0])
        return [top, left], [bottom, right]
    if kind == "valid":
        return [0, 0], [0, 0]
    begins, ends = [], []
    for side, length, step in zip(sides, reach, strides, strict=True):
        total = max((-(-side // step) - 1) * step + length - side, 0)
        small, large = total // 2, total - total // 2
        begins.append(large if kind == "same_lower" else small)
        ends.append(small if kind == "same_lower" else large)
    return begins, ends


@operation("conv_transpose")
def _conv_transpose(a: Arguments) -> Any:
    weight, groups = a["weight"], int(a.constant("groups", 1))  # [I, O / groups, KH, KW]
    inputs, outputs, *kernel = weight.get_shape()
    strides, dilations = a.numbers("strides", [1, 1]), a.numbers("dilations", [1, 1])
    sides = a.shape()[2:]
    full = [
        (side - 1) * step + (length - 1) * spread + 1
        for side, step, length, spread in zip(sides, strides, kernel, dilations, strict=True)
    ]
    starts, kept = _cut(a, full, [side * step for side, step in zip(sides, strides, strict=True)])
    behind = [length - start - keep for length, start, keep in zip(full, starts, kept, strict=True)]
    given: dict[str, Any] = {
        "strides": strides,
        "pads_begin": starts,
        "pads_end": [max(0, each) for each in behind],
        "dilations": dilations,
        "output_padding": [max(0, -each) for each in behind],
    }
    if groups == 1:
        y = op.convolution_backprop_data(a.picture(), weight, **given)
    else:
        shape = whole([groups, inputs // groups, outputs, *kernel])
        weight = op.reshape(weight, shape, False)
        y = op.group_convolution_backprop_data(a.picture(), weight, **given)
    return _biased(a, y)


def _cut(a: Arguments, full: list[int], same: list[int]) -> tuple[list[int], list[int]]:
    """Where the result begins in all that a transposed convolution makes, and its sides."""
    kind = a.constant("pad_type", "valid")
    if kind == "same":
        starts = [max(0, length - keep) // 2 for length, keep in zip(full, same, strict=True)]
        return starts, a.numbers("output_shape")[2:] or same
    top, bottom, left, right = a.numbers("pad", [0, 0, 0, 0]) if kind == "custom" else (0, 0, 0, 0)
    kept = [full[0] - top - bottom, full[1] - left - right]
    return [top, left], a.numbers("output_shape")[2:] or kept


@operation("max_pool", "avg_pool")
def _pool(a: Arguments) -> Any:
    if bool(a.constant("ceil_mode", False)):
        raise a.refuse("rounds its size up")
    sides, strides = a.numbers("kernel_sizes"), a.numbers("strides", [1, 1])
    begins, ends = _borders(a, a.shape()[2:], sides, strides)
    if "exclude_padding_from_average" not in a:
        pooled = op.max_pool(a.picture(), strides, [1, 1], begins, ends, sides)
        return pooled.output(0)
    exclude = bool(a.constant("exclude_padding_from_average"))
    return op.avg_pool(a.picture(), strides, begins, ends, sides, exclude)


def spatial(values: Any) -> np.ndarray:
    """One value a channel, to be combined with [N, C, H, W]."""
    return np.asarray(values, np.float32).reshape(-1, 1, 1)
