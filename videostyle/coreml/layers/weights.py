"""Weights of old networks: float32, float16, whole numbers with a scale, or places in a palette."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from videostyle.coreml.blobs import MOST_NUMBERS


def read_weights(params: Any, shape: Sequence[int]) -> np.ndarray:
    """A `WeightParams` message as float32 in that shape, the output channels first.

    Raises:
        ValueError: it holds another number of them, or is of an unknown form.
    """
    count = math.prod(shape)
    if count > MOST_NUMBERS:
        raise ValueError(f"a weight of {count} numbers; at most {MOST_NUMBERS} are read")
    if params.floatValue:
        values = np.array(params.floatValue, np.float32)
    elif params.float16Value:
        values = np.frombuffer(params.float16Value, np.float16).astype(np.float32)
    elif params.rawValue or params.int8RawValue:
        values = _quantized(params, count)
    else:
        values = np.zeros(0, np.float32)
    if values.size != count:
        raise ValueError(f"a weight of {values.size} numbers for the shape {list(shape)}")
    return values.reshape(shape)


def stored_form(params: Any) -> str | None:
    """How a weight is stored: fp16, int8, palette4 and so on; None for float32."""
    if params.float16Value:
        return "fp16"
    if not (params.rawValue or params.int8RawValue):
        return None
    quantization = params.quantization
    is_palette = quantization.WhichOneof("QuantizationType") == "lookupTableQuantization"
    return f"{'palette' if is_palette else 'int'}{quantization.numberOfBits or 8}"


def _quantized(params: Any, count: int) -> np.ndarray:
    quantization = params.quantization
    bits = int(quantization.numberOfBits)
    if params.int8RawValue:
        stored = np.frombuffer(params.int8RawValue, np.int8).astype(np.float32)
    elif 1 <= bits <= 8:
        stored = _unpack(params.rawValue, bits, count)
    else:
        raise ValueError(f"weights of {bits} bits")
    if quantization.WhichOneof("QuantizationType") == "lookupTableQuantization":
        table = np.array(quantization.lookupTableQuantization.floatValue, np.float32)
        return table[stored.astype(np.intp)]
    linear = quantization.linearQuantization
    scale, bias = (np.array(each, np.float32) for each in (linear.scale, linear.bias))
    rows = stored.reshape(max(scale.size, 1), -1)  # one scale for all, or one an output channel
    shift = bias[:, None] if bias.size else np.float32(0)
    return (rows * scale[:, None] + shift).reshape(-1)


def _unpack(data: bytes, bits: int, count: int) -> np.ndarray:
    """Numbers of a few bits each, the highest bit first: float32 [count]."""
    if len(data) * 8 < count * bits:
        raise ValueError(f"{len(data)} bytes hold no {count} weights of {bits} bits")
    loose = np.unpackbits(np.frombuffer(data, np.uint8), count=count * bits).reshape(count, bits)
    return (loose @ (1 << np.arange(bits)[::-1])).astype(np.float32)
