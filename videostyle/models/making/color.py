"""Colour features, which are compared in addition to a network's features.

The same lines run on NumPy and on `keras.ops`: `math` is one or the other.
"""

from typing import Any

import numpy as np

# Columns: Y', Cb and Cr of BT.709.
YCBCR = np.array(
    ((0.2126, -0.1146, 0.5), (0.7152, -0.3854, -0.4542), (0.0722, 0.5, -0.0458)), "float32"
)
COLOR_SPREAD = 8.0

QUANTILES = 16
# Directions in colour space (Y', Cb, Cr) along which colours are sorted: the axes and diagonals.
DIRECTIONS = np.array(
    [
        (1, 0, 0), (0, 1, 0), (0, 0, 1),
        (1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1),
        (1, 1, 1), (1, 1, -1), (1, -1, 1), (1, -1, -1),
    ],
    "float32",
).T  # fmt: skip
DIRECTIONS /= np.linalg.norm(DIRECTIONS, axis=0)


def color_features(pictures: Any, math: Any = np) -> Any:
    """What a loss network misses: each pixel's colour, and how it differs from its neighbours.

    A network whose first layer samples every second pixel can be fooled by red and green stripes
    one pixel wide, which no painting has.

    Args:
        pictures: float32 [N, H, W, 3], RGB in 0..1.
        math: NumPy or `keras.ops`.

    Returns:
        float32 [N, H-1, W-1, 9]: Y'CbCr and its differences to the right and down, scaled to
        about the range of a network's features.
    """
    color = math.matmul(pictures, YCBCR) * COLOR_SPREAD  # [N, H, W, 3]
    here = color[:, :-1, :-1]
    return math.concatenate([here, color[:, :-1, 1:] - here, color[:, 1:, :-1] - here], axis=-1)


def color_quantiles(pixels: Any, math: Any = np) -> Any:
    """The colours of pictures: sorted along 13 directions, and sampled at 16 places.

    Args:
        pixels: float32 [N, P, 3], RGB in 0..1.
        math: NumPy or `keras.ops`.

    Returns:
        float32 [N, 208].
    """
    projected = math.matmul(math.matmul(pixels, YCBCR), DIRECTIONS)  # [N, P, 13]
    count = projected.shape[1]
    places = [round((number + 0.5) / QUANTILES * count - 0.5) for number in range(QUANTILES)]
    ordered = math.sort(math.transpose(projected, (0, 2, 1)), axis=-1)  # [N, 13, P]
    chosen = math.take(ordered, np.array(places, "int32"), axis=-1)  # [N, 13, 16]
    return math.reshape(chosen, (-1, DIRECTIONS.shape[1] * QUANTILES))
