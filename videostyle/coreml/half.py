"""Rounding a value to half precision inside a graph that is computed in float32."""

from typing import Any

import numpy as np

# Of half precision: digits behind the leading one, the smallest and the largest exponent.
DIGITS, LOWEST, HIGHEST = 10, -14, 15
LIMIT = 65504.0  # the largest number
OVERFLOWS = 65520.0  # from here on a number rounds to infinity


def as_half(node: Any) -> Any:
    """The nearest number in half precision, as float32.

    OpenVINO removes a conversion there and back again, so it is done by arithmetic: divided by the
    distance of neighbouring numbers, rounded, multiplied again.
    """
    import openvino.opset15 as op

    size = op.abs(node)
    # An exponent that is wrong by one right at a power of two rounds to the same number.
    exponent = op.floor(op.multiply(op.log(size), np.float32(1 / np.log(2))))
    place = op.subtract(op.clamp(exponent, float(LOWEST), float(HIGHEST)), np.float32(LOWEST))
    distances = np.float32(2.0) ** (np.arange(LOWEST, HIGHEST + 1, dtype=np.float32) - DIGITS)
    distance = op.gather(distances, op.convert(place, "i32"), np.int64(0))
    rounded = op.multiply(op.round(op.divide(node, distance), "half_to_even"), distance)
    endless = op.multiply(op.sign(node), np.float32(np.inf))
    return op.select(op.less(size, np.float32(OVERFLOWS)), rounded, endless).output(0)
