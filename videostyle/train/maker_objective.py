"""The loss of the maker: each photo of a batch has its own painting."""

from typing import Any

import numpy as np
from keras import ops

from videostyle.models.making.look import LOOK_SCALES, describe_look, some_pixels
from videostyle.train.features import as_vectors, pyramid
from videostyle.train.loss_network import LossNetwork
from videostyle.train.objective import BareObjective, Data
from videostyle.train.train_config import LossWeights

# Squares shown of each painting: one alone may miss half of its colours.
TILES = 2
MOST_POSITIONS = 2048
PALETTE_COLORS = 128


class MakerObjective(BareObjective):
    """A `BareObjective` for paintings that are passed in as squares."""

    def __init__(self, network: LossNetwork, photos: np.ndarray, weights: LossWeights) -> None:
        super().__init__(network, photos, weights, MOST_POSITIONS)

    def painting_counts(self) -> list[list[int]]:
        return [[TILES * count for count in layers] for layers in self.counts]

    def draw(self, random: np.random.Generator, batch_size: int) -> Data:
        pixels = TILES * (self._side // 4) ** 2
        picked = random.integers(pixels, size=PALETTE_COLORS, dtype="int32")
        return {**super().draw(random, batch_size), "palette_at": picked}

    def look_at(self, tiles: Any, data: Data) -> tuple[Any, Any, Any]:
        """Compute the looks of paintings float32 [N, TILES, S, S, 3] in 0..1.

        Returns:
            Looks [N, look]; what `loss` takes as the painting, and as its palette.
        """
        n, count, side, _, _ = tiles.shape
        scaled = pyramid(ops.reshape(tiles, (n * count, side, side, 3)))
        looked = [self.features.look(pictures) for pictures in scaled]
        raw = [[_of_each(as_vectors(f), n) for f in layers] for layers in looked[:LOOK_SCALES]]
        pixels = _of_each(some_pixels(scaled[1], ops), n)  # [N, P, 3]
        clouds = [
            [_of_each(as_vectors(f), n) for f in self.features.standardise(layers)]
            for layers in looked
        ]
        palette = ops.take(pixels, data["palette_at"], axis=1)  # [N, K, 3]
        return describe_look(raw, pixels, ops), clouds, palette


def _of_each(vectors: Any, n: int) -> Any:
    """[N * TILES, P, C] to [N, TILES * P, C]."""
    return ops.reshape(vectors, (n, -1, vectors.shape[-1]))
