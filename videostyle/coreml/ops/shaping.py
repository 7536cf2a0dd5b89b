"""Operations that move numbers and compute nothing."""

from typing import Any

import numpy as np
import tensorflow as tf

from videostyle.coreml.ops.arguments import Arguments, Held, operation


@operation("pad")
def _pad(a: Arguments) -> Held:
    x, mode = a["x"], a.constant("mode", "constant")
    given = np.array(a.numbers("pad", [])).reshape(-1, 2).tolist()  # of the last axes
    borders = x.ordered([[0, 0]] * (x.rank - len(given)) + given)
    if mode == "constant":
        return x.like(
            tf.pad(x.tensor, borders, constant_values=float(a.constant("constant_val", 0.0)))
        )
    if mode == "reflect":
        return x.like(tf.pad(x.tensor, borders, mode="REFLECT"))
    if mode == "replicate":
        return x.like(_replicate(x.tensor, borders))
    raise a.refuse(f"pads by {mode}")


def _replicate(tensor: Any, borders: list[list[int]]) -> Any:
    for axis, (before, after) in enumerate(borders):
        if before or after:
            side = tensor.shape[axis]
            places = np.clip(np.arange(-before, side + after), 0, side - 1)
            tensor = tf.gather(tensor, places, axis=axis)
    return tensor


@operation("slice_by_index")
def _slice_by_index(a: Arguments) -> Held:
    x = a["x"]
    begins, ends = a.numbers("begin", []), a.numbers("end", [])
    steps = a.numbers("stride", [1] * x.rank)
    no_begin, no_end, gone = (
        a.numbers(f"{name}_mask", [0] * x.rank) for name in ("begin", "end", "squeeze")
    )
    cuts: list[Any] = [
        slice(
            None if no_begin[axis] else begins[axis],
            None if no_end[axis] else ends[axis],
            steps[axis],
        )
        for axis in range(x.rank)
    ]
    if not any(gone):
        return x.like(x.tensor[tuple(x.ordered(cuts))])
    chosen = [begins[axis] if gone[axis] else cuts[axis] for axis in range(x.rank)]
    return Held(x.first()[tuple(chosen)])


@operation("slice_by_size")
def _slice_by_size(a: Arguments) -> Held:
    x = a["x"]
    begins, sizes = a.numbers("begin", []), a.numbers("size", [])
    cuts = [
        slice(begin, None if size == -1 else begin + size)
        for begin, size in zip(begins, sizes, strict=True)
    ]
    return x.like(x.tensor[tuple(x.ordered(cuts))])


@operation("concat")
def _concat(a: Arguments) -> Held:
    if bool(a.constant("interleave", False)):
        raise a.refuse("interleaves")
    values, axis = a.several("values"), int(a.constant("axis"))
    if values[0].rank == 4:
        lead = Held(values[0].last(), channels_last=True)
        return lead.like(tf.concat([value.last() for value in values], lead.axis(axis)))
    return Held(tf.concat([value.first() for value in values], axis))


@operation("split")
def _split(a: Arguments) -> list[Held]:
    x, axis = a["x"], int(a.constant("axis"))
    sizes = a.numbers("split_sizes", []) or int(a.constant("num_splits"))
    return [x.like(part) for part in tf.split(x.tensor, sizes, axis=x.axis(axis))]


@operation("transpose")
def _transpose(a: Arguments) -> Held:
    x, order = a["x"], a.numbers("perm", [])
    if x.channels_last and order == [0, 2, 3, 1]:
        return Held(x.tensor)
    if not x.channels_last and order == [0, 3, 1, 2]:
        return Held(x.tensor, channels_last=True)
    return Held(tf.transpose(x.first(), order))


@operation("reshape")
def _reshape(a: Arguments) -> Held:
    x, shape = a["x"].first(), a.numbers("shape", [])
    kept = [side or x.shape[axis] for axis, side in enumerate(shape)]  # 0 keeps a side
    return Held(tf.reshape(x, kept))


@operation("expand_dims")
def _expand_dims(a: Arguments) -> Held:
    x, axes = a["x"].first(), a.numbers("axes", [])
    rank = len(x.shape) + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        x = tf.expand_dims(x, axis)
    return Held(x)


@operation("squeeze")
def _squeeze(a: Arguments) -> Held:
    return Held(tf.squeeze(a["x"].first(), a.numbers("axes", []) or None))


@operation("tile")
def _tile(a: Arguments) -> Held:
    x = a["x"]
    return x.like(tf.tile(x.tensor, x.ordered(a.numbers("reps", []))))
