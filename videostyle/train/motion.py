"""Known motion, to train a network to move its painting along with the picture.

A photo is shifted, stretched and rotated a little; painting the moved photo must give the moved
painting. That needs no video.

Rows and columns are moved separately, so that shifting and stretching are two matrix products, and
a rotation is two shears of a few shifted copies each: exact, with cheap gradients on every library,
while a general warp gathers and scatters single pixels.
"""

import math
from typing import Any

import numpy as np
from keras import ops

MOST_ZOOM = 0.04
MOST_SHIFT = 0.05  # of the picture's side
MOST_TURN = 0.02  # radians, 1.1 degrees; twice that takes 26 % more time on a CPU than none

# A pixel counts if everything it was read from was inside, apart from rounding.
ROUNDING = 1e-3

Motions = dict[str, Any]


def draw_motions(random: np.random.Generator, count: int, side: int) -> Motions:
    """Draw shifts, stretches and rotations for pictures of side x side pixels.

    Returns:
        `rows` and `columns`, float32 [count, side]: for each row and column of the moved picture,
        where it was, in pixels; and `lean`, float32 [count, side]: how far right of there each
        row was, and how far up each column.
    """
    motions = {axis: _draw_positions(random, count, side) for axis in ("rows", "columns")}
    # At most every second one: interpolating four times makes a picture slightly softer.
    turn = random.uniform(-MOST_TURN, MOST_TURN, (count, 1)) * random.integers(2, size=(count, 1))
    lean = (np.arange(side) - (side - 1) / 2) * turn
    return {**motions, "lean": lean.astype("float32")}


def _draw_positions(random: np.random.Generator, count: int, side: int) -> np.ndarray:
    zoom = random.uniform(1 - MOST_ZOOM, 1 + MOST_ZOOM, (count, 1))
    shift = random.uniform(-MOST_SHIFT, MOST_SHIFT, (count, 1)) * side
    middle = (side - 1) / 2
    return ((np.arange(side) - middle) * zoom + middle + shift).astype("float32")


def draw_jitter(random: np.random.Generator, count: int, side: int) -> Motions:
    """Draw shifts by 0 to 3 pixels, as motions.

    A loss network that samples every second pixel, and then every fourth, sees only one of several
    grids; if it were always the same one, the painting network would hide colours between them.
    """
    return {
        axis: np.minimum(np.arange(side) + random.integers(0, 4, (count, 1)), side - 1).astype(
            "float32"
        )
        for axis in ("rows", "columns")
    }


def move(pictures: Any, motions: Motions) -> Any:
    """Move pictures float32 [N, S, S, C]; 0 comes in from outside."""
    side = pictures.shape[1]
    moved = ops.einsum("nij,njkc->nikc", _interpolation(motions["rows"], side), pictures)
    moved = ops.einsum("nkl,nilc->nikc", _interpolation(motions["columns"], side), moved)
    return _turn(moved, motions["lean"]) if "lean" in motions else moved


def _turn(pictures: Any, lean: Any) -> Any:
    """Shear along the rows, then along the columns: by such small angles that is a turn."""
    side = pictures.shape[1]
    reach = math.ceil(MOST_TURN * side / 2) + 1
    steps = range(-reach, reach + 1)
    wide = ops.pad(pictures, ((0, 0), (0, 0), (reach, reach), (0, 0)))
    sheared = sum(
        _share(lean, step)[:, :, None, None] * wide[:, :, reach + step : reach + step + side]
        for step in steps
    )
    high = ops.pad(sheared, ((0, 0), (reach, reach), (0, 0), (0, 0)))
    return sum(
        _share(-lean, step)[:, None, :, None] * high[:, reach + step : reach + step + side]
        for step in steps
    )


def _share(shifts: Any, step: int) -> Any:
    """How much of the pixel `step` away belongs where lines are read `shifts` away."""
    return _cubic(ops.abs(shifts - step))


def _interpolation(positions: Any, side: int) -> Any:
    """The matrices [N, P, S] that read S values at P positions between them."""
    distance = ops.expand_dims(positions, -1) - ops.arange(side, dtype="float32")
    return _cubic(ops.abs(distance))


def _cubic(distance: Any) -> Any:
    """The weight of a pixel so far away (Keys 1981, with -1/2).

    Between bilinear neighbours a sharp picture blurs, and the network would be asked to paint
    softly instead of calmly.
    """
    near = (1.5 * distance - 2.5) * distance * distance + 1.0  # up to 1 pixel
    far = ((2.5 - 0.5 * distance) * distance - 4.0) * distance + 2.0  # 1 to 2
    return ops.where(distance < 1.0, near, ops.where(distance < 2.0, far, 0.0))


def motion_difference(painted_moved: Any, painted: Any, motions: Motions) -> Any:
    """Scalar: mean squared difference between painting the moved picture and moving the painting.

    Args:
        painted_moved: float32 [N, S, S, 3], the network's answer to the moved pictures.
        painted: float32 [N, S, S, 3], its answer to the pictures themselves.
        motions: what `draw_motions` gave.
    """
    covered = move(ops.ones_like(painted[..., :1]), motions)  # [N, S, S, 1]
    inside = ops.cast(ops.abs(covered - 1.0) < ROUNDING, "float32")
    error = ops.square(painted_moved - move(painted, motions)) * inside
    return ops.sum(error) / (ops.sum(inside) * 3.0)
