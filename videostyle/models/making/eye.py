"""The first layers of EfficientNet-Lite0 in OpenVINO, to look at a painting without TensorFlow."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from videostyle.models.making.color import color_features
from videostyle.models.making.front import FEATURE_BLOCKS, STRIDES, FoldedConv, read_front
from videostyle.models.making.look import LOOK_SCALES, describe_look, inner_vectors, some_pixels


def look_at(painting: np.ndarray) -> np.ndarray:
    """Compute the look of a painting, for the maker.

    Args:
        painting: float32 [H, W, 3], RGB in 0..1, sides of 64 or more.

    Returns:
        float32 [1, look].
    """
    from openvino import compile_model

    scaled = [painting[None]]
    while len(scaled) < LOOK_SCALES:
        scaled.append(_halve(scaled[-1]))
    front = read_front()
    features = []
    for picture in scaled:
        # In bf16, OpenVINO's default where it is supported, looks differ from those in training.
        exact = {"INFERENCE_PRECISION_HINT": "f32"}
        found = compile_model(_build(front, picture.shape), "CPU", exact)(picture)
        layers = [found[number].transpose(0, 2, 3, 1) for number in range(len(found))]
        features.append([inner_vectors(x) for x in (*layers, color_features(picture))])
    look: np.ndarray = describe_look(features, some_pixels(scaled[1])).astype("float32")
    return look


def _halve(pictures: np.ndarray) -> np.ndarray:
    """Average 2 x 2 pixels of [N, H, W, 3]; an odd last row or column is dropped."""
    n, height, width, channels = pictures.shape
    even = pictures[:, : height // 2 * 2, : width // 2 * 2]
    blocks = even.reshape(n, height // 2, 2, width // 2, 2, channels)
    halved: np.ndarray = blocks.mean((2, 4), dtype="float32")
    return halved


def _build(front: dict[str, FoldedConv], shape: tuple[int, ...]) -> Any:
    from openvino import Model
    from openvino import opset13 as ops

    picture = ops.parameter(list(shape), np.float32)
    levels = ops.transpose(picture, [0, 3, 1, 2])  # [1, 3, H, W]
    scaled = ops.multiply(
        ops.subtract(ops.multiply(levels, np.float32(255)), np.float32(127)), np.float32(1 / 128)
    )
    return Model([ops.result(x) for x in _walk(front, scaled)], [picture], "look")


def _walk(front: dict[str, FoldedConv], scaled: Any) -> Iterator[Any]:
    """The same layers as in `train/efficientnet.py`, up to the last feature."""
    from openvino import opset13 as ops

    x = _conv(front["stem"], scaled, 2)
    yield x
    for number, stride in enumerate(STRIDES):
        expand = front.get(f"block{number}.expand")
        y = _conv(expand, x) if expand else x
        if number in FEATURE_BLOCKS:
            yield y
        if number == FEATURE_BLOCKS[-1]:
            return
        y = _conv(front[f"block{number}.depthwise"], y, stride)
        y = _conv(front[f"block{number}.project"], y, relu=False)
        x = ops.add(x, y) if x.get_output_shape(0) == y.get_output_shape(0) else y


def _conv(conv: FoldedConv, x: Any, stride: int = 1, relu: bool = True) -> Any:
    from openvino import opset13 as ops

    steps = [stride, stride], [0, 0], [0, 0], [1, 1]
    if conv.depthwise:
        kernel = np.ascontiguousarray(conv.kernel.transpose(2, 3, 0, 1)[:, :, None])
        y = ops.group_convolution(x, kernel, *steps, auto_pad="same_upper")  # [C, 1, 1, h, w]
    else:
        kernel = np.ascontiguousarray(conv.kernel.transpose(3, 2, 0, 1))  # [out, in, h, w]
        y = ops.convolution(x, kernel, *steps, auto_pad="same_upper")
    y = ops.add(y, conv.bias.reshape(1, -1, 1, 1))
    return ops.clamp(y, 0.0, 6.0) if relu else y
