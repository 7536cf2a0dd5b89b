"""VGG-16 as the loss network, as in Johnson et al. 2016 and most work since.

Keras has it and downloads its weights, 58 MB, when they are first needed.
"""

import contextlib
import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
from keras import ops

from videostyle.errors import TrainError

# Each after its ReLU: full size with 64 channels, then at every halving 128, 256 and 512.
FEATURE_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")

# Of ImageNet, in the order blue, green, red, in levels: what the weights were trained with.
MEANS = (103.939, 116.779, 123.68)


class Vgg16:
    """Features of 0 and more, after ReLU."""

    feature_count = len(FEATURE_LAYERS)
    content_shares: Mapping[int, float] = {2: 1.4}  # block3_conv3

    def __init__(self, network: keras.Model) -> None:
        """Take `keras.applications.VGG16(include_top=False)`."""
        outputs = [network.get_layer(name).output for name in FEATURE_LAYERS]
        self._heads = [
            keras.Model(network.input, outputs[: count + 1]) for count in range(self.feature_count)
        ]

    @classmethod
    def open(cls, weights: Path | None = None) -> "Vgg16":
        """Load the weights.

        Args:
            weights: a file in Keras' format without the last layers, or None for Keras' download.

        Raises:
            TrainError: the file can't be used, or the download failed.
        """
        try:
            # Keras reports a download on stdout, where only results belong.
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)  # of a layer left with random weights
                return cls(
                    keras.applications.VGG16(include_top=False, weights=str(weights or "imagenet"))
                )
        except Exception as error:  # a failed download is a plain Exception of Keras
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            if weights is not None:
                raise TrainError(f"{weights}: has no weights of VGG-16: {reason}") from error
            raise TrainError(
                f"cannot download the weights of VGG-16: {reason}; try again with a "
                "connection, or use --features efficientnet-lite0"
            ) from error

    def features(self, pictures: Any, count: int = feature_count) -> list[Any]:
        """As `LossNetwork.features`; the sides are 8 or more."""
        levels = ops.flip(pictures, axis=-1) * 255.0 - ops.convert_to_tensor(MEANS)
        found = self._heads[count - 1](levels, training=False)
        return list(found) if isinstance(found, list | tuple) else [found]
