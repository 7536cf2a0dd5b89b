"""The terms of the loss, each a plain function of arrays. Pictures are float32 in 0..1."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from keras import ops

LUMA = (0.2126, 0.7152, 0.0722)  # BT.709

# Columns: Y', Cb and Cr of BT.709.
YCBCR = ((0.2126, -0.1146, 0.5), (0.7152, -0.3854, -0.4542), (0.0722, 0.5, -0.0458))
COLOR_SPREAD = 8.0

# A network with strides of 2 repeats itself every 4 pixels, if it is allowed to.
GRID_PERIOD = 4
GRID_BLOCK = 32

# Squared distance of two colours, in 0..1, below which they count as one: 15 levels.
SAME_COLOR = 0.06**2


def mean_square(difference: Any) -> Any:
    """Scalar mean of squares."""
    return ops.mean(ops.square(difference))


@dataclass(frozen=True)
class Clouds:
    """Two clouds of feature vectors to compare, as many of each, and how to look at them.

    Attributes:
        features: float32 [N, P, C], vectors at P positions of N pictures.
        painting: float32 [P, C], of the painting.
        directions: float32 [C, K], unit columns, new ones at each step.
        weight: how much this pair counts.
    """

    features: Any
    painting: Any
    directions: Any
    weight: float = 1.0


def sliced_wasserstein(clouds: Iterable[Clouds]) -> Any:
    """How unlike clouds of feature vectors are, seen along random directions.

    Returns:
        Scalar: the weighted sum of each pair's mean squared distance of the sorted projections.

    Source: Heitz et al. 2021, https://arxiv.org/abs/2006.07229
    """
    # Sorting is most of the work, and of a compiler's time: clouds of one size are sorted at once.
    projections: dict[int, list[tuple[Any, Any]]] = {}
    for cloud in clouds:
        directions = cloud.directions * math.sqrt(cloud.weight / cloud.directions.shape[1])
        projections.setdefault(cloud.painting.shape[0], []).append(
            (
                ops.einsum("npc,ck->nkp", cloud.features, directions),
                ops.einsum("pc,ck->kp", cloud.painting, directions),
            )
        )
    total = 0.0
    for pairs in projections.values():
        ours, theirs = (ops.concatenate(part, axis=-2) for part in zip(*pairs, strict=True))
        difference = ops.sort(ours, axis=-1) - ops.sort(theirs, axis=-1)  # [N, sum of K, P]
        total += ops.sum(ops.mean(ops.square(difference), axis=(0, 2)))
    return total


def color_features(pictures: Any) -> Any:
    """What a loss network overlooks: each pixel's colour and how it differs from its neighbours.

    A network whose first layer takes every second pixel can be pleased by stripes of red and green
    one pixel wide, which no painting has.

    Args:
        pictures: float32 [N, H, W, 3], RGB in 0..1.

    Returns:
        float32 [N, H-1, W-1, 9]: Y'CbCr and its steps to the right and down, spread to about the
        range of a network's features.
    """
    color = ops.matmul(pictures, ops.convert_to_tensor(YCBCR)) * COLOR_SPREAD  # [N, H, W, 3]
    here = color[:, :-1, :-1]
    return ops.concatenate([here, color[:, :-1, 1:] - here, color[:, 1:, :-1] - here], axis=-1)


def total_variation(pictures: Any) -> Any:
    """Scalar: mean squared difference of neighbouring pixels of float32 [N, H, W, 3]."""
    return mean_square(pictures[:, 1:] - pictures[:, :-1]) + mean_square(
        pictures[:, :, 1:] - pictures[:, :, :-1]
    )


def grid_pattern(pictures: Any) -> Any:
    """Scalar: how much of float32 [N, H, W, 3] repeats every 4 pixels, sides from 36.

    In each block of 32 x 32 pixels, the fine detail is averaged over the 64 pixels that lie 4
    apart: strokes average out, a grid stays.
    """
    fine = pictures[:, 2:-2, 2:-2] - ops.average_pool(pictures, 5, 1)  # flat on a ramp
    rows, columns = (side // GRID_BLOCK for side in fine.shape[1:3])
    cells = GRID_BLOCK // GRID_PERIOD
    fine = fine[:, : rows * GRID_BLOCK, : columns * GRID_BLOCK]
    blocks = ops.reshape(fine, (-1, rows, cells, GRID_PERIOD, columns, cells, GRID_PERIOD, 3))
    return mean_square(ops.mean(blocks, axis=(2, 5)))


def strange_colors(pictures: Any, palette: Any) -> Any:
    """Scalar: how far the colours of float32 [N, H, W, 3] are from those of the painting.

    Mean squared distance to the nearest of the palette's [K, 3]; small ones count as none.
    """
    pixels = ops.reshape(pictures, (-1, 3))
    squares = ops.sum(ops.square(pixels), axis=1, keepdims=True)  # [P, 1]
    distances = (
        squares
        - 2 * ops.matmul(pixels, ops.transpose(palette))
        + ops.sum(ops.square(palette), axis=1)
    )  # [P, K]
    return ops.mean(ops.relu(ops.min(distances, axis=1) - SAME_COLOR))


def luminance_difference(output: Any, photo: Any) -> Any:
    """Scalar: how differently light and dark lie in two batches [N, H, W, 3].

    Both are averaged over 8 x 8 pixels and brought to one mean and contrast first, so that the
    painting may be darker or flatter as a whole.
    """
    return mean_square(_standard_luma(output) - _standard_luma(photo))


def _standard_luma(pictures: Any) -> Any:
    luma = ops.sum(pictures * ops.convert_to_tensor(LUMA), axis=-1, keepdims=True)  # [N, H, W, 1]
    small = ops.average_pool(luma, 8, 8)  # [N, H/8, W/8, 1]
    mean, variance = ops.moments(small, axes=[1, 2], keepdims=True)
    return (small - mean) * ops.rsqrt(variance + 1e-4)
