"""The first layers of EfficientNet-Lite0 as the loss network.

Small, Apache-2.0, and part of videostyle, while VGG-16 is a download of 58 MB. With the sliced
Wasserstein distance (`losses.py`) it judges style as well as VGG does.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from videostyle.errors import TrainError
from videostyle.models.making.front import (
    FEATURE_BLOCKS,
    STRIDES,
    FoldedConv,
    conv_names,
    read_front,
)
from videostyle.train.torch_weights import read_torch_weights

BATCH_NORM_EPSILON = 1e-3

# What EfficientNet's own file calls the convolutions and norms.
_TORCH_NAMES = {
    "stem": ("_conv_stem", "_bn0"),
    "expand": ("_blocks.{}._expand_conv", "_blocks.{}._bn0"),
    "depthwise": ("_blocks.{}._depthwise_conv", "_blocks.{}._bn1"),
    "project": ("_blocks.{}._project_conv", "_blocks.{}._bn2"),
}


class EfficientNetLite0:
    """Features in 0..6, after ReLU6."""

    feature_count = 1 + len(FEATURE_BLOCKS)
    # Block 4, and the finer block 2, without which windows, faces and antennas dissolve.
    content_shares: Mapping[int, float] = {2: 0.7, 3: 1.0}

    def __init__(self, weights: Path | None = None) -> None:
        """Load the weights.

        Args:
            weights: EfficientNet-Lite0's PyTorch file, or None for the weights that come with
                videostyle.

        Raises:
            TrainError: the file can't be used.
        """
        convs = read_front() if weights is None else read_torch_front(weights)
        self._convs = {name: _Conv(conv) for name, conv in convs.items()}

    def features(self, pictures: Any, count: int = feature_count) -> list[Any]:
        """As `LossNetwork.features`; the sides are 32 or more."""
        return list(islice(self._walk(pictures), count))

    def _walk(self, pictures: Any) -> Iterator[Any]:
        x = self._convs["stem"]((pictures * 255.0 - 127.0) / 128.0, stride=2)
        yield x
        for number, stride in enumerate(STRIDES):
            expand = self._convs.get(f"block{number}.expand")
            y = expand(x) if expand else x
            if number in FEATURE_BLOCKS:
                yield y
            y = self._convs[f"block{number}.depthwise"](y, stride)
            y = self._convs[f"block{number}.project"](y, relu=False)
            x = x + y if x.shape == y.shape else y


class _Conv:
    """A convolution, and ReLU6 after it."""

    def __init__(self, conv: FoldedConv) -> None:
        self._kernel, self._bias = map(ops.convert_to_tensor, (conv.kernel, conv.bias))
        self._convolve = ops.depthwise_conv if conv.depthwise else ops.conv

    def __call__(self, x: Any, stride: int = 1, relu: bool = True) -> Any:
        y = self._convolve(x, self._kernel, strides=stride, padding="same") + self._bias
        return ops.clip(y, 0.0, 6.0) if relu else y


def read_torch_front(path: Path) -> dict[str, FoldedConv]:
    """Read EfficientNet-Lite0's own file, as `read_front` reads ours.

    Raises:
        TrainError: it can't be used.
    """
    tensors = read_torch_weights(path)
    try:
        return {name: _fold(tensors, name) for name in conv_names()}
    except KeyError as error:
        raise TrainError(f"{path}: is not EfficientNet-Lite0: {error} is missing") from error


def _fold(tensors: dict[str, np.ndarray], name: str) -> FoldedConv:
    block, _, step = name.rpartition(".")
    conv, norm = (form.format(block.removeprefix("block")) for form in _TORCH_NAMES[step])
    kernel = tensors[f"{conv}.weight"]  # [out, in, kh, kw]
    scale = tensors[f"{norm}.weight"] / np.sqrt(
        tensors[f"{norm}.running_var"] + BATCH_NORM_EPSILON
    )  # [out]
    bias = tensors[f"{norm}.bias"] - tensors[f"{norm}.running_mean"] * scale
    depthwise = step == "depthwise"
    axes = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)  # to [kh, kw, C, 1] or [kh, kw, in, out]
    folded = (kernel * scale[:, None, None, None]).transpose(axes)
    return FoldedConv(folded.astype("float32"), bias.astype("float32"), depthwise)
