"""Known motion, so that a network can be asked to move its painting along with the picture.

A photo is shifted and stretched a little; what the network paints on the moved photo must be what
it painted on the photo, moved alike. No video is needed for that.

Rows and columns move apart from each other, so that moving is two matrix products: exact, with
cheap gradients on every library, where a general warp gathers and scatters single pixels.
"""

from typing import Any

import numpy as np
from keras import ops

MOST_ZOOM = 0.04
MOST_SHIFT = 0.05  # of the picture's side

Motions = dict[str, Any]


def draw_motions(random: np.random.Generator, count: int, side: int) -> Motions:
    """Draw shifts and stretches for pictures of side x side pixels.

    Returns:
        `rows` and `columns`, float32 [count, side]: for each row and column of the moved picture,
        where it was, in pixels.
    """
    return {axis: _draw_positions(random, count, side) for axis in ("rows", "columns")}


def _draw_positions(random: np.random.Generator, count: int, side: int) -> np.ndarray:
    zoom = random.uniform(1 - MOST_ZOOM, 1 + MOST_ZOOM, (count, 1))
    shift = random.uniform(-MOST_SHIFT, MOST_SHIFT, (count, 1)) * side
    middle = (side - 1) / 2
    return ((np.arange(side) - middle) * zoom + middle + shift).astype("float32")


def draw_jitter(random: np.random.Generator, count: int, side: int) -> Motions:
    """Draw shifts by 0 to 3 pixels, as motions.

    A loss network that takes every second pixel, and then every fourth, sees only one of several
    grids; a painting network that always met the same one would hide colours between them.
    """
    return {axis: np.minimum(np.arange(side) + random.integers(0, 4, (count, 1)),
                             side - 1).astype("float32") for axis in ("rows", "columns")}


def move(pictures: Any, motions: Motions) -> Any:
    """Move pictures float32 [N, S, S, C] bilinearly; 0 comes in from outside."""
    side = pictures.shape[1]
    rows = ops.einsum("nij,njkc->nikc", _interpolation(motions["rows"], side), pictures)
    return ops.einsum("nkl,nilc->nikc", _interpolation(motions["columns"], side), rows)


def _interpolation(positions: Any, side: int) -> Any:
    """The matrices [N, P, S] that read S values at P positions between them."""
    distance = ops.expand_dims(positions, -1) - ops.arange(side, dtype="float32")
    return ops.relu(1.0 - ops.abs(distance))


def motion_difference(painted_moved: Any, painted: Any, motions: Motions) -> Any:
    """Scalar: mean squared difference between painting the moved picture and moving the painting.

    Args:
        painted_moved: float32 [N, S, S, 3], the network's answer to the moved pictures.
        painted: float32 [N, S, S, 3], its answer to the pictures themselves.
        motions: what `draw_motions` gave.
    """
    side = painted.shape[1]
    rows, columns = (ops.cast((motions[axis] >= 0) & (motions[axis] <= side - 1), "float32")
                     for axis in ("rows", "columns"))
    inside = ops.einsum("ni,nk->nik", rows, columns)                       # [N, S, S]
    error = ops.sum(ops.square(painted_moved - move(painted, motions)), axis=-1) * inside
    return ops.sum(error) / (ops.sum(inside) * 3.0)
