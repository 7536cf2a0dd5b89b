"""Operations that move numbers and compute nothing."""

from typing import Any

import numpy as np
import openvino.opset15 as op

from videostyle.coreml.ops.arguments import Arguments, operation, whole

_PAD_MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge"}


@operation("pad")
def _pad(a: Arguments) -> Any:
    mode = a.constant("mode", "constant")
    if mode not in _PAD_MODES:
        raise a.refuse(f"pads by {mode}")
    rank, given = len(a.shape()), np.array(a.numbers("pad")).reshape(-1, 2)  # of the last axes
    borders = np.zeros((rank, 2), np.int64)
    borders[rank - len(given) :] = given
    value = a.number("constant_val") if mode == "constant" else None
    return op.pad(a["x"], borders[:, 0], borders[:, 1], _PAD_MODES[mode], value)


@operation("slice_by_index")
def _slice_by_index(a: Arguments) -> Any:
    rank = len(a.shape())
    no_begin, no_end, gone = (
        a.numbers(f"{name}_mask", [0] * rank) for name in ("begin", "end", "squeeze")
    )
    steps = a.numbers("stride", [1] * rank)
    return op.strided_slice(
        a["x"],
        _indices(a, "begin"),
        _indices(a, "end"),
        whole(steps),
        no_begin,
        no_end,
        [],
        gone,
    )


def _indices(a: Arguments, name: str) -> Any:
    return whole(a.numbers(name)) if a.is_constant(name) else op.convert(a[name], "i64")


@operation("slice_by_size")
def _slice_by_size(a: Arguments) -> Any:
    begins, sizes = a.numbers("begin"), a.numbers("size")
    ends = [
        side if size == -1 else begin + size
        for begin, size, side in zip(begins, sizes, a.shape(), strict=True)
    ]
    return op.slice(a["x"], whole(begins), whole(ends), whole([1] * len(begins)))


@operation("crop")
def _crop(a: Arguments) -> Any:
    (top, bottom), (left, right) = a.numbers("crop_height"), a.numbers("crop_width")
    height, width = a.shape()[-2:]
    return _window(a["x"], [top, left], [height - bottom, width - right])


@operation("crop_like")
def _crop_like(a: Arguments) -> Any:
    """Of old networks: as large as another picture, from an offset on."""
    begins, sides = a.numbers("offset"), a.shape("like")[-2:]
    return _window(
        a["x"], begins, [begin + side for begin, side in zip(begins, sides, strict=True)]
    )


def _window(x: Any, begins: list[int], ends: list[int]) -> Any:
    return op.slice(x, whole(begins), whole(ends), whole([1, 1]), whole([-2, -1]))


@operation("concat")
def _concat(a: Arguments) -> Any:
    if bool(a.constant("interleave", False)):
        raise a.refuse("interleaves")
    return op.concat(a.several("values"), int(a.constant("axis")))


@operation("stack")
def _stack(a: Arguments) -> Any:
    axis = int(a.constant("axis"))
    return op.concat([op.unsqueeze(each, whole([axis])) for each in a.several("values")], axis)


@operation("split")
def _split(a: Arguments) -> list[Any]:
    axis = np.int64(a.constant("axis"))
    sizes = a.numbers("split_sizes") if "split_sizes" in a else []
    if sizes:
        parts = op.variadic_split(a["x"], axis, whole(sizes))
    else:
        parts = op.split(a["x"], axis, int(a.constant("num_splits")))
    return list(parts.outputs())


@operation("transpose")
def _transpose(a: Arguments) -> Any:
    rank = len(a.shape())
    return op.transpose(a["x"], whole([axis % rank for axis in a.numbers("perm")]))


@operation("reshape")
def _reshape(a: Arguments) -> Any:
    return op.reshape(a["x"], _indices(a, "shape"), True)  # 0 keeps a side


@operation("expand_dims")
def _expand_dims(a: Arguments) -> Any:
    return op.unsqueeze(a["x"], whole(a.numbers("axes")))


@operation("squeeze")
def _squeeze(a: Arguments) -> Any:
    axes = a.numbers("axes")
    return op.squeeze(a["x"], whole(axes)) if axes else op.squeeze(a["x"])


@operation("tile")
def _tile(a: Arguments) -> Any:
    return op.tile(a["x"], whole(a.numbers("reps")))


@operation("shape")
def _shape(a: Arguments) -> Any:
    return op.shape_of(a["x"], "i32")


@operation("gather")
def _gather(a: Arguments) -> Any:
    return op.gather(a["x"], a["indices"], np.int64(a.constant("axis", 0)))
