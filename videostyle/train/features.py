"""Features of pictures as the loss compares them: standardised by photos, at several scales."""

from typing import Any

import numpy as np
from keras import ops

from videostyle.models.making.color import color_features
from videostyle.models.making.look import inner_vectors
from videostyle.train.loss_network import LossNetwork

SCALES = 3  # the picture itself, and halved once and twice: small and large strokes

# Added to each channel's deviation, so that an almost constant channel isn't amplified.
DEVIATION_FLOOR = 0.05


class StandardFeatures:
    """A loss network's features, and colours as one more, standardised by photos."""

    def __init__(self, network: LossNetwork, photos: np.ndarray) -> None:
        """Take uint8 photos [N, S, S, 3] to standardise by."""
        self._network = network
        found = self.look(as_unit(photos))
        self._means = [ops.mean(f, axis=(0, 1, 2)) for f in found]
        self._deviations = [ops.std(f, axis=(0, 1, 2)) + DEVIATION_FLOOR for f in found]

    @property
    def channels(self) -> list[int]:
        """Of each feature."""
        return [int(mean.shape[0]) for mean in self._means]

    def __call__(self, pictures: Any, count: int | None = None) -> list[Any]:
        """The first features or all, each [N, h, w, C]."""
        return self.standardise(self.look(pictures, count))

    def look(self, pictures: Any, count: int | None = None) -> list[Any]:
        """Features as they come from the network."""
        if count is not None:
            return self._network.features(pictures, count)
        return [*self._network.features(pictures), color_features(pictures, ops)]

    def standardise(self, features: list[Any]) -> list[Any]:
        """Scale each channel to mean 0 and deviation 1 over the photos."""
        return [
            (f - m) / d for f, m, d in zip(features, self._means, self._deviations, strict=False)
        ]

    def count_positions(self, side: int) -> list[list[int]]:
        """How many vectors a square picture has at each scale, in each layer."""
        blank = np.zeros((1, side, side, 3), "float32")
        return [[as_vectors(f).shape[1] for f in self.look(p)] for p in pyramid(blank)]


def pyramid(pictures: Any) -> list[Any]:
    """Pictures [N, H, W, 3] at each scale, the finest first."""
    levels = [ops.convert_to_tensor(pictures)]
    while len(levels) < SCALES:
        levels.append(ops.average_pool(levels[-1], 2, 2))
    return levels


def as_vectors(features: Any) -> Any:
    """[N, P, C] from [N, h, w, C], without the border."""
    return inner_vectors(features, ops)


def as_unit(photos: Any) -> Any:
    """Levels as float32 in 0..1."""
    return ops.cast(photos, "float32") / 255.0
