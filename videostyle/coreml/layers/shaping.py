"""Layers that move numbers and compute nothing."""

from typing import Any

from videostyle.coreml.layers.convolution import borders
from videostyle.coreml.layers.steps import Steps, layer


@layer("padding")
def _padding(params: Any, steps: Steps) -> None:
    modes = {"constant": "constant", "reflection": "reflect", "replication": "replicate"}
    mode = modes[params.WhichOneof("PaddingType") or "constant"]
    value = params.constant.value if mode == "constant" else None
    pad = borders(params.paddingAmounts)
    steps.end("pad", x=steps.x, pad=pad, mode=mode, constant_val=value)


@layer("constantPad")
def _constant_pad(params: Any, steps: Steps) -> None:
    if params.padToGivenOutputSizeMode:
        raise ValueError("a padding up to a given size")
    pad = [int(amount) for amount in params.padAmounts]
    steps.end("pad", x=steps.x, pad=pad, mode="constant", constant_val=params.value)


@layer("crop")
def _crop(params: Any, steps: Steps) -> None:
    if len(steps.inputs) == 1:
        top, bottom, left, right = borders(params.cropAmounts)
        steps.end("crop", x=steps.x, crop_height=[top, bottom], crop_width=[left, right])
        return
    offset = [int(each) for each in params.offset] or [0, 0]
    steps.end("crop_like", x=steps.x, like=steps.inputs[1], offset=offset)


@layer("slice")
def _slice(params: Any, steps: Steps) -> None:
    axis = params.axis + 1
    begin, end, stride = [0] * 4, [0] * 4, [1] * 4
    begin[axis], end[axis], stride[axis] = params.startIndex, params.endIndex, params.stride or 1
    others = [each != axis for each in range(4)]
    steps.end(
        "slice_by_index",
        x=steps.x,
        begin=begin,
        end=end,
        stride=stride,
        begin_mask=others,
        end_mask=others,
    )


@layer("sliceStatic")
def _slice_static(params: Any, steps: Steps) -> None:
    steps.end(
        "slice_by_index",
        x=steps.x,
        begin=list(params.beginIds),
        end=list(params.endIds),
        stride=list(params.strides),
        begin_mask=list(params.beginMasks),
        end_mask=list(params.endMasks),
        squeeze_mask=list(params.squeezeMasks) or None,
    )


@layer("concat")
def _concat(params: Any, steps: Steps) -> None:
    axis = 0 if params.sequenceConcat else 1
    steps.end("concat", values=tuple(steps.inputs), axis=axis)


@layer("concatND")
def _concat_nd(params: Any, steps: Steps) -> None:
    steps.end("concat", values=tuple(steps.inputs), axis=steps.axis(params.axis))


@layer("stack")
def _stack(params: Any, steps: Steps) -> None:
    steps.end("stack", values=tuple(steps.inputs), axis=steps.axis(params.axis))


@layer("split")
def _split(params: Any, steps: Steps) -> None:
    steps.end("split", x=steps.x, num_splits=len(steps.layer.output), axis=1)


@layer("splitND")
def _split_nd(params: Any, steps: Steps) -> None:
    sizes = [int(each) for each in params.splitSizes] or None
    count = None if sizes else len(steps.layer.output)
    axis = steps.axis(params.axis)
    steps.end("split", x=steps.x, num_splits=count, split_sizes=sizes, axis=axis)


@layer("permute")
def _permute(params: Any, steps: Steps) -> None:
    steps.end("transpose", x=steps.x, perm=[int(axis) for axis in params.axis])


@layer("transpose")
def _transpose(params: Any, steps: Steps) -> None:
    axes = [int(axis) for axis in params.axes]
    if steps.five_axes and len(axes) == 5:
        if axes[0] != 0:
            raise ValueError("a transpose of the sequence")
        axes = [axis - 1 for axis in axes[1:]]
    steps.end("transpose", x=steps.x, perm=axes)


@layer("reshape")
def _reshape(params: Any, steps: Steps) -> None:
    channels, height, width = [int(side) for side in params.targetShape][-3:]
    if params.mode == 0:
        steps.end("reshape", x=steps.x, shape=[1, channels, height, width])
        return
    last = steps.add("transpose", x=steps.x, perm=[0, 2, 3, 1])
    shaped = steps.add("reshape", x=last, shape=[1, height, width, channels])
    steps.end("transpose", x=shaped, perm=[0, 3, 1, 2])


@layer("flatten")
def _flatten(params: Any, steps: Steps) -> None:
    x = steps.x
    if params.mode == 1:
        x = steps.add("transpose", x=x, perm=[0, 2, 3, 1])
    steps.end("reshape", x=x, shape=[1, -1, 1, 1])


@layer("flattenTo2D")
def _flatten_to_2d(params: Any, steps: Steps) -> None:
    if params.axis != 1:
        raise ValueError("a flattenTo2D of another axis than 1")
    steps.end("reshape", x=steps.x, shape=[0, -1])


@layer("reshapeStatic", "rankPreservingReshape")
def _reshape_static(params: Any, steps: Steps) -> None:
    shape = [int(side) for side in params.targetShape]
    if steps.five_axes and len(shape) == 5:
        shape = shape[1:]
    steps.end("reshape", x=steps.x, shape=shape)


@layer("squeeze")
def _squeeze(params: Any, steps: Steps) -> None:
    axes = None if params.squeezeAll else [steps.axis(int(axis)) for axis in params.axes]
    steps.end("squeeze", x=steps.x, axes=axes)


@layer("expandDims")
def _expand_dims(params: Any, steps: Steps) -> None:
    steps.end("expand_dims", x=steps.x, axes=[steps.axis(int(axis)) for axis in params.axes])


@layer("tile")
def _tile(params: Any, steps: Steps) -> None:
    steps.end("tile", x=steps.x, reps=[int(each) for each in params.reps])
