"""Compressed weights: what the `constexpr` operations of a program stand for.

Source: coremltools' documentation of these operations,
    https://apple.github.io/coremltools/source/coremltools.converters.mil.mil.ops.defs.html
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from videostyle.coreml.blobs import checked_count, unpack

Given = dict[str, Any]


def decompress(kind: str, given: Given) -> np.ndarray:
    """The weight that an operation stands for.

    Args:
        kind: the operation's, with its `constexpr_`.
        given: its parameters.

    Raises:
        ValueError: the kind is not known, or its parameters don't fit together.
    """
    if kind not in _KINDS:
        raise ValueError(f"weights in the form {kind}")
    return _KINDS[kind](given)


def compressed_form(kind: str, given: Given, dtypes: dict[str, str]) -> str:
    """What the weights are stored as, such as int8 or palette6.

    Args:
        kind, given: as for `decompress`.
        dtypes: of the parameters, as the program names them.
    """
    if kind == "constexpr_lut_to_dense":
        # The table is flat before iOS18, and [..., entries, values per entry] since.
        table = np.shape(given["lut"])
        entries = table[0] if len(table) == 1 else table[-2]
        return f"palette{int(entries).bit_length() - 1}"
    stored = dtypes.get("quantized_data") or dtypes.get("data")
    if stored and kind in ("constexpr_affine_dequantize", "constexpr_blockwise_shift_scale"):
        return stored
    return kind.removeprefix("constexpr_")


def _affine(given: Given) -> np.ndarray:
    data = np.asarray(given["quantized_data"])
    axis = int(given["axis"])
    shape = [-1 if each == axis % data.ndim else 1 for each in range(data.ndim)]
    scale, zero = (
        np.asarray(given[name], np.float32).reshape(shape) if np.ndim(given[name]) else given[name]
        for name in ("scale", "zero_point")
    )
    return np.asarray((data.astype(np.float32) - zero) * np.asarray(scale, np.float32))


def _blockwise(given: Given) -> np.ndarray:
    data, scale = np.asarray(given["data"]), np.asarray(given["scale"], np.float32)
    values = data.astype(np.float32)
    if given.get("offset") is not None:
        values = values - _spread(np.asarray(given["offset"], np.float32), data.shape)
    return np.asarray(values * _spread(scale, data.shape))


def _spread(blocks: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Repeat one value a block over the numbers of the block."""
    if blocks.ndim != len(shape) or any(a % b for a, b in zip(shape, blocks.shape, strict=True)):
        raise ValueError(f"blocks {list(blocks.shape)} don't divide a weight {list(shape)}")
    for axis, side in enumerate(shape):
        blocks = np.repeat(blocks, side // blocks.shape[axis], axis)
    return blocks


def _palette(given: Given) -> np.ndarray:
    table = np.asarray(given["lut"])
    if table.ndim == 1:  # before iOS18: the indices are packed, and the shape stands beside them
        shape = tuple(int(side) for side in given["shape"])
        bits = len(table).bit_length() - 1
        indices = unpack(np.asarray(given["indices"]).tobytes(), bits, checked_count(shape))
        return np.asarray(table[indices].reshape(shape))
    return _grouped_palette(np.asarray(given["indices"]), table, int(given.get("vector_axis", 0)))


def _grouped_palette(indices: np.ndarray, table: np.ndarray, axis: int) -> np.ndarray:
    """A table for each group of a weight: [..., entries, values per entry]."""
    *groups, _, width = table.shape
    places = np.ix_(
        *(
            np.arange(side) // (side // count)
            for side, count in zip(indices.shape, groups, strict=True)
        )
    )
    values = table[(*places, indices)]  # [..., values per entry]
    if width == 1:
        return np.asarray(values[..., 0])
    side = indices.shape[axis]
    sides = (*indices.shape[:axis], side * width, *indices.shape[axis + 1 :])
    return np.asarray(np.moveaxis(values, -1, axis + 1).reshape(sides))


def _sparse(given: Given) -> np.ndarray:
    mask = np.asarray(given["mask"])
    values = np.asarray(given["nonzero_data"])
    if "shape" in given:  # before iOS18
        shape = tuple(int(side) for side in given["shape"])
        kept = unpack(mask.tobytes(), 1, checked_count(shape)).reshape(shape).astype(bool)
    else:
        kept = mask.astype(bool)
    if kept.sum() != values.size:
        raise ValueError(f"{values.size} numbers for {kept.sum()} places")
    dense = np.zeros(kept.shape, values.dtype)
    dense[kept] = values
    return dense


def _cast(given: Given) -> np.ndarray:
    return np.asarray(given["source_val"], np.float32)


_KINDS: dict[str, Callable[[Given], np.ndarray]] = {
    "constexpr_affine_dequantize": _affine,
    "constexpr_blockwise_shift_scale": _blockwise,
    "constexpr_lut_to_dense": _palette,
    "constexpr_sparse_to_dense": _sparse,
    "constexpr_cast": _cast,
}
