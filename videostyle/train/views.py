"""Squares cut from pictures at any scale, as matrix products: fast if pictures are on a GPU.

Pictures are stored as squares of one size; a view is a square part of one, scaled, maybe mirrored.
"""

from typing import Any

import numpy as np
from keras import ops


def draw_views(
    random: np.random.Generator, scales: np.ndarray, tiles: int, source: int, side: int
) -> dict[str, np.ndarray]:
    """Draw where to cut.

    Args:
        random: the random generator.
        scales: float [N], the side in pixels to which each whole picture is scaled, `side` or more.
        tiles: squares for each picture, all at its scale.
        source: side of the pictures.
        side: of the squares to cut.

    Returns:
        `top`, `left` and `step`, float32 [N, tiles]: the first pixel's place and the distance of
        two pixels, in pixels of the picture; a mirrored square runs leftwards: `across` is the
        step there.
    """
    count = len(scales)
    step = np.repeat((source / scales)[:, None], tiles, 1)  # [N, tiles]
    room = source - side * step  # for the position of the square
    top, left = (random.uniform(0, 1, (2, count, tiles))) * room + (step - 1) / 2
    mirrored = np.repeat(random.random((count, 1)) < 0.5, tiles, 1)
    left = np.where(mirrored, left + (side - 1) * step, left)
    across = np.where(mirrored, -step, step)
    places = {"top": top, "left": left, "step": step, "across": across}
    return {name: value.astype("float32") for name, value in places.items()}


def cut_views(pictures: Any, places: dict[str, Any], side: int) -> Any:
    """Cut squares.

    Args:
        pictures: float32 [N, S, S, 3].
        places: from `draw_views`.
        side: of the squares.

    Returns:
        float32 [N, tiles, side, side, 3]; as a cubic interpolation, wide enough when scaling down.
    """
    source = pictures.shape[1]
    rows = _sampling(places["top"], places["step"], source, side)  # [N, tiles, side, S]
    columns = _sampling(places["left"], places["across"], source, side)
    return ops.einsum("ntij,ntkl,njlc->ntikc", rows, columns, pictures)


def _sampling(first: Any, step: Any, source: int, side: int) -> Any:
    """Matrices that read `side` values out of `source`."""
    at = first[..., None] + step[..., None] * ops.arange(side, dtype="float32")  # [N, tiles, side]
    width = ops.maximum(ops.abs(step), 1.0)[..., None, None]
    distance = ops.abs(at[..., None] - ops.arange(source, dtype="float32")) / width
    near = (1.5 * distance - 2.5) * distance * distance + 1.0  # Keys 1981, with -1/2
    far = ((2.5 - 0.5 * distance) * distance - 4.0) * distance + 2.0
    weights = ops.where(distance < 1.0, near, ops.where(distance < 2.0, far, 0.0))
    return weights / ops.sum(weights, axis=-1, keepdims=True)
