"""A style network as an OpenVINO graph, for frames of one size.

A graph for a fixed size is faster than one for all sizes, and is built in milliseconds. Its first
and last operations turn frames into levels and back: pad to the network's multiple by reflection,
paint, crop, round. Without the exact crop, 853 columns would come back as 856 and the picture would
shift.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from openvino import Model, Type
from openvino import opset13 as ops

from videostyle.backends.base import margins
from videostyle.frames import Size
from videostyle.models.spec import NetworkSpec
from videostyle.models.topology import INPUT, Layer, layers_of

Arrays = Mapping[str, np.ndarray]

# Our own kind of layer; see `_upsampled_conv`.
UPSAMPLED_CONV = "UpsampledConv2D"

AXES = (2, 3)  # height and width of [N, C, H, W]


def build_graph(spec: NetworkSpec, arrays: Arrays, size: Size) -> Model:
    """Build a network.

    Args:
        spec: what the network is.
        arrays: its weights by name, as from `read_weights`.
        size: of the frames.

    Returns:
        A model from uint8 [1, H, W, 3] to the same form.
    """
    rows, columns = (margins(side, spec.size_multiple) for side in (size.height, size.width))
    frames = ops.parameter([1, size.height, size.width, 3], np.uint8, name="frames")
    levels = ops.convert(ops.transpose(frames, [0, 3, 1, 2]), "f32")  # [1, 3, H, W]
    outputs = {INPUT: _pad(levels, rows, columns, "reflect")}
    for layer in _merged(layers_of(spec)):
        inputs = [outputs[name] for name in layer.inputs]
        outputs[layer.name] = _BUILDERS[layer.kind](layer, arrays, *inputs)
    painted = _crop(outputs[layers_of(spec)[-1].name], rows, columns, size)
    painted = ops.round(ops.clamp(painted, 0.0, 255.0), "half_to_even")
    painted = ops.transpose(ops.convert(painted, Type.u8), [0, 2, 3, 1])  # [1, H, W, 3]
    return Model([ops.result(painted)], [frames], spec.architecture)


def _merged(layers: Iterable[Layer]) -> Iterator[Layer]:
    """Merge each doubling of the size with the convolution after it."""
    doubling: Layer | None = None
    for layer in layers:
        if layer.kind == "NearestUpsample":
            doubling = layer
        elif doubling is None:
            yield layer
        elif layer.kind == "Conv2D":
            yield replace(layer, kind=UPSAMPLED_CONV, inputs=doubling.inputs)
            doubling = None
        # The merged layer also does the padding between the two.


def _conv2d(layer: Layer, arrays: Arrays, x: Any) -> Any:
    kernel = arrays[f"{layer.name}/kernel"].transpose(3, 2, 0, 1)  # [out, in, h, w]
    x = ops.convolution(x, _constant(kernel), *_steps(layer))
    return _with_bias(layer, arrays, x)


def _separable(layer: Layer, arrays: Arrays, x: Any) -> Any:
    depthwise = arrays[f"{layer.name}/depthwise_kernel"].transpose(2, 3, 0, 1)  # [in, 1, h, w]
    pointwise = arrays[f"{layer.name}/pointwise_kernel"].transpose(3, 2, 0, 1)  # [out, in, 1, 1]
    x = ops.group_convolution(x, _constant(depthwise[:, np.newaxis]), *_steps(layer))
    x = ops.convolution(x, _constant(pointwise), [1, 1], [0, 0], [0, 0], [1, 1])
    return _with_bias(layer, arrays, x)


def _transposed(layer: Layer, arrays: Arrays, x: Any) -> Any:
    kernel = arrays[f"{layer.name}/kernel"].transpose(3, 2, 0, 1)  # [in, out, h, w]
    strides, begin, end, _ = _steps(layer)
    return ops.convolution_backprop_data(
        x, _constant(kernel), strides, pads_begin=begin, pads_end=end
    )


def _upsampled_conv(layer: Layer, arrays: Arrays, x: Any) -> Any:
    """Repeat every pixel 2 x 2 and convolve with 3 x 3: the same as one transposed convolution.

    A repeated pixel meets each tap of the kernel twice, so it affects 4 x 4 pixels of the output:
    the mirrored kernel, added to itself one pixel further. That takes 16 products for 2 x 2 pixels
    instead of 36, which saves a fifth of the whole `reference` network.
    """
    kernel = arrays[f"{layer.name}/kernel"][::-1, ::-1].transpose(2, 3, 0, 1)  # [in, out, 3, 3]
    mark = np.zeros((*kernel.shape[:2], 4, 4), np.float32)
    for row, column in np.ndindex(2, 2):
        mark[..., row : row + 3, column : column + 3] += kernel
    margin = 1
    if layer.settings["padding"] == "valid":
        # Reflecting the doubled picture by one pixel repeats the edge of the small one.
        x, margin = _pad(x, (1, 1), (1, 1), "edge"), 3
    pads = [margin, margin]
    x = ops.convolution_backprop_data(x, _constant(mark), [2, 2], pads_begin=pads, pads_end=pads)
    return _with_bias(layer, arrays, x)


def _steps(layer: Layer) -> tuple[list[int], list[int], list[int], list[int]]:
    """Strides, padding before and after, dilation; like TensorFlow, an odd pixel goes after."""
    stride = layer.settings["strides"]
    total = layer.settings["kernel_size"] - stride if layer.settings["padding"] == "same" else 0
    return [stride] * 2, [total // 2] * 2, [total - total // 2] * 2, [1, 1]


def _with_bias(layer: Layer, arrays: Arrays, x: Any) -> Any:
    bias = arrays.get(f"{layer.name}/bias")
    return x if bias is None else ops.add(x, _per_channel(bias))


def _instance_norm(layer: Layer, arrays: Arrays, x: Any) -> Any:
    axes = _constant(np.array(AXES, np.int64))
    x = ops.mvn(x, axes, True, layer.settings["epsilon"], "inside_sqrt")
    gamma, beta = (_per_channel(arrays[f"{layer.name}/{name}"]) for name in ("gamma", "beta"))
    return ops.add(ops.multiply(x, gamma), beta)


def _batch_norm(layer: Layer, arrays: Arrays, x: Any) -> Any:
    gamma, beta, mean, variance = (arrays[f"{layer.name}/{name}"] for name in layer.weights)
    scale = gamma / np.sqrt(variance + np.float32(layer.settings["epsilon"]))
    return ops.add(ops.multiply(x, _per_channel(scale)), _per_channel(beta - mean * scale))


def _scale_and_shift(layer: Layer, arrays: Arrays, x: Any) -> Any:
    scale, shift = (np.float32(layer.settings[name]) for name in ("scale", "shift"))
    return ops.add(ops.multiply(x, _constant(scale)), _constant(shift))


def _reflect_pad(layer: Layer, arrays: Arrays, x: Any) -> Any:
    side = (layer.settings["margin"],) * 2
    return _pad(x, side, side, "reflect")


def _depth_to_space(layer: Layer, arrays: Arrays, x: Any) -> Any:
    return ops.depth_to_space(x, "blocks_first", 2)


def _activation(layer: Layer, arrays: Arrays, x: Any) -> Any:
    return {"tanh": ops.tanh, "sigmoid": ops.sigmoid}[layer.settings["activation"]](x)


_BUILDERS: dict[str, Callable[..., Any]] = {
    "ScaleAndShift": _scale_and_shift,
    "ReflectPad": _reflect_pad,
    "Conv2D": _conv2d,
    "SeparableConv2D": _separable,
    "Conv2DTranspose": _transposed,
    "InstanceNorm": _instance_norm,
    "BatchNormalization": _batch_norm,
    "ReLU": lambda layer, arrays, x: ops.relu(x),
    "Add": lambda layer, arrays, x, y: ops.add(x, y),
    UPSAMPLED_CONV: _upsampled_conv,
    "DepthToSpace": _depth_to_space,
    "Activation": _activation,
}


def _pad(x: Any, rows: tuple[int, int], columns: tuple[int, int], mode: str) -> Any:
    if not any(rows + columns):
        return x
    return ops.pad(x, [0, 0, rows[0], columns[0]], [0, 0, rows[1], columns[1]], mode)


def _crop(x: Any, rows: tuple[int, int], columns: tuple[int, int], size: Size) -> Any:
    if not any(rows + columns):
        return x
    begin = (rows[0], columns[0])
    end = (rows[0] + size.height, columns[0] + size.width)
    return ops.slice(x, *(np.array(each, np.int64) for each in (begin, end, (1, 1), AXES)))


def _per_channel(values: np.ndarray) -> Any:
    return _constant(values.reshape(1, -1, 1, 1))


def _constant(values: Any) -> Any:
    return ops.constant(np.ascontiguousarray(values))
