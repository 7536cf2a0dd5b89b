"""How a painting looks, as one vector: the input of the maker.

Mean and standard deviation of each feature of the loss network and of each colour feature, for the
painting and for its half-size version, and quantiles of its colours.

The same lines run on NumPy and on `keras.ops`: `math` is one or the other.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

LOOK_SCALES = 2
VARIANCE_FLOOR = 1e-6


def describe_look(features: Sequence[Sequence[Any]], pixels: Any, math: Any = np) -> Any:
    """Assemble a look.

    Args:
        features: for each of the two scales, for each layer and the colours [N, P, C]: vectors at
            P positions, without those at the border.
        pixels: float32 [N, P, 3], some of the half-size version's, RGB in 0..1.
        math: NumPy or `keras.ops`.

    Returns:
        float32 [N, look].
    """
    from videostyle.models.making.color import color_quantiles

    parts = []
    for layers in features[:LOOK_SCALES]:
        for vectors in layers:
            parts += [math.mean(vectors, axis=1), _deviation(vectors, math)]
    return math.concatenate([*parts, color_quantiles(pixels, math)], axis=-1)


def _deviation(vectors: Any, math: Any) -> Any:
    mean = math.mean(vectors, axis=1, keepdims=True)
    return math.sqrt(math.mean(math.square(vectors - mean), axis=1) + VARIANCE_FLOOR)


def inner_vectors(features: Any, math: Any = np) -> Any:
    """[N, P, C] from [N, h, w, C], without the border, which saw padding."""
    inner = features[:, 1:-1, 1:-1] if min(features.shape[1:3]) > 2 else features
    n, height, width, channels = inner.shape
    return math.reshape(inner, (n, height * width, channels))


def some_pixels(halved: Any, math: Any = np) -> Any:
    """Every fourth pixel [N, P, 3] of the half-size version [N, h, w, 3]."""
    some = halved[:, ::2, ::2]
    n, height, width, channels = some.shape
    return math.reshape(some, (n, height * width, channels))
