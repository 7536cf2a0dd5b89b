"""The terms of the loss, each a plain function of arrays. Pictures are float32 in 0..1."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from keras import ops

LUMA = (0.2126, 0.7152, 0.0722)  # BT.709

# Side of the blocks over which light and dark are compared: with 8, antennas and windows dissolved.
LUMA_BLOCK = 4

# A network with strides of 2 tends to repeat itself every 4 pixels.
GRID_PERIOD = 4
GRID_BLOCK = 32

# Squared distance, in 0..1, below which two colours count as the same: 15 levels.
SAME_COLOR = 0.06**2


def mean_square(difference: Any) -> Any:
    """Scalar mean of squares."""
    return ops.mean(ops.square(difference))


@dataclass(frozen=True)
class Clouds:
    """Two equally large clouds of feature vectors, and the directions to compare them along.

    Attributes:
        features: float32 [N, P, C], vectors at P positions of N pictures.
        painting: float32 [P, C], of the painting, or [N, P, C] if each picture has its own.
        directions: float32 [C, K], unit columns, new ones at each step.
        weight: how much this pair counts.
    """

    features: Any
    painting: Any
    directions: Any
    weight: Any = 1.0


def sliced_wasserstein(clouds: Iterable[Clouds]) -> Any:
    """How different clouds of feature vectors are, projected onto random directions.

    Returns:
        Scalar: the weighted sum of each pair's mean squared distance of the sorted projections.

    Source: Heitz et al. 2021, https://arxiv.org/abs/2006.07229
    """
    # Sorting takes most of the time, also for a compiler: clouds of one size are sorted together.
    projections: dict[int, list[tuple[Any, Any]]] = {}
    for cloud in clouds:
        directions = cloud.directions * (cloud.weight / cloud.directions.shape[1]) ** 0.5
        projections.setdefault(cloud.features.shape[1], []).append(
            (
                ops.einsum("npc,ck->nkp", cloud.features, directions),
                ops.einsum("...pc,ck->...kp", cloud.painting, directions),
            )
        )
    total = 0.0
    for pairs in projections.values():
        ours, theirs = (ops.concatenate(part, axis=-2) for part in zip(*pairs, strict=True))
        difference = ops.sort(ours, axis=-1) - ops.sort(theirs, axis=-1)  # [N, sum of K, P]
        total += ops.sum(ops.mean(ops.square(difference), axis=(0, 2)))
    return total


def total_variation(pictures: Any) -> Any:
    """Scalar: mean squared difference of neighbouring pixels of float32 [N, H, W, 3]."""
    return mean_square(pictures[:, 1:] - pictures[:, :-1]) + mean_square(
        pictures[:, :, 1:] - pictures[:, :, :-1]
    )


def grid_pattern(pictures: Any) -> Any:
    """Scalar: how much of float32 [N, H, W, 3] repeats every 4 pixels, sides from 36.

    In each block of 32 x 32 pixels, the fine detail is averaged over the 64 pixels that are 4
    apart: strokes average out, a grid remains.
    """
    fine = pictures[:, 2:-2, 2:-2] - ops.average_pool(pictures, 5, 1)  # flat on a ramp
    rows, columns = (side // GRID_BLOCK for side in fine.shape[1:3])
    cells = GRID_BLOCK // GRID_PERIOD
    fine = fine[:, : rows * GRID_BLOCK, : columns * GRID_BLOCK]
    blocks = ops.reshape(fine, (-1, rows, cells, GRID_PERIOD, columns, cells, GRID_PERIOD, 3))
    return mean_square(ops.mean(blocks, axis=(2, 5)))


def strange_colors(pictures: Any, palette: Any) -> Any:
    """Scalar: how far the colours of float32 [N, H, W, 3] are from those of the painting.

    Mean squared distance to the nearest colour of the palette [K, 3], or of each picture's own
    [N, K, 3]; small distances count as 0.
    """
    n, height, width, _ = pictures.shape
    pixels = ops.reshape(pictures, (n, height * width, 3))
    squares = ops.sum(ops.square(pixels), axis=-1, keepdims=True)  # [N, P, 1]
    products = ops.einsum("npc,...kc->npk", pixels, palette)
    lengths = ops.expand_dims(ops.sum(ops.square(palette), axis=-1), -2)  # [1, K] or [N, 1, K]
    distances = squares - 2 * products + lengths  # [N, P, K]
    return ops.mean(ops.relu(ops.min(distances, axis=-1) - SAME_COLOR))


def luminance_difference(output: Any, photo: Any) -> Any:
    """Scalar: how differently light and dark are placed in two batches [N, H, W, 3].

    Both are averaged over 4 x 4 pixels and scaled to the same mean and contrast first, so that the
    painting may be darker or flatter as a whole.
    """
    return mean_square(_standard_luma(output) - _standard_luma(photo))


def _standard_luma(pictures: Any) -> Any:
    luma = ops.sum(pictures * ops.convert_to_tensor(LUMA), axis=-1, keepdims=True)  # [N, H, W, 1]
    small = ops.average_pool(luma, LUMA_BLOCK, LUMA_BLOCK)  # [N, H/4, W/4, 1]
    mean, variance = ops.moments(small, axes=[1, 2], keepdims=True)
    return (small - mean) * ops.rsqrt(variance + 1e-4)
